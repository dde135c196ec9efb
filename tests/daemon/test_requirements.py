"""Requirements lived through by real daemons: what is proved is seen, and what is refuted is seen to fail.

One lab of two nodes with a router for each story: V1 has a check, V2 nodes that reject each other's password, V3 a node
with nopreempt. Node b starts first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from cluster_lab import ClusterLab, global_defs, instance, script
from harness import RELEASE

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.cluster.verdict import Verdict
from kalint.analysis.requirements.proving import Prover
from kalint.pipeline.reading import Request, load
from kalint.requirements.parser import parse
from kalint.version import parse_version

ADVERT = 0.5
MARGIN = 1.0
"""Seconds by which a busy machine is slower: an advert interval and a half second more, as for all times here."""
ROUNDS = 3


def configuration(priority: int, password: str, more: str) -> str:
    rejecting = ["version 2", "authentication {", "    auth_type PASS", f"    auth_pass {password}", "}"]
    return (
        global_defs()
        + script("chk")
        + instance(1, priority, ["track_script {", "    chk weight -30", "}"], ADVERT)
        + instance(2, priority, rejecting, 1)
        + instance(3, priority, [more] if more else [], ADVERT)
    )


CONFIGS = {"a": configuration(110, "one", "nopreempt"), "b": configuration(100, "two", "")}


@pytest.fixture(scope="module")
def prover() -> Prover:
    request = Request(version=parse_version(RELEASE))
    return Prover(analyse([Node(name, load(name, text.encode(), request).resolved) for name, text in CONFIGS.items()]))


@pytest.fixture(scope="module")
def lab() -> Iterator[ClusterLab]:
    with ClusterLab({"a": ["10.9.0.1/24"], "b": ["10.9.0.2/24"]}) as found:
        for name in ("a", "b"):
            found.set(name, {"script:chk": "ok"})
        found.start("b", CONFIGS["b"])
        time.sleep(4.5)  # b is master of all three
        found.start("a", CONFIGS["a"])
        time.sleep(4.5)
        yield found


def verdict(prover: Prover, text: str) -> Verdict:
    return prover.prove(parse(text))


def taken_over(lab: ClusterLab, node: str, since: float, wait: float) -> float:
    """Seconds until a node's first advert for V1 within a time."""
    while time.monotonic() < since + wait:
        time.sleep(0.05)
        for advert in list(lab.listening.adverts):
            if advert.time >= since and advert.router.interface == f"{node}-eth0" and advert.router.vrid == 1:
                return advert.time - since
    raise AssertionError(f"{node} has not taken V1 over after {wait} s:\n{lab.log(node)}")


def test_what_is_refuted_is_seen(prover: Prover, lab: ClusterLab) -> None:
    """Two masters at once where passwords differ; with nopreempt the node that started first stays."""
    deaf = verdict(prover, "never two masters of V2")
    assert (deaf.outcome, deaf.counterexample and deaf.counterexample.masters) == ("fails", ("a", "b"))
    late = verdict(prover, "a is master of V3")
    assert (late.outcome, late.counterexample and late.counterexample.masters) == ("fails", ("b",))
    assert verdict(prover, "exactly one master of V1 while nothing is down").outcome == "holds"
    assert lab.holders() == {1: {"a"}, 2: {"a", "b"}, 3: {"b"}}


def test_failover_within_a_time(prover: Prover, lab: ClusterLab) -> None:
    """Within the time that is proved, and never within the one that is refuted; a is master again each time."""
    claim = "b is master of V1 when script chk on a fails"
    worst = prover.worst(parse(claim))
    # next run 1 s, its end 1 s at most, an advert 0.5 s, two more 1 s, skew time 156/256 of 0.5 s
    assert worst == pytest.approx(3.805, abs=0.001)
    assert verdict(prover, f"{claim}, within 3.9 s").outcome == "holds"
    assert verdict(prover, f"{claim}, within 1 s").outcome == "fails"
    assert verdict(prover, "a is master of V1 after script chk on a fails and recovers").outcome == "holds"
    for number in range(ROUNDS):
        time.sleep(0.3 * number)  # out of step with the check and the adverts
        begun = time.monotonic()
        lab.set("a", {"script:chk": "ko"})
        assert 1 < taken_over(lab, "b", begun, 8) <= 3.9 + MARGIN
        assert lab.holders()[1] == {"b"}
        begun = time.monotonic()
        lab.set("a", {"script:chk": "ok"})
        taken_over(lab, "a", begun, 8)
        time.sleep(ADVERT)
        assert lab.holders()[1] == {"a"}


def test_crash_within_a_time(prover: Prover, lab: ClusterLab) -> None:
    """Nobody says that a is gone: an advert, two more and the skew time, 1.805 s; the last test of this lab."""
    claim = "b is master of V1 when a crashes"
    assert verdict(prover, f"{claim}, within 1.9 s").outcome == "holds"
    assert verdict(prover, f"{claim}, within 1 s").outcome == "fails"
    begun = time.monotonic()
    lab.kill("a")
    assert 1 < taken_over(lab, "b", begun, 6) <= 1.9 + MARGIN
