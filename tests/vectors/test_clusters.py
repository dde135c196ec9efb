"""Who became master in clusters of real daemons is among the outcomes that kalint works out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kalint.analysis.cluster.candidate import Candidate
from kalint.analysis.cluster.candidates import candidate_of, starts_as_master
from kalint.analysis.cluster.election import Settled, settle
from kalint.pipeline.reading import Request, load
from kalint.semantics.priority import outcome
from kalint.semantics.resolved import Resolved
from kalint.text import Options
from kalint.version import parse_version

SHARED = Path(__file__).parents[3] / "shared" / "vectors"

Masters = Mapping[str, list[dict[str, Any]]]

needs_recording = pytest.mark.skipif(not SHARED.is_dir(), reason="the whole recording, ../shared/vectors, is not here")


def resolved(config: str, release: str, config_id: str | None) -> Resolved:
    request = Request(Options(config_id=config_id), parse_version(release))
    return load("vector.conf", config.encode(), request).resolved


def candidates(vector: dict, nodes: Mapping[str, Resolved], step: dict, before: Masters | None) -> Iterator[Candidate]:
    """Every instance as it stands when the step begins: the priority is the step's, the master the one before."""
    for name, node in nodes.items():
        states = {key: state for key, state in step["states"][name].items() if key != "daemon"}
        running = step["states"][name]["daemon"] == "started"
        starting = before is None or ("daemon" in step["event"] and step["event"]["node"] == name)
        for instance in node.instances:
            router = str(instance.virtual_router_id.value)
            was = any(master["node"] == name for master in (before or {}).get(router, ()))
            yield candidate_of(
                name,
                router,
                instance,
                node.profile,
                outcome(instance, states, node.profile) if running else None,
                vector["nodes"][name]["address"],
                starts_as_master(instance, node) if starting else was,
            )


def runs(step: dict) -> list[Masters]:
    """Who was master in each of the three runs."""
    return [step["masters"], *step.get("other_runs", [step["masters"]] * 2)]


def observed(found: Settled, masters: Masters) -> dict[str, tuple[str, ...]]:
    return {
        str(router): tuple(sorted(master["node"] for master in masters.get(str(router), [])))
        for router in found.routers
    }


@needs_recording
def test_masters_are_among_the_outcomes(summary: Counter[str]) -> None:
    """In every step of every cluster, and each of its runs, whoever is master may be so from who was master before."""
    wrong = []
    with (SHARED / "clusters.jsonl").open(encoding="utf-8") as stream:
        vectors = [json.loads(line) for line in stream]
    for vector in vectors:
        nodes = {
            name: resolved(node["config"], vector["keepalived_version"], node["config_id"])
            for name, node in vector["nodes"].items()
        }
        for number, step in enumerate(vector["steps"]):
            for run, masters in enumerate(runs(step)):
                before = runs(vector["steps"][number - 1])[run] if number else None
                for found in settle(candidates(vector, nodes, step, before), start=not number):
                    seen = observed(found, masters)
                    summary["clusters"] += 1
                    summary["clusters single"] += len(found.outcomes) == 1
                    if seen not in found.outcomes:
                        wrong.append((vector["name"], number, run, seen, found.outcomes))
    summary["clusters different"] += len(wrong)
    assert not wrong


@needs_recording
def test_priorities_of_masters() -> None:
    """A master of a cluster advertises the priority that its file comes to in the step's states."""
    wrong = []
    with (SHARED / "clusters.jsonl").open(encoding="utf-8") as stream:
        vectors = [json.loads(line) for line in stream]
    for vector in vectors:
        nodes = {
            name: resolved(node["config"], vector["keepalived_version"], node["config_id"])
            for name, node in vector["nodes"].items()
        }
        for number, step in enumerate(vector["steps"]):
            wrong += [
                (vector["name"], number, candidate, master)
                for candidate in candidates(vector, nodes, step, None)
                for master in step["masters"].get(str(candidate.router), ())
                if master["node"] == candidate.node and master["priority"] != candidate.priority
            ]
    assert not wrong


@needs_recording
def test_elections_of_two(summary: Counter[str]) -> None:
    """A runs, B starts: on eleven releases the master 14 seconds later is the only outcome.

    Only of two address owners, where the one that hears the other first goes down to 254, either may be it.
    """
    wrong = []
    with (SHARED / "timelines.jsonl").open(encoding="utf-8") as stream:
        vectors = [vector for vector in map(json.loads, stream) if vector["test"] == "election"]
    for vector in vectors:
        first, second = (
            resolved(config, vector["keepalived_version"], "node") for config in vector["config"].split("#---- B")
        )
        theirs = {instance.name: instance for instance in second.instances}
        for instance in first.instances:
            other = theirs[instance.name]
            pair = (
                candidate_of("A", 1, instance, first.profile, instance.base_priority.value, "10.9.0.1", master=True),
                candidate_of(
                    "B",
                    1,
                    other,
                    second.profile,
                    other.base_priority.value,
                    "10.9.0.2",
                    master=starts_as_master(other, second),
                ),
            )
            (found,) = settle(pair)
            seen = ["AB"["10.9.0.2" in vector["result"]["after_B_plus_14s"][instance.name]]]
            summary["elections"] += 1
            open_ones = instance.owner and first.profile.two_owners == "local drops to 254"
            if found.masters(1) != ((("A",), ("B",)) if open_ones else (tuple(seen),)):
                wrong.append((vector["keepalived_version"], instance.name, seen, found.outcomes))
    summary["elections different"] += len(wrong)
    assert not wrong
