"""What the simulation says, and what real daemons of eleven releases did: elections, counters, takeovers, delays.

The order of what each instance sends is compared exactly; times within one advert interval and half a second, which is
what the recording's own order of things (when its script ran, when a flag was set) leaves open.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, DaemonEvent, Scenario
from kalint.text import Options
from kalint.version import parse_version

SHARED = Path(__file__).parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the recording, ../shared/vectors, is not here")

SLACK = 0.5
"""Seconds beside an advert interval: a process starts, a script runs, a machine is busy."""

Adverts = Mapping[tuple[str, str], Sequence[tuple[float, int]]]
"""By node and instance: when each advert was sent, and its priority."""


@cache
def rows(test: str) -> list[dict[str, Any]]:
    with (SHARED / "timelines.jsonl").open(encoding="utf-8") as stream:
        return [row for row in map(json.loads, stream) if row["test"] == test and "skipped" not in row["result"]]


def node(name: str, config: str, release: str, address: str) -> Node:
    request = Request(Options(config_id=name), parse_version(release))
    return Node(name, load(f"{name}.conf", config.encode(), request).resolved, {"eth0": address})


def pair(row: Mapping[str, Any]) -> tuple[Node, ...]:
    configs = row["config"].split("#---- B")
    return tuple(
        node(name, config, row["keepalived_version"], f"10.9.0.{number}")
        for number, (name, config) in enumerate(zip("AB", configs, strict=False), 1)
    )


def adverts(
    nodes: Sequence[Node], seconds: float, events: Sequence[tuple[float, Action]] = (), late: str = ""
) -> Adverts:
    """All adverts of a run. Nodes in `late` start by an event."""
    timed = [(round(time * SECOND), action) for time, action in events]
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for event in Simulation(nodes, Scenario(round(seconds * SECOND), timed, frozenset(late), adverts=True)).run():
        if event.kind == "advert" and isinstance(event.after, int):
            found.setdefault((event.node, event.instance), []).append((event.time / SECOND, event.after))
    return found


def changes(sent: Sequence[tuple[float, int]], start: float, end: float) -> list[tuple[float, int]]:
    """Each advert whose priority is not that of the one before, from a time on; times count from there."""
    found: list[tuple[float, int]] = []
    for time, priority in sent:
        if start <= time < end and (not found or found[-1][1] != priority):
            found.append((time - start, priority))
    return found


def intervals(one: Node) -> dict[str, float]:
    return {instance.name: instance.advert_interval.value for instance in one.resolved.instances}


def differences(
    wanted: Sequence[Sequence[float]], found: Sequence[tuple[float, int]], interval: float
) -> Iterator[str]:
    """What is different in the order of priorities, or in a time."""
    if [priority for _, priority in wanted] != [priority for _, priority in found]:
        yield f"order: recorded {wanted}, simulated {found}"
        return
    for (measured, _), (simulated, priority) in zip(wanted, found, strict=True):
        if abs(measured - simulated) > interval + SLACK:
            yield f"time of {priority}: recorded {measured}, simulated {simulated}"


def test_elections_of_two(summary: Counter[str]) -> None:
    """A runs for a while, then B starts: who speaks, who speaks 14 seconds later, and when B speaks first."""
    wrong = []
    for row in rows("election"):
        nodes = pair(row)
        sent = adverts(nodes, 45, [(20.333, DaemonEvent("B", "start"))], late="B")
        for name, interval in intervals(nodes[1]).items():
            first = next((time - 20.333 for time, _ in sent.get(("B", name), ())), None)
            recorded = row["result"]["first_advert_of_B_after"][name]
            summary["timeline elections"] += 1
            if (first is None) != (recorded is None) or (
                first is not None and abs(first - recorded) > interval + SLACK
            ):
                wrong.append((row["keepalived_version"], name, "first advert of B", recorded, first))
            for step, start, end in (("A_alone", 16, 20), ("after_B_plus_14s", 40, 45)):
                seen = {
                    f"10.9.0.{'AB'.index(who) + 1}": last[-1][1]
                    for who in "AB"
                    if (last := changes(sent.get((who, name), ()), start, end))
                }
                if seen != row["result"][step][name]:
                    wrong.append((row["keepalived_version"], name, step, row["result"][step][name], seen))
    assert not wrong, "\n".join(map(str, wrong))


LENGTHS = (20.0, 20.1, 21.0, 22.0, 23.0)
"""When the flag was set is not in the recording: in step with the script or behind it, or with the timer of a FAULT."""


def counters(row: Mapping[str, Any], beginning: str, length: float) -> Iterator[tuple[str, str, str]]:
    """What is different in each phase of a run whose phases have this length, by phase and instance."""
    one, phases = pair(row)[0], row["result"][beginning]
    events: list[tuple[float, Action]] = []
    for number, phase in enumerate([beginning, *list(phases)[1:]]):
        state = phase.rpartition("_")[2].lower()
        events += [(number * length, Change("A", f"script:{name}", state)) for name in "pnz"]
    sent = adverts([one], length * len(phases), events)
    for number, (phase, recorded) in enumerate(phases.items()):
        for name, interval in intervals(one).items():
            found = changes(sent.get(("A", name), ()), number * length, (number + 1) * length)
            for what in differences(recorded[name], found, interval):
                yield phase, name, what


def test_rise_and_fall(summary: Counter[str]) -> None:
    """With rise 3 and fall 3 the first result counts at once, then the third in a row; weights 10, -10 and 0."""
    wrong = []
    for row in rows("rise_fall"):
        for beginning in row["result"]:
            runs = [
                {(phase, name): what for phase, name, what in counters(row, beginning, length)} for length in LENGTHS
            ]
            summary["timeline counters"] += 9
            wrong += [
                (row["keepalived_version"], beginning, *key, what)
                for key, what in runs[0].items()
                if all(key in run for run in runs)
            ]
    assert not wrong, "\n".join(map(str, wrong))


def test_init_fail_and_strict(summary: Counter[str]) -> None:
    """When the effect of init_fail appears, by release; what strict mode makes of states and priorities."""
    wrong = []
    for row in (*rows("init_fail"), *rows("strict")):
        one = pair(row)[0]
        sent = adverts([one], 15)
        for name, recorded in row["result"].get("timeline", row["result"]).items():
            summary["timeline starts"] += 1
            found = changes(sent.get(("A", name), ()), 0, 15)
            wrong += [
                (row["test"], row["keepalived_version"], name, what)
                for what in differences(recorded, found, intervals(one)[name])
            ]
    assert not wrong, "\n".join(map(str, wrong))


def test_takeover_times(summary: Counter[str]) -> None:
    """A is killed: the time from its last advert to B's first is the master down interval, to a tenth of a second."""
    wrong = []
    for row in rows("takeover_time"):
        nodes = pair(row)
        sent = adverts(nodes, 60, [(20, DaemonEvent("B", "start")), (40.3, DaemonEvent("A", "kill"))], late="B")
        for name, recorded in row["result"].items():
            summary["timeline takeovers"] += 1
            last = sent["A", name][-1][0]
            first = next(time for time, _ in sent["B", name] if time > last)
            if abs(first - last - recorded) > 0.1:
                wrong.append((row["keepalived_version"], name, recorded, first - last))
    assert not wrong, "\n".join(map(str, wrong))


def latencies(one: Node, instance: str, thing: str, states: tuple[Any, Any]) -> list[float]:
    """Seconds from ten changes of a thing, at as many phases of its clocks, to the advert with the new priority."""
    times = [20 + 10 * number + number / 10 for number in range(10)]
    events = [(time, Change("A", thing, states[number % 2])) for number, time in enumerate(times)]
    sent = adverts([one], 130, events)["A", instance]
    moved = [now for (_, before), (now, after) in pairwise(sent) if before != after]
    return [change - time for time, change in zip(times, [each for each in moved if each > 20], strict=True)]


def test_latencies(summary: Counter[str]) -> None:
    """From a tracker's change to the advert with the new priority: the least, the most and the mean of ten."""
    wrong = []
    for row in rows("latency"):
        release = row["keepalived_version"]
        for config, (which, measured) in zip(row["config"].split("#----"), row["result"].items(), strict=False):
            interval = float(which.removeprefix("advert_int "))
            one = node("A", config, release, "10.9.0.1")
            for instance, thing, states, recorded in (
                ("SC", "script:p", ("ko", "ok"), measured["flag_to_advert"]),
                ("IF", "interface:eth1", ("down", "up"), measured["iface_to_advert"]),
                ("FI", "file:f", (10, 0), measured["file_to_advert"]),
            ):
                if recorded is None or instance not in intervals(one):
                    continue
                summary["timeline latencies"] += 1
                found = latencies(one, instance, thing, states)
                for key, value in (("min", min(found)), ("max", max(found)), ("mean", sum(found) / len(found))):
                    if key == "max" and instance == "IF":
                        continue  # the kernel says of a carrier at most once a second that it has changed
                    if abs(recorded[key] - value) > interval + SLACK:
                        wrong.append((release, which, instance, key, recorded[key], value))
    assert not wrong, "\n".join(map(str, wrong))
