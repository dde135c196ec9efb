"""A misspelt statement, or one without its value, is one mistake: no other rule says that the statement is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.findings.diagnostic import Diagnostic

INSTANCE = """vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 117
    virtual_ipaddress {
        10.0.0.9/24
    }
}
"""
SECURITY = "global_defs {\n    enable_script_security\n    script_user root\n}\n"
SCRIPT = SECURITY + "vrrp_script chk {\n    script /usr/bin/check\n    weight -20\n}\n"
TRACKED = INSTANCE.replace("    virtual_ip", "    track_script {\n        chk\n    }\n    virtual_ip", 1)
AUTHENTICATION = "    authentication {\n        auth_type PASS\n        auth_pass k3y\n    }\n    virtual_ip"
AUTHENTICATED = INSTANCE.replace("    virtual_ip", AUTHENTICATION, 1)
UNICAST = "    unicast_src_ip 10.0.0.1\n    unicast_peer {\n        10.0.0.2\n    }\n    virtual_ip"
UNICASTING = INSTANCE.replace("    virtual_ip", UNICAST, 1)
PEERS_LAST = INSTANCE.replace("    }\n}", "    }\n    unicast_peer {\n        10.0.0.2\n    }\n}", 1)
TRACKING = INSTANCE.replace("    }\n}", "    }\n    track_script {\n        chk\n    }\n}", 1)
GROUP = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"
OTHER = INSTANCE.replace("VI_1", "VI_2").replace("117", "118").replace(".9", ".10")
SERVER = (
    "virtual_server 10.0.0.9 80 {\n    delay_loop 6\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
    "    real_server 10.0.0.3 80 {\n        TCP_CHECK {\n        }\n    }\n}\n"
)


@pytest.mark.parametrize(
    ("text", "right", "wrong", "code"),
    [
        (INSTANCE, "virtual_router_id", "virtual_router_ids", "KA002"),
        (INSTANCE, "virtual_router_id 117", "virtual_router_id", "KA008"),
        (INSTANCE, "virtual_router_id 117", "virtual_router_id\u00a0117", "KA019"),
        (INSTANCE, "virtual_router_id 117", "virtual_router_id #{id}", "KA008"),
        (INSTANCE, "interface", "inteface", "KA002"),
        (INSTANCE, "interface", "interfaces", "KA003"),
        (INSTANCE, "interface eth0", "interface", "KA008"),
        (INSTANCE, "virtual_ipaddress", "virtual_ipadress", "KA002"),
        (AUTHENTICATED, "auth_type", "auth_typ", "KA002"),
        (AUTHENTICATED, "auth_pass k3y", "auth_pass", "KA008"),
        (AUTHENTICATED, "auth_type PASS", "auth_type", "KA008"),
        (INSTANCE.replace("    virtual_ip", UNICAST, 1), "unicast_peer", "unicast_peers", "KA002"),
        (INSTANCE.replace("    virtual_ip", UNICAST, 1), "_ip 10.0.0.1", "_ip", "KA008"),
        (GROUP + INSTANCE + OTHER, "group {", "groups {", "KA002"),
        (GROUP + INSTANCE + OTHER, "vrrp_instance", "vrrp_instanse", "KA002"),
        (SCRIPT + TRACKED, "    script ", "    scripts ", "KA002"),
        (SCRIPT + TRACKED, "enable_script_security", "enable_script_securty", "KA002"),
        (SERVER, "real_server", "realserver", "KA002"),
        (INSTANCE, "{\n    interface", "\uff5b\n    interface", "KA019"),
    ],
)
def test_one_wrong_word_is_one_finding(
    text: str, right: str, wrong: str, code: str, check: Callable[..., list[Diagnostic]]
) -> None:
    """Without the mistake there is no error and no warning; with it there is one."""
    assert [each for each in check("page.conf", text.encode()) if each.severity != "info"] == []
    assert right in text
    found = check("page.conf", text.replace(right, wrong, 1).encode())
    assert [each.code for each in found if each.severity != "info"] == [code]


def test_what_a_misspelt_id_costs_is_said(check: Callable[..., list[Diagnostic]]) -> None:
    """The daemon (2.2.7): "(VI_1) the virtual router id must be set", and it ends."""
    wrong = INSTANCE.replace("virtual_router_id", "virtual_router_ids")
    (finding,) = check("page.conf", wrong.encode())
    assert finding.message.endswith(": keepalived does not start VRRP without virtual_router_id")


STATEMENTS = INSTANCE.replace(
    "    virtual_ip",
    "    state BACKUP\n    priority 150\n    advert_int 2\n    nopreempt\n    version 2\n    virtual_ip",
    1,
)
IGNORED = "keepalived ignores it, so "


@pytest.mark.parametrize(
    ("text", "right", "wrong", "cost"),
    [
        (STATEMENTS, "priority", "priorty", "VI_1 has the default priority of 100"),
        (STATEMENTS, "priority", "PRIORITY", "VI_1 has the default priority of 100"),
        (STATEMENTS, "priority 150", "priority=150", "VI_1 has the default priority of 100"),
        (STATEMENTS, "state", "stat", "VI_1 starts as BACKUP"),
        (STATEMENTS, "advert_int", "advert_itn", "VI_1 sends adverts every 1 s"),
        (STATEMENTS, "nopreempt", "nopremt", "VI_1 takes over from a master of lower priority"),
        (INSTANCE, "virtual_ipaddress", "virtual_ipadress", "VI_1 has no virtual address"),
        (INSTANCE, "vrrp_instance", "vrrp_instanse", "there is no vrrp_instance VI_1"),
        (AUTHENTICATED, "auth_type", "auth_typ", "the adverts of VI_1 have no authentication"),
        (AUTHENTICATED, "auth_pass", "auth_pas", "the adverts of VI_1 have no authentication"),
        (PEERS_LAST, "unicast_peer", "unicast_peers", "VI_1 uses multicast"),
        (SCRIPT + TRACKING, "track_script", "track_scripts", "VI_1 tracks none of these scripts"),
        (SCRIPT + TRACKED, "weight", "wieght", "vrrp_script chk has weight 0"),
        (SCRIPT + TRACKED, "    script ", "    scirpt ", "there is no vrrp_script chk"),
    ],
)
def test_what_a_block_is_without_the_statement_is_said(
    text: str, right: str, wrong: str, cost: str, check: Callable[..., list[Diagnostic]]
) -> None:
    """The value that counts instead, or what does not happen: what the daemon (2.2.7) does is in tests/daemon."""
    assert right in text
    found = check("page.conf", b"! keepalived-version: 2.2.7\n" + text.replace(right, wrong, 1).encode())
    assert [each.message.partition(": ")[2] for each in found if each.severity != "info"] == [IGNORED + cost]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (INSTANCE, "interface", "inteface"),
        (INSTANCE, "interface", "interfaces"),
        (INSTANCE, "interface", "INTERFACE"),
        (STATEMENTS.replace("version 2", "version 3"), "virtual_ipaddress", "virtual_ipadress"),
        (INSTANCE + "global_defs {\n    vrrp_strict\n}\n", "virtual_ipaddress", "virtual_ipadress"),
        (INSTANCE.replace("\n}\n", "\n    priority 150\n}\n").replace("id 117", "id 117\n    version 3"), "pad", "pd"),
    ],
)
def test_what_keeps_vrrp_from_starting_is_said(
    text: str, right: str, wrong: str, check: Callable[..., list[Diagnostic]]
) -> None:
    """It is worse than the lines that a misspelt block costs, so it is said in their place."""
    meant = "interface" if right == "interface" else "virtual_ipaddress"
    found = check("page.conf", text.replace(right, wrong, 1).encode())
    costs = [each.message.partition(": ")[2] for each in found if each.severity == "error"]
    assert costs == [f"keepalived does not start VRRP without {meant}"]


@pytest.mark.parametrize(
    ("release", "text", "cost"),
    [
        ("1.2.13", STATEMENTS.replace("priority", "priorty"), "this release computes the priority of VI_1 from 0"),
        (
            "2.2.7",
            STATEMENTS.replace("priority", "priorty").replace("BACKUP\n", "MASTER\n").replace("    nopreempt\n", ""),
            "VI_1 is the address owner with priority 255 (state MASTER)",
        ),
        ("2.0.20", UNICASTING.replace("interface", "inteface"), ""),
        ("2.1.5", UNICASTING.replace("interface", "inteface"), "addresses of VI_1 without dev have no interface"),
        ("2.2.7", UNICASTING.replace("interface", "inteface"), ""),
        ("2.4.3", UNICASTING.replace("interface", "inteface"), "addresses of VI_1 without dev have no interface"),
        (
            "2.4.3",
            UNICASTING.replace("interface", "inteface").replace("9/24", "9/24 dev eth1"),
            "VI_1 tracks no interface of its own",
        ),
        ("2.4.3", UNICASTING.replace("interface", "inteface").replace("    unicast_src_ip 10.0.0.1\n", ""), ""),
    ],
)
def test_what_it_costs_differs_by_release(
    release: str, text: str, cost: str, check: Callable[..., list[Diagnostic]]
) -> None:
    """`priority` and, with unicast, `interface`: "" where VRRP does not start."""
    found = check("page.conf", f"! keepalived-version: {release}\n{text}".encode())
    costs = [each.message.partition(": ")[2] for each in found if each.code == "KA002"]
    assert costs == [IGNORED + cost if cost else "keepalived does not start VRRP without interface"]


def test_a_statement_that_is_there_twice_costs_nothing(check: Callable[..., list[Diagnostic]]) -> None:
    """`priority 150` counts, whatever a misspelt line says."""
    text = STATEMENTS.replace("    priority", "    priorty 140\n    priority")
    assert [each.message for each in check("page.conf", text.encode()) if each.code == "KA002"] == [
        "unknown keyword 'priorty': keepalived reports it and ignores it"
    ]


def test_the_instance_of_an_included_or_defined_line_is_named(
    tmp_path: Path, check: Callable[..., list[Diagnostic]]
) -> None:
    """Of two instances the one that reads the line, and no other rule misses what is misspelt there."""
    (tmp_path / "common.inc").write_text("authentication {\n    auth_typ PASS\n    auth_pass k3y\n}\n")
    main = tmp_path / "keepalived.conf"
    defined = "$BODY=\\\n    priorty 150 \\\n    nopreempt\n"
    main.write_text(
        defined
        + INSTANCE.replace("    virtual_ip", "    include common.inc\n    virtual_ip", 1)
        + OTHER.replace("    virtual_ip", "    $BODY\n    virtual_ip", 1)
    )
    found = {each.message.partition(": ")[2] for each in check(main) if each.severity != "info"}
    assert found == {
        IGNORED + "VI_2 has the default priority of 100",
        IGNORED + "the adverts of VI_1 have no authentication",
    }


def test_a_rule_that_is_dropped_lacks_no_preference(check: Callable[..., list[Diagnostic]]) -> None:
    """The daemon (2.2.7): "Unknown rule option frm"."""
    rules = "    virtual_rules {\n        frm 10.2.0.0/24 table 5\n    }\n    virtual_ip"
    found = check("page.conf", INSTANCE.replace("    virtual_ip", rules, 1).encode())
    assert [(each.code, each.span.line) for each in found] == [("KA008", 5)]


@pytest.mark.parametrize(
    "left_out",
    ["        auth_pass k3y\n    }\n", "        10.0.0.9/24\n    }\n"],
    ids=["authentication", "virtual_ipaddress"],
)
def test_a_brace_that_is_missing_is_one_finding(left_out: str, check: Callable[..., list[Diagnostic]]) -> None:
    """What stands in a block that is never closed is told by that, and not line by line."""
    text = AUTHENTICATED.replace("    }\n}\n", "    }\n    track_interface {\n        eth1\n    }\n    nopreempt\n}\n")
    found = check("page.conf", text.replace(left_out, left_out.replace("    }\n", "")).encode())
    assert [each.code for each in found if each.severity != "info"] == ["KA001"]
