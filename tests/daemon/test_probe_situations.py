"""More nights: a cut cable, a release that nobody named, reasons while it follows, flapping; each with real daemons."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from cluster_lab import ClusterLab, file
from probing import Probe
from test_probe_verdicts import A, B, Bench, doing, instance, pair

HEAD = "global_defs {\n script_user root\n vrrp_priority -20\n}\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with ClusterLab({"a": [f"{A}/24"], "b": [f"{B}/24"]}) as lab:
        yield Bench(lab, tmp_path_factory.mktemp("situations"))


def lines(probe: Probe) -> list[dict[str, Any]]:
    """The changes that it told, without the report at the end."""
    probe.process.terminate()
    out, error = probe.process.communicate(timeout=60)
    assert out, error
    return [json.loads(line) for line in out.splitlines()][:-1]


def test_a_cut_cable_of_the_better_node(bench: Bench) -> None:
    """A loses its carrier and says nothing; KA917 from then on, and nothing any more when it is back."""
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    probe = bench.probe(*bench.files(texts), "--duration", "60").listening()
    bench.lab.set("a", {"interface:eth0": "down"})
    try:
        time.sleep(3)
        cut = probe.stop()
    finally:
        bench.lab.set("a", {"interface:eth0": "up"})
    time.sleep(3)
    back = bench.probe(*bench.files(texts), "--duration", "3").end()
    assert (cut.status, cut.codes) == (1, {"KA917"})
    assert doing(cut.report) == {"a": "missing", "b": "master"}
    assert (back.status, back.codes, doing(back.report)) == (0, set(), {"a": "master", "b": "backup"})


def test_a_node_asks_its_own_keepalived_and_another_machine_does_not(bench: Bench) -> None:
    """Other addresses in the two files: two masters up to 2.3.2. Whose release is not sure is judged both ways."""
    texts = {"a": HEAD + instance("V", 51, 150, "10.9.1.51"), "b": HEAD + instance("V", 51, 100, "10.9.1.52")}
    bench.run("a", "b", texts=texts)
    files = bench.files(texts)
    here = Probe(bench.lab.nodes["b"], "eth0", *files, "--duration", "4")
    there = Probe(bench.lab.bridge, "br0", "--promiscuous", *files, "--duration", "4")
    own, other = here.end(), there.end()
    said = subprocess.run(["keepalived", "--version"], capture_output=True, text=True, timeout=20)
    release = re.match(r"Keepalived v([\d.]+)", said.stdout + said.stderr)
    assert release is not None
    assert own.report["keepalived"] == {
        name: {"version": release[1], "known": "taken from here"} for name in "ab"
    }  # fmt: skip
    assert {each["known"] for each in other.report["keepalived"].values()} == {"newest"}
    for run in (own, other):
        assert run.status == 1
        assert any("becomes master too" in message for message in run.messages("KA905"))
    helps = [each["help"] for each in own.report["diagnostics"] if each["code"] == "KA905"]
    assert any(f"this machine has keepalived {release[1]}" in text for text in helps)


def test_followed_changes_say_why(bench: Bench) -> None:
    """A split, its end, and a crash: each with its code, and times never run backwards."""
    texts = pair(150, 100)
    bench.run("a", "b", texts=texts)
    probe = bench.probe(*bench.files(texts), "--follow").listening()
    for name in "ab":
        bench.lab.isolate(name, True)
    time.sleep(3)
    for name in "ab":
        bench.lab.isolate(name, False)
    time.sleep(3)
    bench.lab.kill("a")
    time.sleep(4)
    said = lines(probe)
    assert [each["time"] for each in said] == sorted(each["time"] for each in said)
    told = {(each["event"], each["code"], each["severity"]) for each in said}
    assert ("two masters", "KA901", "error") in told
    assert ("two masters over", "KA901", "info") in told
    assert ("finding", "KA917", "warning") in told
    split = next(each for each in said if each["event"] == "two masters")
    assert "neither" in split["reason"]
    assert {each["node"] for each in said if each["event"] == "master"} == {"a", "b"}
    assert all(each["reason"] for each in said)


def test_flapping_says_how_often_and_until_when(bench: Bench) -> None:
    """A file's value moves a's priority back and forth twelve times."""
    head = HEAD + file("f")
    texts = {
        "a": head + instance("V", 51, 150, "10.9.1.51", "track_file {\n   f weight 1\n  }"),
        "b": HEAD + instance("V", 51, 60, "10.9.1.51"),
    }
    bench.lab.set("a", {"file:f": 0})
    bench.run("a", "b", texts=texts)
    probe = bench.probe(*bench.files(texts), "--duration", "60").listening()
    for number in range(12):
        bench.lab.set("a", {"file:f": -20 * (1 - number % 2)})
        time.sleep(0.9)
    run = probe.stop()
    (message,) = run.messages("KA909")
    found = re.search(r"changed (\d+) times between (\d+\.\d+) s and (\d+\.\d+) s: 150, 130$", message)
    assert found is not None, message
    changes = run.router(51)["sources"][0]["priorities"]
    assert {each["priority"] for each in changes} == {150, 130}
    assert int(found[1]) == 12
    assert float(found[3]) - float(found[2]) == pytest.approx(11 * 0.9, abs=3)


def test_followed_priorities_and_the_own_interface(bench: Bench) -> None:
    """A failing script is the reason for a priority; an own interface that goes away and returns is told as such."""
    texts = pair(150, 100, "track_script {\n   chk weight -20\n  }")
    bench.lab.set("a", {"script:chk": "ok"})
    bench.run("a", "b", texts=texts)
    bridge = bench.lab.bridge
    bridge.ip(["link add p0 type veth peer name p1", "link set p1 master br0", "link set p1 up", "link set p0 up"])
    try:
        time.sleep(1.5)
        probe = Probe(bridge, "p0", "--keepalived-version", "2.2.7", *bench.files(texts), "--follow").listening()
        bench.lab.set("a", {"script:chk": "ko"})
        time.sleep(3)
        bridge.ip(["link set p1 down"])
        time.sleep(3)
        bridge.ip(["link set p1 up"])
        time.sleep(3)
        said = lines(probe)
    finally:
        bridge.ip(["link del p0"])
    told = [(each["event"], each["code"]) for each in said]
    assert [event for event, _ in told if event.startswith("interface")] == ["interface lost", "interface back"]
    assert ("lost", "KA914") in told
    assert not any(code in ("KA901", "KA908") for _, code in told)
    priority = next(each for each in said if each["code"] == "KA911" and each["event"] == "priority")
    assert priority["reason"] == f"a ({A}) advertises priority 130: script chk ko"
