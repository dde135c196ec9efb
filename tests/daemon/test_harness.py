"""The lab itself: hand-written expectations (what the sources and eleven daemons say) against the wire."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness import Lab, Router, controlled

HEAD = """global_defs {
 vrrp_version 3
 script_user root
}
vrrp_script chk {
 script "/bin/false"
 interval 1
}
track_file load {
 file /etc/load
}
vrrp_track_process work {
 process work
}
bfd_instance peer {
 neighbor_ip 10.9.0.2
 source_ip 10.9.0.1
}
"""
TRACKED = {
    1: "track_script {\n chk weight 10\n }",
    2: "track_script {\n chk weight -10\n }",
    3: "track_script {\n chk\n }",
    4: "track_interface {\n eth1 weight -20\n }",
    5: "track_interface {\n eth1\n }",
    6: "track_file {\n load weight 2\n }",
    7: "track_process {\n work weight -7\n }",
    8: "track_bfd {\n peer weight -3\n }",
}


def instance(vrid: int, tracking: str, priority: int = 100) -> str:
    """A version 3 instance that becomes master within half a second."""
    return (
        f"vrrp_instance V{vrid} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n advert_int 0.1\n"
        f" virtual_ipaddress {{\n 10.9.1.{vrid}\n }}\n {tracking}\n}}\n"
    )


def test_a_state_that_is_set_is_what_the_wire_shows(make_lab: Callable[..., Lab]) -> None:
    """Base 100: weights 10, -10 and 0 of a script, -20 and 0 of an interface, a file's 2, all in both states."""
    lab = make_lab({"eth0": ["10.9.0.1/24"], "eth1": []})
    lab.set({"script:chk": "ok", "file:load": 3, "bfd:peer": "down"})
    config = controlled(HEAD + "".join(instance(vrid, tracking) for vrid, tracking in TRACKED.items()))
    expected = {
        "all good": {1: 110, 2: 100, 3: 100, 4: 100, 5: 100, 6: 106, 7: 93, 8: 97},
        "script failed": {1: 100, 2: 90, 4: 100, 5: 100, 6: 106, 7: 93, 8: 97},
        "link down, file -5": {1: 100, 2: 90, 4: 80, 6: 90, 7: 93, 8: 97},
        "file faults, the rest returned": {1: 110, 2: 100, 3: 100, 4: 100, 5: 100, 7: 93, 8: 97},
        "own interface down": {},
        "everything back": {1: 110, 2: 100, 3: 100, 4: 100, 5: 100, 6: 100, 7: 93, 8: 97},
    }
    states: list[dict[str, int | str | None]] = [
        {},
        {"script:chk": "ko"},
        {"interface:eth1": "down", "file:load": -5},
        {"script:chk": "ok", "interface:eth1": "up", "file:load": -127},
        {"interface:eth0": "down"},
        {"interface:eth0": "up", "file:load": None},
    ]
    seen = {}
    with lab.start(config) as daemon:
        for name, change in zip(expected, states, strict=True):
            lab.set(change)
            seen[name] = {vrid: priority for (_, _, vrid), priority in daemon.priorities(settle=1.6).items()}
    assert expected == seen


def test_the_dump_is_complete(make_lab: Callable[..., Lab]) -> None:
    """What the daemon prints at start has every instance with its trackers, to the last interface."""
    lab = make_lab({"eth0": ["10.9.0.1/24"], "eth1": []})
    dump = lab.dump(controlled(HEAD + "".join(instance(vrid, tracking) for vrid, tracking in TRACKED.items())))
    assert [f"VRRP Instance = V{vrid}" in dump for vrid in TRACKED] == [True] * len(TRACKED)
    assert " eth1 weight -20\n" in dump
    assert dump.index("Interfaces >---") < dump.index("Name = eth1")


@pytest.mark.parametrize(
    ("family", "address", "virtual"), [("ipv4", "10.9.0.1/24", "10.9.1.1"), ("ipv6", "fd00:9::1/64", "fe80::9:1")]
)
def test_both_families_are_heard(make_lab: Callable[..., Lab], family: str, address: str, virtual: str) -> None:
    """An advert over IPv6 is as good as one over IPv4."""
    lab = make_lab({"eth0": [address]})
    with lab.start(HEAD[: HEAD.index("vrrp_script")] + instance(9, "").replace("10.9.1.9", virtual)) as daemon:
        heard: dict[Router, int] = {}
        for _ in range(8):  # over IPv6 the kernel looks for duplicates of the link's address first
            if not heard:
                heard = daemon.priorities(settle=1.0)
        assert {("eth0", family, 9): 100} == heard


def test_unicast_is_heard(make_lab: Callable[..., Lab]) -> None:
    """Adverts to a unicast peer arrive when the far end has its address."""
    lab = make_lab({"eth0": ["10.9.0.1/24"]}, {"eth0": ["10.9.0.2/24"]})
    peers = "unicast_src_ip 10.9.0.1\n unicast_peer {\n 10.9.0.2\n }"
    with lab.start(HEAD[: HEAD.index("vrrp_script")] + instance(7, peers, priority=120)) as daemon:
        assert daemon.priorities() == {("eth0", "ipv4", 7): 120}
