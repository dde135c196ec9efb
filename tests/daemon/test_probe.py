"""`kalint probe` beside two real daemons: what it says of them while nothing is down, and of each failure.

One lab for all, since most of its time is waiting: two nodes with eight virtual routers of every kind, and a bridge on
which the probe listens as a third party.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cluster_lab import ClusterLab, script
from harness import ROOM
from probing import Probe

A, B = "10.9.0.1", "10.9.0.2"
A6, B6 = "fe80::a", "fe80::b"
UA6, UB6 = "fd00:9::1", "fd00:9::2"
FAST = 0.3
"""Seconds between the adverts of version 3; those of version 2 are whole ones."""
SCRIPT_HEARD = 2.2
"""Seconds until a script that runs each second has been heard on the wire, at either version."""

FOREIGN = """
from scapy.all import Ether, IP, sendp
from scapy.layers.vrrp import VRRPv3
stranger = {"src": "10.9.0.66", "dst": "224.0.0.18", "ttl": 255, "proto": 112}
for vrid in (54, 77):
    advert = VRRPv3(vrid=vrid, priority=10, addrlist=["10.9.66.1"], adv=30)
    sendp(Ether(src="02:00:00:00:00:66", dst="01:00:5e:00:00:12") / IP(**stranger) / advert, iface="br0",
          count=4, inter=0.3, verbose=False)
"""
"""What a test sends on its own bridge; the probe itself never sends."""


def node(priority: int, sources: tuple[str, str, str], peers: tuple[str, str, str], weight: int) -> str:
    """A node's configuration: routers of every kind, all of which track one script."""
    source, _, unicast6 = sources
    peer, _, peer6 = peers
    kinds = {
        51: ("10.9.1.51", "version 2"),
        52: ("10.9.1.52", "version 2", "authentication {\n auth_type PASS\n auth_pass s3cretword\n }"),
        53: ("10.9.1.53", "version 2", "authentication {\n auth_type AH\n auth_pass s3cretword\n }"),
        54: ("10.9.1.54", "version 3", f"advert_int {FAST}", "track_interface {\n eth1 weight -20\n }"),
        55: ("fe80::9:55", "version 3", f"advert_int {FAST}"),
        56: ("10.9.1.56", "version 3", f"advert_int {FAST}", _unicast(source, peer)),
        57: ("fd00:9::57", "version 3", f"advert_int {FAST}", _unicast(unicast6, peer6)),
        58: ("10.9.1.58", "version 2", _unicast(source, peer)),
    }
    blocks = [
        f"vrrp_instance V{vrid} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n"
        + "".join(f" {line}\n" for line in lines)
        + f" track_script {{\n chk weight {weight}\n }}\n virtual_ipaddress {{\n {address}\n }}\n}}\n"
        for vrid, (address, *lines) in kinds.items()
    ]
    return "global_defs {\n script_user root\n vrrp_priority -20\n}\n" + script("chk") + "".join(blocks)


def _unicast(source: str, peer: str) -> str:
    return f"unicast_src_ip {source}\n unicast_peer {{\n {peer}\n }}"


SIDES = (A, A6, UA6), (B, B6, UB6)


class Bench(NamedTuple):
    """The lab, and the files that the probe is given."""

    lab: ClusterLab
    folder: Path

    def files(self, weight: int = -20) -> list[str]:
        """Both nodes' files, with the weight that they run with or another."""
        arguments = []
        for name, priority, sources, peers in (("a", 150, *SIDES), ("b", 100, *SIDES[::-1])):
            file = self.folder / f"{name}{weight}.conf"
            file.write_text(node(priority, sources, peers, weight))
            arguments += ["--config", f"{name}={file}"]
        return arguments

    def probe(self, *arguments: str) -> Probe:
        """Listen on the bridge, to which unicast adverts come only where it asks for all frames."""
        return Probe(self.lab.bridge, "br0", "--promiscuous", "--keepalived-version", "2.2.7", *arguments)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Two nodes, both running, with a as the master of everything."""
    addresses = {"a": [f"{A}/24", f"{A6}/64", f"{UA6}/64"], "b": [f"{B}/24", f"{B6}/64", f"{UB6}/64"]}
    with ClusterLab(addresses) as lab:
        folder = tmp_path_factory.mktemp("probe")
        for name, priority, sources, peers in (("a", 150, *SIDES), ("b", 100, *SIDES[::-1])):
            lab.set(name, {"script:chk": "ok"})
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("TMPDIR", ROOM)  # where keepalived writes its JSON
                lab.start(name, node(priority, sources, peers, -20))
        time.sleep(5)
        yield Bench(lab, folder)


def test_everything_is_as_predicted(bench: Bench) -> None:
    """Versions 2 and 3, IPv4 and IPv6, multicast and unicast, PASS and AH: all routers match, exit code 0."""
    run = bench.probe(*bench.files(), "--duration", "2.5").end()
    assert (run.status, run.codes, run.error) == (0, set(), "")
    assert {each["virtual_router_id"]: each["verdict"] for each in run.report["routers"]} == dict.fromkeys(
        range(51, 59), "match"
    )
    said = {each["virtual_router_id"]: each["sources"][0] for each in run.report["routers"]}
    assert {vrid: (source["node"], source["priorities"][0]["explanations"]) for vrid, source in said.items()} == (
        dict.fromkeys(range(51, 59), ("a", [{}]))
    )
    assert {vrid: (source["vrrp_version"], source["auth"]) for vrid, source in said.items()} == {
        51: (2, "none"), 52: (2, "pass"), 53: (2, "ah"), 54: (3, "none"), 55: (3, "none"), 56: (3, "none"),
        57: (3, "none"), 58: (2, "none"),
    }  # fmt: skip
    assert "s3cretword" not in json.dumps(run.report)


def test_a_failing_script_is_explained_and_another_weight_is_not_predicted(bench: Bench) -> None:
    """KA911 with the script and exit code 0; KA903 and exit code 1 with a file that has another weight.

    On the node itself its interface, which is up, is no explanation; nor is it with keepalived's own JSON.
    """
    bench.lab.set("a", {"script:chk": "ko"})
    time.sleep(SCRIPT_HEARD)
    pid = bench.lab.nodes["a"].path(f"{ROOM}/k.pid").read_text()
    number = subprocess.run(["keepalived", "--signum=JSON"], capture_output=True, text=True, check=True).stdout
    os.kill(int(pid), int(number))
    time.sleep(0.3)
    dump = bench.folder / "keepalived.json"
    dump.write_bytes(bench.lab.nodes["a"].path(f"{ROOM}/keepalived.json").read_bytes())
    right = bench.probe(*bench.files(), "--duration", "2.5")
    told = bench.probe(*bench.files(), "--duration", "2.5", "--state-from", f"a={dump}")
    wrong = bench.probe(*bench.files(-35), "--duration", "2.5")
    here = Probe(bench.lab.nodes["a"], "eth0", "--keepalived-version", "2.2.7", *bench.files(), "--duration", "2.5")
    explained, narrowed, contradicted, local = (each.end() for each in (right, told, wrong, here))
    assert (explained.status, explained.codes) == (0, {"KA911"})
    chk = {"script:chk": "ko"}
    assert explained.router(51)["sources"][0]["priorities"][0]["explanations"] == [chk]
    assert explained.router(54)["sources"][0]["priorities"][0]["explanations"] == [chk]  # not eth1: the others say so
    assert explained.report["known"] == {}
    assert (narrowed.status, narrowed.codes) == (0, {"KA911"})
    assert narrowed.report["known"]["a"]["script:chk"] == "ko"
    assert narrowed.router(54)["sources"][0]["priorities"][0]["explanations"] == [chk]
    assert (local.status, local.codes) == (0, {"KA911"})
    assert local.router(54)["sources"][0]["priorities"][0]["explanations"] == [chk]
    assert contradicted.status == 1
    assert {each["virtual_router_id"] for each in contradicted.report["routers"] if each["verdict"] == "mismatch"} == (
        set(range(51, 59)) - {54}  # there eth1 down would explain 130 too
    )
    assert "advertises 130" in contradicted.messages("KA903")[0]
    assert "115 (script chk ko)" in contradicted.messages("KA903")[0]
    bench.lab.set("a", {"script:chk": "ok"})
    time.sleep(SCRIPT_HEARD)


def test_a_cut_link_makes_two_masters_until_it_is_healed(bench: Bench) -> None:
    """KA901 with the nodes and the time, and exit code 1; a SIGTERM ends the probe with the report so far."""
    probe = bench.probe(*bench.files(), "--duration", "60").listening()
    cut = time.time()
    _isolate(bench.lab, "on")
    time.sleep(3)
    healed = time.time()
    _isolate(bench.lab, "off")
    time.sleep(2)
    run = probe.stop()
    assert run.status == 1
    assert "KA901" in run.codes
    for vrid, family in ((54, "ipv4"), (55, "ipv6")):
        (two,) = run.router(vrid, family)["two_masters"]
        began = run.report["began"]
        assert set(two["nodes"]) == {"a", "b"}
        assert cut + 2 * FAST < began + two["from"] < cut + 6 * FAST  # the master down interval is 3.6 intervals
        assert healed - 3 * FAST < began + two["to"] < healed + 4 * FAST
        assert not two["going_on"]
        assert run.router(vrid, family)["masters"][-1]["node"] in ("a", "b")


def _isolate(lab: ClusterLab, state: str) -> None:
    """Keep the nodes from hearing each other; the bridge itself hears both."""
    lab.bridge.ip([f"link set {name}-eth0 type bridge_slave isolated {state}" for name in lab.nodes])


def test_a_stranger_is_found(bench: Bench) -> None:
    """KA902 for a foreign source of a VRID of ours and for a foreign VRID, and exit code 1."""
    probe = bench.probe(*bench.files(), "--duration", "60").listening()
    bench.lab.bridge.run(sys.executable, "-c", FOREIGN)
    run = probe.stop()
    assert run.status == 1
    assert "KA902" in run.codes
    ours, theirs = sorted(run.messages("KA902"))
    assert "10.9.0.66 is not one of the nodes and sends adverts with this VRID" in ours
    assert "no file has this virtual router; 10.9.0.66 sends its adverts" in theirs
    assert run.router(77)["verdict"] == "unknown"
    assert run.router(54)["verdict"] == "mismatch"
    assert run.router(51)["verdict"] == "match"


def test_an_interface_that_vanishes_is_a_finding(bench: Bench) -> None:
    """KA914 and exit code 1, not a traceback."""
    bench.lab.bridge.ip(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up"])
    probe = Probe(bench.lab.bridge, "v0", "--duration", "60").listening()
    bench.lab.bridge.ip(["link del v0"])
    time.sleep(1.5)
    run = probe.stop()
    assert (run.status, run.error) == (1, "")
    assert "KA914" in run.codes
    assert "v0 is gone" in run.messages("KA914")[-1]


def test_a_shutdown_is_told_and_who_took_over(bench: Bench) -> None:
    """KA912 for each router, the other node as the master after it, and exit code 0: it is as predicted."""
    probe = bench.probe(*bench.files(), "--duration", "60").listening()
    time.sleep(1)  # an advert of each
    bench.lab.stop("a")
    time.sleep(2.5)
    run = probe.stop()
    assert (run.status, run.codes) == (0, {"KA912"})
    for router in run.report["routers"]:
        first, last = router["masters"]
        assert (first["node"], first["ended"], last["node"], last["ended"]) == ("a", "shutdown", "b", "seen")
        skew = (256 - 100) / 256 * (1 if router["virtual_router_id"] in (51, 52, 53, 58) else FAST)
        assert skew - 0.05 < last["pause"] < skew + 1
