"""What the priorities of one node can come to while some of its things are fixed, each with the fewest things down."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.joint_outcomes import TooManyError
from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.reach.reachable import Choice, reach_of
from kalint.analysis.reach.reachable import Thing as Tracked
from kalint.analysis.requirements.things import Thing, TrackersByThing, own_link, things_of_member
from kalint.semantics.effect import behaviour, effect
from kalint.semantics.priority import effective
from kalint.semantics.states import starting_state

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member

MOST_SUMS = 4000
"""At most this many outcomes of one node are kept."""

GOOD = -1
"""The number of a thing's good state, beside those of its bad ones."""

Allowed = Mapping[tuple[str, str], tuple[int, ...]]
"""The states that things may be in, by node and key: `GOOD`, or the number of a bad one; what is missing: any."""


Sums = tuple["int | None", ...]
"""A sum for each column, not limited; None: FAULT, or not heard."""
Linked = tuple[int, "tuple[tuple[Thing, int], object] | None"]
"""How many things are down for a sum, and these, each with the rest."""


class Column(NamedTuple):
    """One priority that is asked for. `heard`: as others hear of it, None where the own interface is down."""

    member: Member
    heard: bool = True


class Vector(NamedTuple):
    """An outcome of a node: a priority for each column (None: FAULT, stopped, not heard), and what is down for it."""

    values: tuple[int | None, ...]
    down: tuple[tuple[Thing, int], ...]


class Tables:
    """The outcomes of the nodes of a cluster; each is worked out once.

    Args:
        things: everything that can fail; what fails as one is passed as fixed.
    """

    def __init__(self, things: Sequence[Thing]) -> None:
        self._of_node: dict[str, dict[str, tuple[int, Thing]]] = {}
        for place, thing in enumerate(things):
            self._of_node.setdefault(thing.node, {})[thing.key] = place, thing
        self._known: dict[object, list[Vector]] = {}
        self.trackers = TrackersByThing()

    def vectors(self, node: str, columns: Sequence[Column], fixed: Allowed, forced: Mapping[str, str]) -> list[Vector]:
        """Every outcome of a node.

        Args:
            node: its name.
            columns: of its members.
            fixed: the states that some of its things may be in.
            forced: the states of its things that are down because they fail as one with others.

        Raises:
            TooManyError: there are too many.
        """
        mine = {key: states for (name, key), states in fixed.items() if name == node}
        key = (
            node,
            tuple((id(each.member), each.heard) for each in columns),
            frozenset(mine.items()),
            tuple(forced.items()),
        )
        if key not in self._known:
            self._known[key] = self._vectors(node, columns, mine, forced)
        return self._known[key]

    def _vectors(
        self, node: str, columns: Sequence[Column], fixed: Mapping[str, tuple[int, ...]], forced: Mapping[str, str]
    ) -> list[Vector]:
        gone = (None,) * len(columns)
        if DAEMON in forced:
            return [Vector(gone, ())]
        mine = self._of_node.get(node, {})
        _, daemon = mine.get(DAEMON, (0, None))
        mattering = frozenset().union(fixed, *(things_of_member(column.member) for column in columns))
        placed = sorted(mine[key] for key in mattering - {DAEMON} if key in mine and key not in forced)
        others = [thing for _, thing in placed]
        found: list[Vector] = []
        may = fixed.get(DAEMON, (GOOD, 0)) if daemon is not None else (GOOD,)
        if GOOD in may:
            outcomes = _of_one if len(columns) == 1 else _of_several
            found = outcomes(self.trackers, columns, others, fixed, forced)
        if daemon is not None and 0 in may:
            kept = [(thing, states[0]) for thing in others if GOOD not in (states := _allowed(thing, fixed))]
            if not any(vector.values == gone and len(vector.down) <= 1 + len(kept) for vector in found):
                found = [vector for vector in found if vector.values != gone]
                found.append(Vector(gone, (*kept, (daemon, 0))))
        return found


def _allowed(thing: Thing, fixed: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    return fixed.get(thing.key, (GOOD, *range(len(thing.states))))


def _of_one(
    trackers: TrackersByThing,
    columns: Sequence[Column],
    things: Sequence[Thing],
    fixed: Mapping[str, tuple[int, ...]],
    forced: Mapping[str, str],
) -> list[Vector]:
    """By the member's own table: sums of any size are no matter there."""
    column = columns[0]
    instance = column.member.instance
    by_key = {thing.key: thing for thing in things}
    tracked = {thing.key: thing for thing in column.member.reach.things}
    keys = list(tracked)
    if column.heard and own_link(column.member) not in tracked:
        keys.append(own_link(column.member))
    must = {thing.key: (thing, states[0]) for thing in things if GOOD not in (states := _allowed(thing, fixed))}
    every: dict[str, list[tuple[int, Choice]]] = {}
    limited: list[Tracked] = []
    alike: dict[Hashable, list[tuple[int, Choice]]] = {}
    for key in keys:
        thing = by_key.get(key)
        options: list[tuple[int, str | None]] = [(GOOD, forced.get(key))]
        if thing is not None and key not in forced:
            options = [(number, None if number == GOOD else thing.states[number]) for number in _allowed(thing, fixed)]
        does = tuple([(behaviour(tracker), own) for tracker, own in trackers.of(column.member, key)])
        kind = does, key == own_link(column.member), tuple(options)
        if kind not in alike:
            alike[kind] = [(number, choice_of(trackers, column, key, state)) for number, state in options]
        every[key] = alike[kind]
        shown = [choice for _, choice in every[key]]
        if options[0][0] != GOOD:
            shown.insert(0, Choice("", 0, True))  # what is not good counts, and this is no state that it may have
        limited.append(Tracked(key, tracked[key].trackers if key in tracked else (), tuple(shown)))
    apart = {key: each for key, each in must.items() if key not in keys}
    found = []
    for reached in reach_of(instance, limited).reachable:
        down = {key: (by_key[key], by_key[key].states.index(state)) for key, state in reached.witness.items()}
        found.append(Vector((reached.priority,), tuple({**apart, **down}.values())))
    fault = {} if instance.silent is not None else _fault(every, by_key, must)
    if fault is not None:
        found.append(Vector((None,), tuple({**must, **fault}.values())))
    return found


def _fault(
    every: Mapping[str, Sequence[tuple[int, Choice]]],
    by_key: Mapping[str, Thing],
    must: Mapping[str, tuple[Thing, int]],
) -> dict[str, tuple[Thing, int]] | None:
    """What has to be down for a FAULT beside what must be anyway: nothing, or one thing; None: no FAULT is possible."""
    costly: dict[str, tuple[Thing, int]] | None = None
    for key, choices in every.items():
        for number, choice in choices:
            if not choice.fault:
                continue
            if number == GOOD:
                return {}
            found = {key: (by_key[key], number)}
            if key in must:
                return found
            costly = costly or found
    return costly


def choice_of(trackers: TrackersByThing, column: Column, key: str, state: str | None) -> Choice:
    """What a state of a thing does to one member; None: the good one."""
    delta = _delta(trackers, column, key, state)
    return Choice(state or "", delta or 0, delta is None)


def _of_several(
    trackers: TrackersByThing,
    columns: Sequence[Column],
    things: Sequence[Thing],
    fixed: Mapping[str, tuple[int, ...]],
    forced: Mapping[str, str],
) -> list[Vector]:
    """By all sums of the columns together: they share things.

    Columns to which every state of everything adds the same are one there: two instances of a group mostly are.
    """
    first = _start(trackers, columns, things, forced)
    steps: list[tuple[Thing, dict[Sums, int]]] = []
    for thing in things:
        options: dict[Sums, int] = {}
        for number in _allowed(thing, fixed):
            deltas = _deltas(trackers, columns, thing.key, None if number == GOOD else thing.states[number])
            options.setdefault(deltas, number)
        if options != {(0,) * len(columns): GOOD}:
            steps.append((thing, options))
    place, apart = _apart([deltas for _, options in steps for deltas in options], len(columns))
    totals: dict[Sums, Linked] = {(0,) * len(apart): (0, None)}
    for thing, options in steps:
        totals = _grown(
            totals, thing, {tuple(deltas[at] for at in apart): number for deltas, number in options.items()}
        )
        if len(totals) > MOST_SUMS:
            raise TooManyError
    best: dict[Sums, Linked] = {}
    for total, linked in totals.items():
        whole = _added(first, tuple(total[at] for at in place))
        values = tuple(effective(column.member.instance, value) for column, value in zip(columns, whole, strict=True))
        if values not in best or linked[0] < best[values][0]:
            best[values] = linked
    return [Vector(values, _unlinked(down)) for values, (_, down) in best.items()]


def _apart(every: Sequence[Sums], count: int) -> tuple[list[int], list[int]]:
    """For each column which of those that differ it is like, and the columns that differ."""
    apart: dict[Sums, int] = {}
    place: list[int] = []
    first: list[int] = []
    for column in range(count):
        added = tuple(deltas[column] for deltas in every)
        if added not in apart:
            apart[added] = len(first)
            first.append(column)
        place.append(apart[added])
    return place, first


def _start(
    trackers: TrackersByThing, columns: Sequence[Column], things: Sequence[Thing], forced: Mapping[str, str]
) -> Sums:
    """The bases with what is good or fails for sure."""
    start: Sums = tuple(
        None if column.member.instance.silent is not None else column.member.instance.base_priority.value
        for column in columns
    )
    for key, state in forced.items():
        start = _added(start, _deltas(trackers, columns, key, state))
    keys = {thing.key for thing in things} | set(forced)
    for key in dict.fromkeys(each.key for column in columns for each in column.member.reach.things):
        if key not in keys:
            start = _added(start, _deltas(trackers, columns, key, None))
    return start


def _grown(totals: Mapping[Sums, Linked], thing: Thing, options: Mapping[Sums, int]) -> dict[Sums, Linked]:
    """All sums with one thing more, each with the fewest things down."""
    grown: dict[Sums, Linked] = {}
    for deltas, number in options.items():
        cheap, same = number == GOOD, not any(delta is None or delta for delta in deltas)
        for total, (cost, down) in totals.items():
            after = total if same else _added(total, deltas)
            price = cost if cheap else cost + 1
            known = grown.get(after)
            if known is None or price < known[0]:
                grown[after] = price, down if cheap else ((thing, number), down)
    return grown


def _unlinked(linked: object) -> tuple[tuple[Thing, int], ...]:
    found = []
    while isinstance(linked, tuple):
        found.append(linked[0])
        linked = linked[1]
    return tuple(reversed(found))


def _added(total: Sums, deltas: Sums) -> Sums:
    if len(total) == 1:  # by far the most
        (one,), (more,) = total, deltas
        return (None if one is None or more is None else one + more,)
    return tuple(None if one is None or more is None else one + more for one, more in zip(total, deltas, strict=True))


def _deltas(trackers: TrackersByThing, columns: Sequence[Column], key: str, state: str | None) -> Sums:
    """What a state of a thing adds to each column; None as a state: the good one; None as a delta: FAULT."""
    return tuple(_delta(trackers, column, key, state) for column in columns)


def _delta(trackers: TrackersByThing, column: Column, key: str, state: str | None) -> int | None:
    member = column.member
    if column.heard and state == "down" and key == own_link(member):
        return None
    profile = member.node.resolved.profile
    total = 0
    for tracker, own in trackers.of(member, key):
        value = starting_state(tracker) if state is None else int(state) if tracker.kind == "file" else state
        found = effect(tracker, value, profile)
        if found.fault:
            return None
        total += found.delta if own else 0
    return total
