"""A scenario that shows a counterexample: the events of its history at times between which all settles.

The order in which the daemons start, and the moment of what takes too long, are looked for by running the simulation:
a scenario is handed out only if its run has the masters, or the priority, of the counterexample.
"""

from __future__ import annotations

from itertools import permutations
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.requirements.scope import real_priority
from kalint.analysis.timing.detection import DetectionTimes
from kalint.semantics.timers import SECOND, timers_of
from kalint.simulation.event import BACKUP, MASTER
from kalint.simulation.options import startup_delay
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import DaemonEvent, LinkEvent, Scenario
from kalint.simulation.steps import Step, steps_of, variants
from kalint.simulation.summary import Masters, Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.members import Node, Router
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.cluster.verdict import Counterexample, Verdict
    from kalint.simulation.scenario import Action
    from kalint.simulation.summary import RouterKey

MOST_ORDERS = 24
"""At most this many orders in which the daemons start are tried."""
PHASES = 20
"""A failure that takes too long is tried at this many moments of an interval."""
_OF_SITUATIONS = ("priority", "in fault", "never in fault")
_EARLY = 1000
"""Microseconds before an advert: a stall that begins then keeps it back."""


class Entry(NamedTuple):
    """What happens at a time (microseconds): `said` in words, `actions` as the scenario has them."""

    time: int
    said: str
    actions: tuple[Action, ...]


class Shown(NamedTuple):
    """A scenario that shows a counterexample.

    Args:
        entries: what happens, in order of time.
        duration: when the run ends, in microseconds.
        order: the nodes in the order in which they start, empty: all start at once.
        masters: who is master of the router at the end.
        seconds: how long the last change of the masters takes in the run, None: the claim is not about time.
    """

    entries: tuple[Entry, ...]
    duration: int
    order: tuple[str, ...]
    masters: tuple[str, ...]
    seconds: float | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario as the simulation takes it."""
        events = tuple((entry.time, action) for entry in self.entries for action in entry.actions)
        return Scenario(self.duration, events, frozenset(self.order[1:]))


class _Seen(NamedTuple):
    """A run: who is master of each router from when on, the adverts of each node, and each instance at the end."""

    masters: Mapping[RouterKey | None, Sequence[tuple[int, tuple[str, ...]]]]
    keys: Mapping[tuple[str, str], RouterKey]
    adverts: Sequence[tuple[int, str]]
    ends: Mapping[tuple[str, str], tuple[str, int]]

    def at(self, router: Router, time: int) -> tuple[str, ...]:
        """Who is master of a router just before a time."""
        found: tuple[str, ...] = ()
        for since, names in self.changes(router):
            if since < time:
                found = names
        return found

    def changes(self, router: Router) -> Sequence[tuple[int, tuple[str, ...]]]:
        member = router.members[0]
        return self.masters.get(self.keys.get((member.node.name, member.instance.name)), ())


def shown(cluster: Cluster, verdict: Verdict) -> Shown | None:
    """A scenario whose run shows why a requirement fails; None: no run that was tried does.

    Args:
        cluster: the nodes.
        verdict: one that has a counterexample.
    """
    example = verdict.counterexample
    if example is None:
        return None
    return next(_Search(cluster, verdict, example).found(), None)


class _Search:
    def __init__(self, cluster: Cluster, verdict: Verdict, example: Counterexample) -> None:
        self.cluster, self.verdict, self.example = cluster, verdict, example
        self.nodes = cluster.nodes
        self.steps = steps_of(cluster, example)
        self.of_situation = verdict.requirement.claim.kind in _OF_SITUATIONS
        self.gap = gap_of(cluster.nodes) * SECOND
        events = verdict.requirement.condition.events
        self.stall = round(events[0].seconds * SECOND) if events and events[0].verb == "stalls" else 0

    def found(self) -> Iterator[Shown]:
        """The scenarios that show it, those without an order of the starts first."""
        for order in _orders([node.name for node in self.nodes]):
            starts = self._starts(order)
            first = self.gap * max(1, len(order))
            if not self.of_situation:
                seen = self._run(Shown(starts, first, order, ()))
                if seen.at(self.example.router, first) != self.example.start:
                    continue
            yield from (
                self._timed(starts, first, order)
                if self.example.seconds is not None
                else self._plain(starts, first, order)
            )

    def _starts(self, order: Sequence[str]) -> tuple[Entry, ...]:
        return tuple(
            Entry(number * self.gap, f"{name} starts", (DaemonEvent(name, "start"),))
            for number, name in enumerate(order)
            if number
        )

    def _entries(self, steps: Sequence[Step], first: int, early: int = 0) -> tuple[Entry, ...]:
        """The steps, one after the other; the last is `early` microseconds later than it could be."""
        found = []
        for number, step in enumerate(steps):
            time = first + number * self.gap + (early if number == len(steps) - 1 else 0)
            found.append(Entry(time, step.said, step.actions))
            if step.happened is not None and step.happened.verb == "stalls":
                back = tuple(action._replace(lost=0.0) for action in step.actions if isinstance(action, LinkEvent))
                found.append(Entry(time + self.stall, f"{step.happened.node} goes on", back))
        return tuple(found)

    def _plain(self, starts: tuple[Entry, ...], first: int, order: tuple[str, ...]) -> Iterator[Shown]:
        end = first + self.gap * (len(self.steps) + 1) + self.stall
        late = self._before_advert(starts, first, order) if self.stall else 0
        made = Shown((*starts, *self._entries(self.steps, first, late)), end, order, self.example.masters)
        if self._shows(made, self._run(made), first):
            yield made

    def _before_advert(self, starts: tuple[Entry, ...], first: int, order: tuple[str, ...]) -> int:
        """How long to wait until a stall keeps back an advert that was due at once."""
        node = next(step.happened.node for step in self.steps if step.happened is not None)
        seen = self._run(Shown(starts, first + self.gap, order, ()), adverts=True)
        return next((time - first - _EARLY for time, name in seen.adverts if name == node and time > first), 0)

    def _timed(self, starts: tuple[Entry, ...], first: int, order: tuple[str, ...]) -> Iterator[Shown]:
        """The same where only the time is too long: the worst of several moments and of several ways to fail."""
        within = self.verdict.requirement.within or 0.0
        best: Shown | None = None
        for last in variants(self.steps[-1]):
            for phase in range(PHASES):
                early = phase * self._period() // PHASES
                entries = (*starts, *self._entries((*self.steps[:-1], last), first, early))
                made = Shown(entries, entries[-1].time + 2 * self.gap, order, self.example.masters)
                seen = self._run(made)
                if not self._shows(made, seen, first):
                    continue
                times = [time for time, _ in seen.changes(self.example.router) if time > entries[-1].time]
                seconds = (times[-1] - entries[-1].time) / SECOND if times else 0.0
                if seconds > within and (best is None or seconds > (best.seconds or 0.0)):
                    best = made._replace(seconds=seconds)
        if best is not None:
            yield best

    def _period(self) -> int:
        """The longest interval of scripts and adverts, in microseconds."""
        found = [script.interval.value for node in self.nodes for script in node.resolved.scripts]
        found += [instance.advert_interval.value for node in self.nodes for instance in node.resolved.instances]
        return round(max(found, default=1.0) * SECOND)

    def _run(self, made: Shown, adverts: bool = False) -> _Seen:
        summary = Summary(self.nodes)
        simulation = Simulation(self.nodes, made.scenario._replace(adverts=adverts))
        masters: dict[RouterKey | None, list[tuple[int, tuple[str, ...]]]] = {}
        told = []

        def note(records: Sequence[object]) -> None:
            for record in records:
                if isinstance(record, Masters):
                    masters.setdefault(record.router, []).append((record.time, record.nodes))

        for event in simulation.run():
            note(summary.add(event))
            if event.kind == "advert":
                told.append((event.time, event.node))
        note(list(summary.finish(made.duration)))
        ends = {
            (name, instance): (router.state, router.priority)
            for name, daemon in simulation.daemons.items()
            for instance, router in daemon.routers.items()
        }
        return _Seen(masters, summary.members, told, ends)

    def _shows(self, made: Shown, seen: _Seen, first: int) -> bool:
        """Whether a run is the counterexample: after each step, or of a stall in between, the masters that it has."""
        example = self.example
        if self.of_situation:
            return self._has_priority(seen)
        ends = [*[entry.time for entry in made.entries if entry.time >= first][1:], made.duration]
        if self.stall:
            during = [names for time, names in seen.changes(example.router) if time >= first]
            return example.masters in (seen.at(example.router, first), *during)
        for step, end in zip(self.steps, ends, strict=False):  # without steps only the end counts
            if step.happened is not None and seen.at(example.router, end) != step.happened.masters:
                return False
        others = self.verdict.routers[1:] if self.verdict.requirement.claim.kind in ("same", "different") else ()
        return seen.at(example.router, made.duration) == example.masters and all(
            seen.at(router, made.duration) == example.other for router in others
        )

    def _has_priority(self, seen: _Seen) -> bool:
        names = [*self.verdict.requirement.claim.nodes, *filter(None, [self.verdict.requirement.claim.other])]
        for member in self.example.router.members:
            if member.node.name not in [name.text for name in names]:
                continue
            state, priority = seen.ends[member.node.name, member.instance.name]
            expected = real_priority(member, self.example.down)
            if (expected is None) == (state in (BACKUP, MASTER)) or expected not in (None, priority):
                return False
        return True


def _orders(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """No order, then each in which they may start; of many nodes each one as the first."""
    yield ()
    found = list(permutations(names)) if len(names) <= 4 else [(name, *_without(names, name)) for name in names]
    yield from found[:MOST_ORDERS]


def _without(names: Sequence[str], name: str) -> list[str]:
    return [each for each in names if each != name]


def gap_of(nodes: Sequence[Node]) -> int:
    """Seconds after which a cluster has surely settled: what is slowest to notice, and two elections after it."""
    noticed, elected = 0.0, 0.0
    for node in nodes:
        noticing = DetectionTimes(node.resolved)
        elected = max(elected, startup_delay(node.resolved) / SECOND)
        for instance in node.resolved.instances:
            for tracker in (*instance.trackers, *instance.group_faults):
                noticed = max(noticed, *(delay.worst for delay in noticing.noticed(tracker)))
            down = timers_of(instance, node.resolved.profile).master_down(1) / SECOND
            elected = max(elected, down + instance.preempt_delay.value)
    return 5 * ceil((noticed + 3 * elected + 2) / 5)
