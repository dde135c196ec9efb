"""A misspelt statement, or one without its value, is one mistake: no other rule says that the statement is missing."""

from __future__ import annotations

from collections.abc import Callable

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
    assert finding.message == "unknown keyword 'virtual_router_ids': keepalived does not start VRRP without it"


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
