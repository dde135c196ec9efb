"""`kalint show` says what keepalived 2.2.7 itself resolves: corners, random configurations, all examples.

    KALINT_REQUIRE_DAEMON=1 python -m pytest tests/daemon/test_show.py

Each configuration is given to the daemon in namespaces of its own, with the links that it names; every field of
`dump.Router` of every instance must be the same, and so must the sync groups. The real files of other people are in
test_show_corpus.py, which prints what it compared.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from comparison import differences, shown
from dump import ask, parse
from generator import generate
from harmless import interfaces, prepare

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.conf"))
HEAD = "global_defs {\n    enable_script_security\n    script_user root\n}\n"


def script(name: str, *more: str) -> str:
    """A vrrp_script that does nothing."""
    return "\n".join([f"vrrp_script {name} {{", "script /usr/bin/true", *more, "}"])


def instance(name: str, vrid: int, *more: str, address: str = "") -> str:
    """A vrrp_instance on eth0; its address is 10.0.VRID.9 where `address` is not given."""
    address = address or f"10.0.{vrid}.9/24"
    head = [f"vrrp_instance {name} {{", "interface eth0", f"virtual_router_id {vrid}"]
    return "\n".join([*head, *more, "virtual_ipaddress {", address, "}", "}"])


def tracks(kind: str, *lines: str) -> str:
    """A tracking block."""
    return "\n".join([f"track_{kind} {{", *lines, "}"])


def group(name: str, members: str, *more: str) -> str:
    """A vrrp_sync_group."""
    return "\n".join([f"vrrp_sync_group {name} {{", "group {", members, "}", *more, "}"])


THINGS = (
    script("s0"),
    script("s5", "weight 5"),
    script("s-5", "weight -5 reverse"),
    script("s300", "weight 300"),
    "track_file f1 {\nfile /run/f1\n}",
    "track_file f0 {\nfile /run/f0\nweight 0\n}",
    "vrrp_track_file f-7 {\nfile /run/f7\nweight -7 reverse\n}",
    "track_file f300 {\nfile /run/f300\nweight 300\n}",
    "vrrp_track_process p0 {\nprocess p0\n}",
    "vrrp_track_process p9 {\nprocess p9\nweight 9\n}",
    "bfd_instance b0 {\nneighbor_ip 10.0.0.2\nsource_ip 10.0.0.1\n}",
    "bfd_instance b6 {\nneighbor_ip 10.0.0.3\nsource_ip 10.0.0.1\nweight -6\n}",
)
EVERYTHING = (
    tracks("script", "s0", "s5", "s-5 weight 7", "s300"),
    tracks("interface", "eth1", "eth2 weight 8", "eth3 weight -8 reverse"),
    tracks("file", "f1", "f0", "f-7", "f300"),
    tracks("process", "p0", "p9"),
    tracks("bfd", "b0", "b6"),
)

CASES: dict[str, tuple[str, ...]] = {
    "nothing but what is needed": (instance("A", 1),),
    "priorities that are missing or wrong": (
        instance("A", 1, "state MASTER"),
        instance("B", 2, "state BACKUP"),
        instance("C", 3, "priority 0"),
        instance("D", 4, "priority 256", "state MASTER"),
        instance("E", 5, "priority abc"),
        instance("F", 6, "priority 120x"),
        instance("G", 7, "priority -5"),
        instance("H", 8, "priority 10", "priority 20"),
        instance("I", 9, "priority +30"),
        instance("J", 10, "priority 255", "state BACKUP"),
        instance("K", 11, "priority 010"),
    ),
    "states that are repeated or unknown": (
        instance("A", 1, "state MASTER", "state BACKUP"),
        instance("B", 2, "state MASTER", "state SLAVE"),
        instance("C", 3, "state backup"),
    ),
    "advert intervals of version 2": (
        instance("A", 1, "advert_int 2"),
        instance("B", 2, "advert_int 0.4"),
        instance("C", 3, "advert_int 1.5"),
        instance("D", 4, "advert_int 2.49"),
        instance("E", 5, "advert_int 0"),
        instance("F", 6, "advert_int 300"),
        instance("G", 7, "advert_int 254.9"),
        instance("H", 8, "advert_int abc"),
        instance("I", 9, "advert_int 3", "advert_int x"),
    ),
    "advert intervals of version 3": (
        "global_defs {\nvrrp_version 3\n}",
        instance("A", 1, "advert_int 2"),
        instance("B", 2, "advert_int 0.4"),
        instance("C", 3, "advert_int 1.234"),
        instance("D", 4, "advert_int 0.001"),
        instance("E", 5, "advert_int 40.96"),
        instance("F", 6, "advert_int 200"),
        instance("G", 7, "version 2", "advert_int 0.7"),
        instance("H", 8, "advert_int 0.016"),
    ),
    "authentication that counts and that does not": (
        instance("A", 1, "authentication {\nauth_type PASS\nauth_pass one\n}"),
        instance("B", 2, "authentication {\nauth_type AH\nauth_pass two\n}"),
        instance("C", 3, "authentication {\nauth_type PASS\n}"),
        instance("D", 4, "authentication {\nauth_pass four\n}"),
        instance("E", 5, "version 3", "authentication {\nauth_type PASS\nauth_pass five\n}"),
        instance("F", 6, "strict_mode", "authentication {\nauth_type PASS\nauth_pass six\n}"),
        instance("G", 7, "authentication {\nauth_type NONE\nauth_pass seven\n}"),
        instance("H", 8, "authentication {\nauth_type PASS\nauth_pass longer-than-eight\n}"),
        instance("I", 9, "authentication {\nauth_type AH\nauth_pass n\n}", "version 3", address="fe80::9"),
    ),
    "definitions that say nothing, or nothing but quotes": (
        "vrrp_script none {\nscript\nweight 1\n}",
        'vrrp_script empty {\nscript ""\nweight 2\n}',
        "track_file none {\nfile\nweight 3\n}",
        'track_file empty {\nfile ""\nweight 4\n}',
        'vrrp_track_process empty {\nprocess ""\nweight 5\n}',
        instance(
            "A", 1, tracks("script", "none", "empty"), tracks("file", "none", "empty"), tracks("process", "empty")
        ),
    ),
    "preemption": (
        instance("A", 1, "nopreempt"),
        instance("B", 2, "nopreempt", "preempt"),
        instance("C", 3, "preempt", "nopreempt"),
        instance("D", 4, "state MASTER", "priority 100", "nopreempt"),
        instance("E", 5, "priority 255", "nopreempt"),
        instance("F", 6, "preempt_delay 30"),
        instance("G", 7, "preempt_delay 1.5"),
        instance("H", 8, "nopreempt", "preempt_delay 30"),
        instance("I", 9, "state MASTER", "priority 100", "preempt_delay 30"),
        instance("J", 10, "preempt_delay 2000"),
        instance("K", 11, "strict_mode", "preempt_delay 30"),
        instance("L", 12, "preempt_delay 5", "preempt_delay 7"),
    ),
    "addresses that are dropped": (
        instance("A", 1, address="10.0.0.1\n10.0.0.2/24 dev eth1\n10.0.0.300/24\nfe80::1\n10.0.0.1\nx"),
        instance("B", 2, address="fe80::2/64\n10.0.0.2\n2001:DB8::1/64"),
        instance("C", 3, address="10.0.0.3/33\n10.0.0.4 brd -\n10.0.0.5/24 brd 10.0.0.300\n10.0.0.6 brd"),
        instance("D", 4, address="10.0.0.7 label a-label-that-is-too-long\n10.0.0.8 label eth0:8 scope nosuch"),
        instance("E", 5, address="10.0.0.9 dev eth1 dev eth2\n10.0.0.10 dev\n10.0.0.11 nonsense dev eth3"),
        instance("F", 6, address="10.0.0.12/24 peer 10.0.0.13/30\nfe80::5 brd 10.0.0.1\nfe80::6 label x"),
    ),
    "devices of addresses, routes and rules": (
        HEAD,
        instance("A", 1, address="10.0.0.1 dev eth1\n10.0.0.2 dev eth2 no_track\n10.0.0.3 dev eth0"),
        instance("B", 2, "virtual_ipaddress_excluded {\nfe80::1 dev eth3\n10.1.0.1 dev eth4\n}"),
        instance(
            "C",
            3,
            "virtual_routes {\n10.9.0.0/24 via 10.0.0.1 dev eth1\n10.8.0.0/24 dev eth2 no_track\n"
            "10.7.0.0/24 nexthop via 10.0.0.1 dev eth3 nexthop via 10.0.0.2 dev eth4\nblackhole 10.6.0.0/24\n}",
        ),
        instance(
            "D",
            4,
            "virtual_rules {\nfrom 10.0.0.0/8 iif eth1 oif eth2 lookup 100 priority 90\n"
            "to 10.0.0.0/8 dev eth3 lookup 100 no_track\n}",
        ),
        instance("E", 5, "dont_track_primary", address="10.0.0.4 dev eth0\n10.0.0.5 dev eth1"),
        instance("F", 6, "dont_track_primary", "virtual_routes {\n10.5.0.0/24 dev eth0\n}"),
        instance(
            "G",
            7,
            tracks("interface", "eth1 weight 10 reverse", "eth2 weight 0 reverse"),
            address="10.0.0.6 dev eth1\n10.0.0.7 dev eth2",
        ),
    ),
    "interfaces on the tracking lines": (
        instance("A", 1, tracks("interface", "eth0 weight 10", "eth1", "eth1 weight 5", "eth2 weight 254")),
        instance("B", 2, tracks("interface", "eth1 weight 300", "eth2 weight -254 reverse", "eth3 weight x")),
        instance("C", 3, tracks("interface", "eth1 wieght 10", "eth2 weight", "eth3 weight 5 revrese", "eth4 reverse")),
        instance(
            "D", 4, tracks("interface", "eth1 weight 5 noreverse", "eth2 weight 20x", "eth3 weight 5 reverse more")
        ),
    ),
    "scripts on the tracking lines": (
        HEAD,
        script("early", "weight 4"),
        script("s254", "weight -254"),
        *THINGS,
        instance("A", 1, tracks("script", "early", "late", "never", "early weight 3")),
        instance("B", 2, tracks("script", "early weight 254", "s254", "s300 weight 400", "s-5 weight 400")),
        instance("C", 3, tracks("script", "early weight", "s0 wieght 3", "s5 weight 3 revrese", "s-5 noreverse")),
        instance(
            "D", 4, tracks("script", "early weight 0", "s-5 weight 9 noreverse", "s5 weight abc", "s0 weight -3x")
        ),
        script("late"),
    ),
    "files, processes and bfds on the tracking lines": (
        HEAD,
        *THINGS,
        instance("A", 1, *EVERYTHING),
        instance(
            "B", 2, tracks("file", "f1 weight 254", "f0 weight 255", "f-7 weight -3 noreverse", "f300 weight 300")
        ),
        instance("C", 3, tracks("file", "f1 weight 2 revrese", "f0 wieght 2", "f-7 weight", "f300 weight 0")),
        instance("D", 4, tracks("process", "p0 weight 254", "p9 weight -255"), tracks("bfd", "b0 weight 253", "b6")),
        instance(
            "E", 5, tracks("process", "p0 weight 3 reverse", "p9 weight 4 revrese"), tracks("bfd", "b0 weight 254")
        ),
        instance("F", 6, tracks("bfd", "b0 weight 5 revrese", "b6 weight 7 reverse", "nosuch"), tracks("process", "x")),
    ),
    "weights that a sync group drops": (
        HEAD,
        *THINGS,
        group("G", "A\nB"),
        instance("A", 1, *EVERYTHING),
        instance("B", 2, tracks("script", "s5 weight 0", "s0 weight 3")),
    ),
    "weights that a sync group keeps": (
        HEAD,
        *THINGS,
        group("G", "A B", "sync_group_tracking_weight"),
        group("H", "C D", "global_tracking"),
        *(instance(name, vrid, *EVERYTHING) for vrid, name in enumerate("ABCD", 1)),
    ),
    "trackers of a sync group": (
        HEAD,
        *THINGS,
        group("G", "A\nB", *EVERYTHING),
        group("H", "C D", "sync_group_tracking_weight", tracks("script", "s5 weight 9", "s-5 weight 0")),
        instance("A", 1, *EVERYTHING),
        instance("B", 2),
        instance("C", 3, tracks("script", "s5 weight 1 reverse", "s-5")),
        instance("D", 4, tracks("script", "s5 weight 0")),
    ),
    "owners": (
        HEAD,
        *THINGS,
        group("G", "B C", tracks("script", "s5"), tracks("interface", "eth1 weight 4")),
        instance("A", 1, "priority 255", *EVERYTHING),
        instance("B", 2, "priority 255"),
        instance("C", 3, "priority 100", *EVERYTHING),
    ),
    "members of sync groups": (
        group("G", "A\nnosuch\nB"),
        group("H", "C"),
        group("I", "A D"),
        group("J", "nosuch"),
        group("G", "D"),
        *(instance(name, vrid) for vrid, name in enumerate("ABCD", 1)),
    ),
    "blocks and names that are repeated": (
        HEAD,
        script("s", "weight 1"),
        script("s", "weight 2"),
        "vrrp_script empty {\nweight 3\n}",
        script("empty", "weight 4"),
        "track_file f {\nfile /run/f\nweight 5\nweight 6\n}",
        instance("A", 1, tracks("script", "s"), tracks("script", "empty"), tracks("file", "f")),
        instance("A", 2, "priority 50"),
        "vrrp_instance A B {\ninterface eth0\n}",
        instance("B", 3, "interface eth1", "virtual_ipaddress {\n10.9.9.9\n}"),
    ),
    "definitions that say nothing": (
        HEAD,
        "vrrp_script s {\nweight 3\n}",
        "vrrp_track_process p {\nweight 3\n}",
        "bfd_instance b {\nsource_ip 10.0.0.1\n}",
        "bfd_instance c {\nneighbor_ip 10.0.0.2\nchecker\n}",
        "bfd_instance d {\nneighbor_ip 10.0.0.3\nchecker\nvrrp\n}",
        instance("A", 1, tracks("script", "s"), tracks("process", "p"), tracks("bfd", "b", "c", "d")),
    ),
    "unicast": (
        instance(
            "A", 1, "unicast_src_ip 10.0.0.1", "unicast_peer {\n10.0.0.2\n10.0.0.3 min_ttl 4\n10.0.0.300\nfe80::1\n}"
        ),
        instance("B", 2, "unicast_peer {\nfe80::2\n}", address="fe80::9\n10.0.0.9"),
        instance("C", 3, "unicast_src_ip 10.0.0.1"),
        instance("D", 4, "unicast_peer {\n10.0.0.4/24\nnosuch\n}"),
        instance("E", 5, "unicast_src_ip fe80::1", address="10.0.0.9\nfe80::8"),
    ),
    "families and versions": (
        "global_defs {\nvrrp_version 3\n}",
        instance("A", 1),
        instance("B", 2, "version 2"),
        instance("C", 3, "version 2", address="fe80::3"),
        instance("D", 4, "native_ipv6", address="fe80::4"),
        instance("E", 5, "version 4"),
        instance("F", 6, "mcast_src_ip fe80::6", address="10.0.0.6\nfe80::66"),
        instance("G", 7, "mcast_src_ip 10.0.0.7", address="fe80::7\n10.0.0.77"),
    ),
    "strict mode": (
        "global_defs {\nvrrp_strict\n}",
        instance("A", 1, "state MASTER", "priority 100"),
        instance("B", 2, "strict_mode off", "state MASTER", "preempt_delay 3", "nopreempt"),
        instance("C", 3, "priority 255", "state BACKUP"),
        instance("D", 4, "strict_mode maybe", "nopreempt"),
        instance("E", 5, "nopreempt", "preempt_delay 9"),
    ),
    "the default interface is not an instance's": (
        "global_defs {\ndefault_interface eth1\n}",
        instance("A", 1, tracks("interface", "eth1 weight 5")),
    ),
    "static entries of a track group": (
        "track_group T {\ngroup {\nA\nnosuch\n}\n}",
        "static_ipaddress {\n10.1.0.1/24 dev eth1 track_group T\n10.1.0.2/24 dev eth2\n}",
        "static_routes {\n10.2.0.0/24 dev eth3 track_group T\n10.3.0.0/24 dev eth4 no_track track_group T\n}",
        "static_rules {\nfrom 10.0.0.0/8 iif eth5 oif eth6 table 9 priority 9 track_group T\n}",
        instance("A", 1, tracks("interface", "eth1 weight 10 reverse")),
        instance("B", 2),
    ),
    "a file of several nodes with definitions": (
        "$VRID=7",
        "$BLOCK= \\\nvirtual_ipaddress { \\\n${NET}.1 dev eth1 \\\n}",
        "$NET=10.7.0",
        "vrrp_instance A {\n@node interface eth0\n@other interface eth1\n@^other priority 30\n@other priority 40",
        "virtual_router_id $VRID\n$BLOCK\n}",
        "~SEQ(I, 20, 22) vrrp_instance S$I { interface eth0\n",
    )[:5],
    "sequences": (
        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 9\nvirtual_ipaddress {",
        "~SEQ(I, 1, 4) 10.0.$I.1\n~LST(D, eth1, eth2) 10.1.0.1/24 dev $D",
        "}\n}",
    ),
    "more addresses than an advert holds": (
        instance("A", 1, address="~SEQ(I, 1, 2) ~SEQ(J, 1, 150) 10.1.${I}.${J}"),
        instance("B", 2, address="~SEQ(I, 1, 95) fe80::$I"),
    ),
    "odd ways to write": (
        'vrrp_instance "A b" { interface eth0 # a comment\n virtual_router_id 5 ! another\npriority 9!9',
        "virtual_ipaddress { 10.0.0.1 }\n}",
        "vrrp_instance C\n{\ninterface  \t eth0\nvirtual_router_id 6\r",
        'virtual_ipaddress\n{\n"10.0.0.2/24"   dev eth1\n}\n}',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_prepared_configuration(case: str, tmp_path: Path) -> None:
    """What keepalived resolves, in one corner."""
    file = tmp_path / "keepalived.conf"
    file.write_text("\n".join(CASES[case]) + "\n", newline="")
    daemon = parse(ask(tmp_path, interfaces(file) | {"eth0"}))
    assert daemon.routers
    assert list(differences(daemon, shown(file))) == []


@pytest.mark.parametrize("seed", range(10))
def test_random_configuration(seed: int, tmp_path: Path) -> None:
    """Trackers of all kinds with odd words and weights, in random groups (generator.py); the seed names the case."""
    case = generate(random.Random(seed), 15)
    source = tmp_path / "random.conf"
    source.write_text(case.config, encoding="utf-8")
    folder = tmp_path / "room"
    folder.mkdir()
    file = prepare(source, folder, case.config_id)
    daemon = parse(ask(folder, interfaces(file, case.config_id) | {"eth0"}, case.config_id))
    assert len(daemon.routers) == len(case.routers)
    assert list(differences(daemon, shown(file, case.config_id))) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_example(path: Path, tmp_path: Path) -> None:
    """Every configuration that the examples tell a story with."""
    file = prepare(path, tmp_path)
    daemon = parse(ask(tmp_path, interfaces(file) | {"eth0"}))
    assert daemon.routers
    assert list(differences(daemon, shown(file))) == []
