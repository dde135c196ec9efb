"""36 recorded clusters of two or three real daemons through series of failures: the same masters after every step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from kalint.analysis.cluster.results import Node
from kalint.pipeline.reading import Request, load
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, Life, Scenario
from kalint.simulation.summary import Summary
from kalint.text import Options
from kalint.version import parse_version

RECORDING = Path(__file__).parents[3] / "shared" / "vectors" / "clusters.jsonl"

STEP = 40 * SECOND
"""Long enough for every election of the recording to end."""


WORDS: Mapping[str, Literal["start", "stop", "kill"]] = {"stopped": "stop", "killed": "kill", "started": "start"}


def nodes(vector: Mapping[str, Any]) -> tuple[Node, ...]:
    release = parse_version(vector["keepalived_version"])
    found = []
    for name, node in vector["nodes"].items():
        loaded = load(f"{name}.conf", node["config"].encode(), Request(Options(config_id=node["config_id"]), release))
        found.append(Node(name, loaded.resolved, {"eth0": node["address"]}))
    return tuple(found)


def events(vector: Mapping[str, Any]) -> Iterator[tuple[int, Action]]:
    """The recording's steps, 40 seconds apart; the daemons start one after the other."""
    first, *steps = vector["steps"]
    for name, states in first["states"].items():
        for thing, state in states.items():
            if thing != "daemon":
                yield 0, Change(name, thing, state)
    for number, name in enumerate(vector["nodes"]):
        yield number * SECOND // 4, Life(name, "start")
    for number, step in enumerate(steps, 1):
        event = step["event"]
        if "daemon" in event:
            yield number * STEP, Life(event["node"], WORDS[event["daemon"]])
        else:
            yield number * STEP, Change(event["node"], event["thing"], event["state"])


def masters_after_each_step(vector: Mapping[str, Any]) -> list[dict[str, list[str]]]:
    """Who is master of each VRID at the end of each step."""
    cluster = nodes(vector)
    steps = len(vector["steps"])
    simulation = Simulation(cluster, Scenario(steps * STEP - 1, events(vector), frozenset(vector["nodes"])))
    summary = Summary(cluster)
    found: list[dict[str, list[str]]] = []

    def note() -> None:
        found.append({str(key.virtual_router_id): sorted(names) for key, names in summary.masters.items() if names})

    for event in simulation.run():
        while event.time >= (len(found) + 1) * STEP:
            note()
        summary.add(event)
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
