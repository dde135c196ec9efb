"""What `kalint probe` says in the situations that wake people, each with real daemons on a bridge of their own."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster_lab import ClusterLab, script
from probing import Probe

A, B, C = "10.9.0.1", "10.9.0.2", "10.9.0.3"
FAST = 0.3


def instance(name: str, vrid: int, priority: int, address: str, *lines: str) -> str:
    """A version 3 instance with a short interval, so that the tests need not wait long."""
    more = "".join(f" {line}\n" for line in lines)
    return (
        f"vrrp_instance {name} {{\n interface eth0\n version 3\n virtual_router_id {vrid}\n priority {priority}\n"
        f" advert_int {FAST}\n{more} virtual_ipaddress {{\n  {address}\n }}\n}}\n"
    )


class Bench:
    """Nodes, their files, and probes that listen on the bridge."""

    def __init__(self, lab: ClusterLab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder

    def files(self, texts: dict[str, str]) -> list[str]:
        """The files as arguments."""
        arguments = []
        for name, text in texts.items():
            (self.folder / f"{name}.conf").write_text(text)
            arguments += ["--config", f"{name}={self.folder / f'{name}.conf'}"]
        return arguments

    def run(self, *names: str, texts: dict[str, str]) -> None:
        """Run these nodes with their files, and no other."""
        for name in list(self.lab.processes):
            self.lab.stop(name)
        for name in names:
            self.lab.start(name, texts[name])
        time.sleep(1.5 + 4 * FAST)

    def probe(self, *arguments: str) -> Probe:
        return Probe(self.lab.bridge, "br0", "--promiscuous", "--keepalived-version", "2.2.7", *arguments)


STRANGERS = """
from scapy.all import Ether, IP, UDP, Raw, sendp
CARP = bytes((0x21, 51, 0, 7, 0, 1, 0, 0)) + bytes(28)
HSRP = bytes((0, 0, 16, 3, 10, 100, 7, 0)) + b"cisco\\0\\0\\0" + bytes((10, 9, 1, 77))
carp = Ether(dst="01:00:5e:00:00:12") / IP(src="10.9.0.3", dst="224.0.0.18", ttl=255, proto=112) / Raw(CARP)
hsrp = Ether(dst="01:00:5e:00:00:02") / IP(src="10.9.0.4", dst="224.0.0.2", ttl=1) / UDP(sport=1985, dport=1985) / HSRP
sendp([carp, hsrp], iface="br0", count=3, inter=0.3, verbose=False)
"""
"""What a test sends on its own bridge; the probe itself never sends."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with ClusterLab({"a": [f"{A}/24"], "b": [f"{B}/24"]}) as lab:
        yield Bench(lab, tmp_path_factory.mktemp("verdicts"))


def pair(first: int, second: int, *lines: str) -> dict[str, str]:
    """Two nodes with one router; a's things are in the lines."""
    head = "global_defs {\n script_user root\n vrrp_priority -20\n}\n" + script("chk")
    return {
        "a": head + instance("V", 51, first, "10.9.1.51", *lines),
        "b": head + instance("V", 51, second, "10.9.1.51"),
    }


def doing(report: dict[str, object], vrid: int = 51) -> dict[str, str]:
    """What each node does, by its name."""
    routers = report["routers"]
    assert isinstance(routers, list)
    router = next(each for each in routers if each["virtual_router_id"] == vrid)
    return {member["node"]: member["status"] for member in router["members"]}


def test_a_better_node_that_is_dead_before_the_probe_starts(bench: Bench) -> None:
    """KA917 and exit code 1: a healthy a (150) would have taken over from b (100)."""
    texts = pair(150, 100)
    bench.run("b", texts=texts)
    run = bench.probe(*bench.files(texts), "--duration", "3").end()
    assert (run.status, run.codes) == (1, {"KA917"})
    assert doing(run.report) == {"a": "missing", "b": "master"}
    assert (
        "a (priority 150) should be master but has been silent from the start of the capture: b"
        in run.messages("KA917")[0]
    )


def test_a_healthy_pair_is_as_predicted(bench: Bench) -> None:
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    run = bench.probe(*bench.files(texts), "--duration", "3").end()
    assert (run.status, run.codes) == (0, set())
    assert doing(run.report) == {"a": "master", "b": "backup"}


def test_a_better_node_that_dies_during_the_probe(bench: Bench) -> None:
    """After kill -9 nothing is said on the wire; KA917 says since when."""
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    probe = bench.probe(*bench.files(texts), "--duration", "60").listening()
    bench.lab.kill("a")
    time.sleep(3)
    run = probe.stop()
    assert (run.status, run.codes) == (1, {"KA917"})
    assert doing(run.report) == {"a": "missing", "b": "master"}


def test_a_master_at_a_failure_whose_backup_is_dead(bench: Bench) -> None:
    """A (150, 90 while its script fails) goes on, and a healthy b (100) would have beaten it."""
    texts = pair(150, 100, "track_script {\n   chk weight -60\n  }")
    bench.run("a", texts=texts)
    run = bench.probe(*bench.files(texts), "--duration", "3").end()
    assert (run.status, run.codes) == (1, {"KA911", "KA917"})
    assert doing(run.report) == {"a": "master", "b": "missing"}


def test_nopreempt_keeps_a_better_node_silent(bench: Bench) -> None:
    """B was first; a (150, nopreempt) is where it must be."""
    texts = pair(150, 100, "state BACKUP", "nopreempt")
    bench.run("b", texts=texts)
    bench.lab.start("a", texts["a"])
    time.sleep(2)
    run = bench.probe(*bench.files(texts), "--duration", "3").end()
    assert (run.status, run.codes) == (0, set())
    assert doing(run.report) == {"a": "backup", "b": "master"}


def test_one_address_on_two_vrids(bench: Bench) -> None:
    """KA918 with the files and without, and for a VRID that no file has."""
    texts = {"a": instance("V", 51, 150, "10.9.1.51"), "b": instance("W", 52, 100, "10.9.1.51")}
    bench.run("a", "b", texts=texts)
    with_files = bench.probe(*bench.files(texts), "--duration", "2")
    of_one = bench.probe(*bench.files({"a": texts["a"]}), "--duration", "2")
    without = bench.probe("--duration", "2")
    found = [probe.end() for probe in (with_files, of_one, without)]
    assert [(run.status, run.codes) for run in found] == [
        (1, {"KA918"}), (1, {"KA902", "KA918"}), (1, {"KA918"}),
    ]  # fmt: skip
    assert all("10.9.1.51" in run.messages("KA918")[0] for run in found)


def test_carp_and_hsrp_are_named(bench: Bench) -> None:
    """CARP with our VRID as its vhid is an error of its own, and no router with invented addresses; HSRP is counted."""
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    probe = bench.probe(*bench.files(texts), "--duration", "60").listening()
    bench.lab.bridge.run(sys.executable, "-c", STRANGERS)
    time.sleep(1)
    run = probe.stop()
    assert run.messages("KA915") == [
        "CARP from 10.9.0.3 with vhid 51: keepalived rejects each packet as too short; another vhid or VRID avoids it"
    ]
    others = {(each["protocol"], each["address"], each["group"]): each for each in run.report["other_protocols"]}
    assert {key: each["packets"] for key, each in others.items()} == {
        ("CARP", "10.9.0.3", 51): 3, ("HSRP", "10.9.0.4", 7): 3,
    }  # fmt: skip
    assert [source["address"] for source in run.router(51)["sources"]] == [A]
    assert "too short" in bench.lab.log("a")


def test_a_clone_with_the_same_address(bench: Bench) -> None:
    """KA919 and two masters, though the wire has one source; each kernel drops what comes from its own address."""
    texts = {"a": pair(150, 100)["a"].replace(" priority", f" mcast_src_ip {A}\n priority", 1)}
    bench.lab.nodes["b"].ip([f"addr del {B}/24 dev eth0", f"addr add {A}/24 dev eth0"])
    try:
        for name in list(bench.lab.processes):
            bench.lab.stop(name)
        bench.lab.start("a", texts["a"])
        bench.lab.start("b", texts["a"].replace("priority 150", "priority 140"))
        time.sleep(1.5 + 4 * FAST)
        run = bench.probe(*bench.files(texts), "--duration", "4").end()
    finally:
        bench.lab.nodes["b"].ip([f"addr del {A}/24 dev eth0", f"addr add {B}/24 dev eth0"])
    assert run.status == 1
    assert {"KA901", "KA919"} <= run.codes
    assert "KA909" not in run.codes
    assert {each["hardware"][0] for each in run.router(51)["sources"]} == {"02:00:00:00:00:01", "02:00:00:00:00:02"}
    assert "two machines have one address" in run.messages("KA901")[0]


def test_the_interface_of_the_probe_goes_away_and_comes_back(bench: Bench) -> None:
    """Nothing is known meanwhile: KA914, but no KA908, and the one master goes on afterwards."""
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    bridge = bench.lab.bridge
    bridge.ip(["link add p0 type veth peer name p1", "link set p1 master br0", "link set p1 up", "link set p0 up"])
    listen = ("p0", "--keepalived-version", "2.2.7", *bench.files(texts), "--duration", "60")
    try:
        time.sleep(0.5)
        probe = Probe(bridge, *listen).listening()
        bridge.ip(["link set p1 down"])
        time.sleep(3)
        bridge.ip(["link set p1 up"])
        time.sleep(2.5)
        run = probe.stop()
        down = Probe(bridge, *listen).listening()
        bridge.ip(["link set p0 down"])
        time.sleep(3)
        away = down.stop()
    finally:
        bridge.ip(["link del p0"])
    assert (run.status, run.codes) == (1, {"KA914"})
    assert [(each["node"], each["ended"]) for each in run.router(51)["masters"]] == [("a", "lost"), ("a", "seen")]
    assert run.router(51)["silences"] == []
    assert doing(run.report) == {"a": "master", "b": "backup"}
    assert (away.status, away.codes) == (1, {"KA914"})
    assert doing(away.report) == {"a": "unknown", "b": "unknown"}


def test_unicast_adverts_cannot_be_told_from_a_third_host(bench: Bench) -> None:
    """No error, and exit code 0: nothing can be told here."""
    texts = {
        "a": instance("V", 51, 150, "10.9.1.51", f"unicast_src_ip {A}", f"unicast_peer {{\n  {B}\n }}"),
        "b": instance("V", 51, 100, "10.9.1.51", f"unicast_src_ip {B}", f"unicast_peer {{\n  {A}\n }}"),
    }
    bench.run("a", "b", texts=texts)
    bridge = bench.lab.bridge
    bridge.ip([f"addr add {C}/24 dev br0"])
    try:
        run = Probe(bridge, "br0", "--keepalived-version", "2.2.7", *bench.files(texts), "--duration", "4").end()
    finally:
        bridge.ip([f"addr del {C}/24 dev br0"])
    assert (run.status, run.codes) == (0, {"KA908"})
    assert "unknown here" in run.messages("KA908")[0]


@pytest.mark.parametrize(("within", "slow"), [("500 ms", True), ("5 s", False)])
def test_a_takeover_against_a_requirement(bench: Bench, within: str, slow: bool) -> None:
    """KA920: b waits three intervals of 0.3 s and its skew time, 1.1 s; the crash may be 0.3 s late."""
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    bench.files(texts)
    settings = bench.folder / "kalint.toml"
    settings.write_text(
        f'[clusters.web]\nrequire = "crash: b is master when a crashes, within {within}"\n'
        '[clusters.web.nodes.a]\nfile = "a.conf"\n[clusters.web.nodes.b]\nfile = "b.conf"\n'
    )
    probe = bench.probe("--settings", str(settings), "--cluster-name", "web", "--duration", "60").listening()
    bench.lab.kill("a")
    time.sleep(4)
    run = probe.stop()
    assert ("KA920" in run.codes) == slow
    if slow:
        (found,) = [each for each in run.report["diagnostics"] if each["code"] == "KA920"]
        assert (found["severity"], found["file"].endswith("kalint.toml"), found["line"]) == ("warning", True, 2)
        assert f"b ({B}) took over" in found["message"]
        assert f"after a ({A}) fell silent, and 500 ms are allowed: crash: b is master" in found["message"]
