"""Recorded clusters of two or three real daemons through series of failures and reloads: the same masters each time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

import pytest

from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.semantics.resolved import Resolved
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, DaemonEvent, Scenario
from kalint.simulation.summary import Summary
from kalint.text import Options
from kalint.version import parse_version

SHARED = Path(__file__).parents[3] / "shared" / "vectors"
RECORDING = SHARED / "clusters.jsonl"
RELOADING = SHARED / "clusters2.jsonl"

STEP = 40 * SECOND
"""Long enough for every election of the recording to end."""


WORDS: Mapping[str, Literal["start", "stop", "kill"]] = {"stopped": "stop", "killed": "kill", "started": "start"}


def resolved(vector: Mapping[str, Any], name: str, config: str) -> Resolved:
    """A file as a node's release reads it."""
    release = vector.get("keepalived_versions", {}).get(name, vector["keepalived_version"])
    config_id = vector["nodes"][name]["config_id"]
    return load(f"{name}.conf", config.encode(), Request(Options(config_id=config_id), parse_version(release))).resolved


def nodes(vector: Mapping[str, Any]) -> tuple[Node, ...]:
    return tuple(
        Node(name, resolved(vector, name, node["config"]), {"eth0": node["address"]})
        for name, node in vector["nodes"].items()
    )


def reloads(vector: Mapping[str, Any]) -> Iterator[tuple[str, Resolved]]:
    """The files that nodes read later."""
    for step in vector["steps"]:
        event = step["event"]
        if event.get("daemon") == "reload":
            yield event["node"], resolved(vector, event["node"], event["config"])


def events(vector: Mapping[str, Any], order: Sequence[str]) -> Iterator[tuple[int, Action]]:
    """The recording's steps, 40 seconds apart; the daemons start one after the other."""
    first, *steps = vector["steps"]
    for name, states in first["states"].items():
        for thing, state in states.items():
            if thing != "daemon":
                yield 0, Change(name, thing, state)
    for number, name in enumerate(order):
        yield number * SECOND // 4, DaemonEvent(name, "start")
    for number, step in enumerate(steps, 1):
        event = step["event"]
        if event.get("daemon") == "reload":
            file = resolved(vector, event["node"], event["config"])
            yield number * STEP, DaemonEvent(event["node"], "reload", file)
        elif "daemon" in event:
            yield number * STEP, DaemonEvent(event["node"], WORDS[event["daemon"]])
        else:
            yield number * STEP, Change(event["node"], event["thing"], event["state"])


def masters_after_each_step(
    vector: Mapping[str, Any], order: Sequence[str] | None = None
) -> list[dict[str, list[str]]]:
    """Who is master of each VRID at the end of each step, when the nodes start in this order."""
    cluster = nodes(vector)
    steps = len(vector["steps"])
    order = order or tuple(vector["nodes"])
    simulation = Simulation(cluster, Scenario(steps * STEP - 1, events(vector, order), frozenset(vector["nodes"])))
    summary = Summary(cluster, tuple(reloads(vector)))
    found: list[dict[str, list[str]]] = []

    def note() -> None:
        found.append({str(key.virtual_router_id): sorted(names) for key, names in summary.masters.items() if names})

    for event in simulation.run():
        while event.time >= (len(found) + 1) * STEP:
            note()
        summary.add(event)
        if event.kind == "daemon":
            summary.reread(simulation.nodes.values())
    while len(found) < steps:
        note()
    return found


@pytest.mark.skipif(not RECORDING.is_file(), reason="the recording, ../shared/vectors, is not here")
def test_masters_after_every_step(summary: Counter[str]) -> None:
    """Wherever three runs of the daemons agreed, the simulation ends every step with the masters that they had."""
    wrong = []
    with RECORDING.open(encoding="utf-8") as stream:
        vectors = [json.loads(line) for line in stream]
    for vector in vectors:
        simulated = masters_after_each_step(vector)
        for number, step in enumerate(vector["steps"]):
            recorded = {vrid: [each["node"] for each in found] for vrid, found in step["masters"].items() if found}
            if step["reproduced"]:
                summary["simulated steps"] += 1
                if simulated[number] != recorded:
                    wrong.append((vector["name"], number, step["event"], recorded, simulated[number]))
    summary["simulated steps different"] += len(wrong)
    assert len(vectors) >= 36
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.skipif(not RELOADING.is_file(), reason="the recording, ../shared/vectors, is not here")
def test_masters_after_every_reload(summary: Counter[str]) -> None:
    """Clusters whose daemons reload other files too: the same masters after every step, for some order of starting.

    They were recorded once only, and all nodes started at once: which of two with one priority wins is a race.
    """
    wrong = []
    with RELOADING.open(encoding="utf-8") as stream:
        vectors = [json.loads(line) for line in stream]
    for vector in vectors:
        recorded = [
            {vrid: sorted(each["node"] for each in found) for vrid, found in step["masters"].items() if found}
            for step in vector["steps"]
        ]
        runs = [masters_after_each_step(vector, order) for order in permutations(vector["nodes"])]
        summary["simulated steps"] += len(recorded)
        if recorded not in runs:
            numbers = [number for number, found in enumerate(recorded) if found != runs[0][number]]
            wrong.append((vector["name"], numbers))
    summary["simulated steps different"] += len(wrong)
    assert len(vectors) >= 10
    assert not wrong
