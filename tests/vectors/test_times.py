"""The bounds of docs/timing.md, and the times at which real daemons of eleven releases did it.

`flag_to_advert` and its like are ten observations each: their least and their greatest lie within the bounds. An advert
interval and half a second on top are for what a recording on a busy machine leaves open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import DAEMON, Node
from kalint.analysis.timing.detection import Delay, Detection, DetectionTimes
from kalint.analysis.timing.failover import Failovers
from kalint.pipeline.reading import Request, load
from kalint.semantics.resolved import Resolved
from kalint.version import parse_version

SHARED = Path(__file__).parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the recording, ../shared/vectors, is not here")

SLACK = 0.5
EARLY = 0.06
"""Seconds by which a change may seem to come before its cause: the recording looks at both every 0.05 s."""


def rows(test: str) -> Iterator[dict[str, Any]]:
    with (SHARED / "timelines.jsonl").open(encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["test"] == test and "skipped" not in row["result"]:
                yield row


def resolved(config: str, release: str) -> Resolved:
    return load("a.conf", config.encode(), Request(version=parse_version(release))).resolved


def detections(config: str, release: str) -> dict[str, Detection]:
    """The times of each instance's first tracker."""
    found = resolved(config, release)
    noticing = DetectionTimes(found)
    times = ((each.name, noticing.detection(each.trackers[0], each)) for each in found.instances)
    return {name: each for name, each in times if each is not None}


def outside(seen: float, delay: Delay | None, interval: float) -> bool:
    return delay is None or not delay.best - EARLY <= seen <= delay.worst + interval + SLACK


def test_from_a_failure_to_its_advert() -> None:
    """Script, interface and file, at advert intervals of 1 s and 0.1 s, in both directions."""
    kinds = {"flag_to_advert": "SC", "iface_to_advert": "IF", "file_to_advert": "FI"}
    wrong, compared = [], 0
    for row in rows("latency"):
        for config, (name, result) in zip(row["config"].split("#----"), row["result"].items(), strict=False):
            found = detections(config, row["keepalived_version"])
            interval = float(name.removeprefix("advert_int "))
            for kind, instance in kinds.items():
                for seen in (result[kind]["min"], result[kind]["max"]) if result.get(kind) else ():
                    times = found[instance]
                    compared += 1
                    if all(outside(seen, delay, interval) for delay in (times.advert, times.recovered)):
                        wrong.append((row["keepalived_version"], name, kind, seen, times.advert))
    assert not wrong
    assert compared > 80


def test_rise_and_fall() -> None:
    """Rise 3 and fall 3 at 1 s: the changed priority, or priority 0, within the bounds after each flag."""
    wrong, compared = [], 0
    for row in rows("rise_fall"):
        found = detections(row["config"], row["keepalived_version"])
        interval = 0.1 if "advert_int 0.1" in row["config"] else 1.0
        for result in row["result"].values():
            for step, name in (("to_KO", "P"), ("to_KO", "N"), ("to_KO", "Z"), ("to_OK", "P"), ("to_OK", "N")):
                times = found[name]
                seen = result[step][name][-1][0]
                compared += 1
                if outside(seen, times.advert if step == "to_KO" else times.recovered, interval):
                    wrong.append((row["keepalived_version"], step, name, seen, times))
    assert not wrong
    assert compared == 110


def test_takeovers() -> None:
    """From the last advert of a killed master to the first of its backup: the worst case, to a few hundredths."""
    wrong, compared = [], 0
    for row in rows("takeover_time"):
        release = row["keepalived_version"]
        configs = [part.removeprefix(" B") for part in row["config"].split("#----")]
        cluster = analyse([Node(name, resolved(config, release)) for name, config in zip("AB", configs, strict=True)])
        failovers = Failovers(cluster)
        for answer in cluster.answers:
            name = answer.router.members[0].instance.name
            crash = next(each for each in answer.failures if (each.node, each.thing) == ("A", DAEMON))
            found = failovers.of(answer, crash)
            if name in row["result"]:
                compared += 1
                late = 0.0
                if found is not None:
                    late = sum(term.worst for term in found.delay.terms if term.name.startswith("addresses"))
                if found is None or abs(row["result"][name] - (found.delay.worst - late)) > EARLY:
                    wrong.append((release, name, row["result"][name], found))
    assert not wrong
    assert compared >= 30
