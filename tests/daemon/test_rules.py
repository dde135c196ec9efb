"""What the rules claim, keepalived does: the cases of tests/rules, given to the daemon.

The daemon itself complains of some mistakes; others it passes over in silence, and only its adverts tell.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from harness import ROOM, Lab, Router, controlled

CASES = Path(__file__).parents[1] / "rules"
LINKS = {"eth0": ["10.0.0.1/24"], "eth1": ["10.0.1.1/24"], "eth2": []}
FIRST = Router("eth0", "ipv4", 51)
SECOND = Router("eth1", "ipv4", 52)

COMPLAINTS = {
    "unbalanced-brace": r"Unexpected '\{'|Extra '\}'|missing '[{}]'|missing '\}'s|takes no|Unknown keyword",
    "unknown-keyword": r"Unknown keyword",
    "misplaced-keyword": r"Unknown keyword",
    "unterminated-quote": r"Unterminated quote",
    "invalid-value": r"missing a parameter|Route must have a destination",
    "duplicate-instance": r"already defined",
    "deprecated-keyword": r"deprecated",
    "non-comment": r"Unknown keyword",
    "undefined-tracked-thing": r"not found, ignoring",
    "tracked-before-definition": r"not found, ignoring",
    "sync-group-member-missing": r"doesn't exist - ignoring|Unknown keyword 'VI_1'",
    "instance-in-two-groups": r"cannot exist in more than one sync group",
    "tracked-twice": r"duplicate track_",
    "single-member-group": r"has only 1 virtual router",
    "tracking-line-dropped": r"unknown track script option",
    "vrid-missing-or-out-of-range": r"the virtual router id must be set",
    "vrid-duplicated": r"both use VRID|duplicate VRID",
    "address-invalid": r"parsed invalid IP",
    "mixed-families": r"address family must match",
    "label-too-long": r"longer than maximum length",
    "no-address": r"No VIP specified",
    "auth-pass-truncated": r"Truncating auth_pass",
    "auth-ignored": r"does not support authentication",
    "fractional-interval-v2": r"must be an integer. rounding",
    "unicast-without-peers": r"without (any )?unicast peers|Cannot use unicast without any peers",
    "ah-with-state-master": r"incompatible with AH",
    "ipv6-with-v2": r"conflicts with configured or deduced version",
    "script-security-missing": r"script_security not enabled",
    "rise-or-fall-useless": r"(rise|fall) value '.*' invalid, defaulting to 1",
    "definition-incomplete": r"No script set for vrrp_script",
    "nopreempt-with-255": r"nopreempt is incompatible with priority 255",
    "nopreempt-with-state-MASTER": r"nopreempt will not work with initial state MASTER - clearing",
    "own-interface-tracked": r"Ignoring track_interface eth0 since own interface",
    "preempt-delay-useless": r"preempt.delay (will not work|is incompatible)",
    "priority-out-of-range": r"Priority not valid! .* Using default 100",
    "sync-group-drops-weight": r"ignoring .*tracked (script|file) .* due to SYNC group",
    "unknown-state": r"unknown state '.*', defaulting to BACKUP",
    "weight-on-owner": r"due to address.owner|Cannot have weighted track script",
    "weight-out-of-range": r"[Ww]eight.* (must be|cannot be)",
    "bfd-without-neighbour": r"has no neighbor address set",
    "quorum-exceeds-weights": r"exceeds total weight",
    "virtual-server-without-real-servers": r"has no real servers - ignoring",
    "deprecated-retry": r"Unknown keyword 'nb_get_retry'",
    "checker-incomplete": r"no urls specified|url has no path|No script path has been specified",
    "duplicate-real-server": r"is duplicated - removing second rs",
    "real-server-port-differs": r"ports don't match|has port specified",
    "virtual-server-default": r"no protocol set|no scheduler set|no forwarding method",
    "virtual-server-setting-overridden": r"zero port only|protocol will be ignored|inhibit setting differs",
    "real-server-family": r"Address family of virtual server and real server",
    "ipv6-address-option": r"Cannot specify (scope|label) for IPv6",
    "rule-without-preference": r"Rule has no preference",
    "route-not-tracked": r"Route cannot be tracked if protocol",
    "device-is-own-vmac": r"interface \S+ (for .* )?doesn't exist",
    "vmac-setting-changed": r"requires vmac_xmit_base|is automatically set for vmacs|is already using",
}
"""What the daemon says of the bad cases of a rule, and of none of its good ones."""

OTHERWISE = {
    "device-is-own-vmac/bad-dynamic",  # it waits for the interface in silence
    "device-is-own-vmac/bad-unnamed",
    "invalid-value/bad-default",  # a value out of range has a message for each keyword
    "invalid-value/bad-alias",  # it ends for lack of the interface, and says so in other words
    "invalid-value/bad-arguments-without-quotes",  # it takes the word for a user, and complains of that
    "ipv6-address-option/good",  # it grumbles of `scope link`, which fe80::a has anyway
    "script-security-missing/good-behind-a-mark",  # KA019 says it, of the mark that hides the setting
    "quorum-exceeds-weights/bad-hysteresis",  # of a quorum that never returns it says nothing
    "virtual-server-without-real-servers/good-sorry",  # from 2.2.8 on it keeps such a virtual server
    "auth-pass-truncated/good",  # it truncates a password before it ignores it
    "definition-incomplete/good-other-nodes-in-definition",
    "vrid-duplicated/good-other-nodes",
    "script-security-missing/bad-checks",  # it has no such scripts either
    "definition-incomplete/good-other-nodes",  # whose config id it does not have
    "script-security-missing/bad-notify",  # it has no such script, so there is nothing that is insecure
    "unbalanced-brace/bad-missing",  # it takes the lines up to the next '}' for the block, in silence
    "unicast-without-peers/good-other-nodes",
    "vrid-missing-or-out-of-range/good-other-nodes",
    "own-interface-tracked/bad-group",  # it says that the interface is tracked twice
    "priority-out-of-range/good-undefined",  # undefined names have a rule of their own
    "unknown-state/good-undefined",
    "sync-group-drops-weight/good-both",  # it says that it drops the line, though the group has the same one
}
"""Cases of which the daemon says something else than the rule."""

WITHOUT = """vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    version 2
    authentication {
        auth_type PASS
        auth_pass k3y
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
"""
UNICAST = WITHOUT.replace(
    "    version", "    unicast_src_ip 10.0.0.1\n    unicast_peer {\n        10.0.0.2\n    }\n    version"
)
MISSPELT = {
    "interface": (WITHOUT, r"\(VI_1\) Unknown interface!"),
    "interface of unicast": (UNICAST, r"\(VI_1\) Unknown interface!"),
    "virtual_router_id": (WITHOUT, r"the virtual router id must be set"),
    "virtual_ipaddress": (WITHOUT, r"No VIP specified; at least one is sensible"),
    "virtual_ipaddress of version 3": (WITHOUT.replace("n 2", "n 3"), r"No VIP specified; at least one is required"),
    "auth_pass": (WITHOUT, r"Authentication specified but no password given. Ignoring"),
    "unicast_peer": (UNICAST, r"without any unicast peers. Defaulting to multicast"),
    "vrrp_instance": (WITHOUT, r"Unknown keyword 'vrrp_instancez'"),
}
"""Statements that a file needs, a file, and what the daemon says where the keyword has a letter too many."""


class Step(NamedTuple):
    """Some states, and what each router then advertises; one that is missing is silent."""

    states: dict[str, int | str | None]
    adverts: dict[Router, int]


SILENCE = {
    "address-device-cancels-weight/bad": [Step({}, {FIRST: 110}), Step({"interface:eth1": "down"}, {})],
    "bfd-without-neighbour/bad-tracked": [Step({}, {FIRST: 80})],
    "dead-tracker/bad": [Step({"script:chk": "ok"}, {FIRST: 254}), Step({"script:chk": "ko"}, {FIRST: 254})],
    "dead-tracker/bad-always-fault": [Step({}, {}), Step({"interface:eth2": "down"}, {})],
    "dead-tracker/bad-group-drops": [Step({"script:chk": "ko"}, {FIRST: 80, SECOND: 80})],
    "dead-tracker/bad-group-wins": [Step({"script:chk": "ko"}, {FIRST: 80, SECOND: 80})],
    "dead-tracker/bad-instance-wins": [Step({}, {FIRST: 110, SECOND: 110}), Step({"interface:eth2": "down"}, {})],
    "file-value-can-fault/bad-edge": [Step({"file:load": 1}, {FIRST: 1}), Step({"file:load": 2}, {})],
    "file-value-can-fault/bad": [Step({"file:load": 4}, {FIRST: 1}), Step({"file:load": 5}, {})],
    "implicit-owner/bad": [Step({"script:chk": "ko"}, {FIRST: 255})],
    "saturates/bad-high": [
        Step({"script:web": "ok", "script:db": "ok"}, {FIRST: 254}),
        Step({"script:web": "ko", "script:db": "ok"}, {FIRST: 254}),
        Step({"script:web": "ko", "script:db": "ko"}, {FIRST: 215}),
    ],
    "script-faults-instance-and-group/bad": [Step({"script:chk": "ok"}, {})],
    "script-faults-instance-and-group/good": [Step({"script:chk": "ok"}, {FIRST: 110, SECOND: 110})],
    "sync-group-drops-weight/bad": [Step({"script:chk": "ko"}, {FIRST: 110, SECOND: 110})],
    "sync-group-drops-weight/bad-file": [
        Step({"file:flag": 0}, {FIRST: 110, SECOND: 110}),
        Step({"file:flag": -20}, {}),
    ],
    "sync-group-drops-weight/good-interface": [Step({"interface:eth2": "down"}, {FIRST: 90, SECOND: 90})],
    "unknown-keyword/bad-priority": [Step({}, {FIRST: 100})],
    "weight-zero-override/bad": [Step({"script:chk": "ok"}, {FIRST: 110}), Step({"script:chk": "ko"}, {})],
    "weights-cancel/bad": [
        Step({"script:dump_running": "ok", "script:web": "ok"}, {FIRST: 100}),
        Step({"script:dump_running": "ko", "script:web": "ko"}, {FIRST: 100}),
        Step({"script:dump_running": "ok", "script:web": "ko"}, {FIRST: 80}),
    ],
}
"""Cases that the daemon takes without a word, and what it then does."""


def cases_of(rule: str, kind: str) -> list[Path]:
    """The cases for the daemon's release: those that name no release."""
    found = sorted((CASES / rule).glob(f"{kind}*.conf"))
    return [case for case in found if "keepalived-version" not in case.read_text() and _key(case) not in OTHERWISE]


def _key(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


@pytest.fixture(scope="module")
def complaint() -> Iterator[Callable[[str], str]]:
    """What `keepalived -t` says of a configuration."""
    with Lab(LINKS) as lab:
        lab.set({"script:chk": "ok"})

        def ask(text: str) -> str:
            lab.node.path(f"{ROOM}/keepalived.conf").write_text(controlled(text))
            command = ["timeout", "20", "keepalived", "-t", "-l", "-f", f"{ROOM}/keepalived.conf"]
            done = subprocess.run(lab.node.enter(*command), capture_output=True, text=True, timeout=60)
            return done.stdout + done.stderr

        yield ask


@pytest.mark.parametrize("rule", COMPLAINTS)
def test_the_daemon_complains_of_what_a_rule_finds(rule: str, complaint: Callable[[str], str]) -> None:
    """Of each bad case keepalived says the same as the rule, and of no good one."""
    said = {_key(case): complaint(case.read_text()) for case in (*cases_of(rule, "bad"), *cases_of(rule, "good"))}
    found = {key for key, text in said.items() if re.search(COMPLAINTS[rule], text)}
    assert found == {_key(case) for case in cases_of(rule, "bad")}


@pytest.mark.parametrize("what", MISSPELT)
def test_the_daemon_lacks_what_is_misspelt(what: str, complaint: Callable[[str], str]) -> None:
    """It says what the finding says that the statement costs, and without the mistake nothing of it."""
    text, said = MISSPELT[what]
    keyword = what.partition(" ")[0]
    assert re.search(said, complaint(text.replace(keyword, f"{keyword}z", 1)))
    assert not re.search(said, complaint(text))


def play(key: str) -> list[dict[Router, int]]:
    """Run a case through its steps; what is advertised after each."""
    heard = []
    with Lab(LINKS) as lab:
        lab.set(SILENCE[key][0].states)
        with lab.start(controlled((CASES / f"{key}.conf").read_text())) as daemon:
            for at, step in enumerate(SILENCE[key]):
                if at:
                    lab.set(step.states)
                for _ in range(4):
                    found = daemon.priorities(settle=5.0, listen=1.3)
                    if found == step.adverts:
                        break
                heard.append(found)
    return heard


@pytest.fixture(scope="module")
def played() -> Iterator[dict[str, Future[list[dict[Router, int]]]]]:
    """All cases at once; a daemon mostly waits."""
    with ThreadPoolExecutor(6) as pool:
        yield {key: pool.submit(play, key) for key in SILENCE}


@pytest.mark.parametrize("key", SILENCE)
def test_the_daemon_does_what_a_rule_claims(key: str, played: dict[str, Future[list[dict[Router, int]]]]) -> None:
    """The priorities on the wire, or the silence, are those that the finding speaks of."""
    assert played[key].result() == [step.adverts for step in SILENCE[key]]
