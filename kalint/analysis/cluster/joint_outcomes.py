"""All that the priorities of a node's instances can come to together, where sync groups bind them.

The instances share things, so their priorities are no product: a node's outcome is one priority for each of them. What
an election cannot tell apart counts once, with the fewest things down.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.effect import effect
from kalint.semantics.priority import effective
from kalint.semantics.states import GOOD

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Tracker

MOST = 4000
"""At most this many outcomes of one node are kept."""

Deltas = tuple["int | None", ...]
"""What a state of a thing adds to each instance; None is FAULT."""


class TooManyError(Exception):
    """More outcomes or combinations than can be gone through."""


class Option(NamedTuple):
    """A state of a thing, and what it does to each instance of the node."""

    state: str
    deltas: Deltas


class Cause(NamedTuple):
    """A thing that a node's instances hang on, the good state first."""

    key: str
    options: tuple[Option, ...]


class Vector(NamedTuple):
    """An outcome of a node: a priority for each instance (None: FAULT), and the fewest things down for it."""

    priorities: tuple[int | None, ...]
    witness: Mapping[str, str]


def causes(members: Sequence[Member]) -> tuple[Cause, ...]:
    """The things of one node's instances, each with the states that differ in what they do."""
    labels: dict[str, dict[str, None]] = {}
    for member in members:
        for thing in member.reach.things:
            labels.setdefault(thing.key, {}).update(dict.fromkeys(choice.state for choice in thing.choices))
    own = [_by_key(member.instance.trackers) for member in members]
    shared = {id(faults): _by_key(faults) for faults in (member.instance.group_faults for member in members)}
    of_group = [shared[id(member.instance.group_faults)] for member in members]
    found = []
    for key, states in labels.items():
        options: dict[Deltas, Option] = {}
        for state in states:
            deltas = tuple(
                _delta(member.node.resolved.profile, mine.get(key, ()), every.get(key, ()), state)
                for member, mine, every in zip(members, own, of_group, strict=True)
            )
            options.setdefault(deltas, Option(state, deltas))
        found.append(Cause(key, tuple(options.values())))
    return tuple(found)


def _by_key(trackers: Iterable[Tracker]) -> Mapping[str, Sequence[Tracker]]:
    found: dict[str, list[Tracker]] = {}
    for tracker in trackers:
        found.setdefault(tracker.key, []).append(tracker)
    return found


def _delta(profile: Profile, own: Sequence[Tracker], of_group: Sequence[Tracker], state: str) -> int | None:
    """What a state of a thing adds to an instance through its own trackers; those of its group only fault."""
    effects = [effect(tracker, _value(tracker, state), profile) for tracker in own]
    if any(found.fault for found in effects):
        return None
    if any(effect(tracker, _value(tracker, state), profile).fault for tracker in of_group):
        return None
    return sum(found.delta for found in effects)


def _value(tracker: Tracker, state: str) -> int | str:
    return int(state) if tracker.kind == "file" else state


def limited(every: Sequence[Cause], good: Container[str], bad: Container[str]) -> tuple[Cause, ...]:
    """The things with those that fail as one in the state that a case gives them: good, or any of the bad ones."""
    found = []
    for cause in every:
        options = cause.options
        if len(options) > 1 and cause.key in bad:
            options = options[1:]
        elif cause.key in good:
            options = options[:1]
        found.append(cause._replace(options=options))
    return tuple(found)


def sums(members: Sequence[Member], every: Sequence[Cause]) -> dict[Deltas, Mapping[str, str]]:
    """Every sum of the bases and what the things add, not clamped, each with the fewest things down.

    Raises:
        TooManyError: there are too many.
    """
    start: Deltas = tuple(
        None if member.instance.silent is not None else member.instance.base_priority.value for member in members
    )
    totals: dict[Deltas, Mapping[str, str]] = {start: {}}
    for cause in every:
        grown: dict[Deltas, Mapping[str, str]] = {}
        for option in cause.options:
            down = {} if option.state in GOOD else {cause.key: option.state}
            for total, witness in totals.items():
                after = added(total, option.deltas)
                known = grown.get(after)
                if known is None or len(witness) + len(down) < len(known):
                    grown[after] = {**witness, **down}
        if len(grown) > MOST:
            raise TooManyError
        totals = grown
    return totals


def added(total: Deltas, deltas: Deltas) -> Deltas:
    """One thing more in a sum: a FAULT stays one."""
    return tuple(
        None if mine is None or more is None else mine + more for mine, more in zip(total, deltas, strict=True)
    )


def clamped(members: Sequence[Member], total: Deltas) -> tuple[int | None, ...]:
    """The effective priorities of a sum."""
    return tuple(effective(member.instance, value) for member, value in zip(members, total, strict=True))


def vectors(members: Sequence[Member], every: Sequence[Cause]) -> list[Vector]:
    """All outcomes of a node, each with the fewest things down.

    Raises:
        TooManyError: there are too many.
    """
    found: dict[tuple[int | None, ...], Mapping[str, str]] = {}
    for total, witness in sums(members, every).items():
        priorities = clamped(members, total)
        if priorities not in found or len(witness) < len(found[priorities]):
            found[priorities] = witness
    return [Vector(priorities, witness) for priorities, witness in found.items()]


def cuts(values: Iterable[int | None], gaps: Iterable[float]) -> list[int]:
    """Where the priorities of others, and what is near to them, cut the priorities of a node into classes."""
    near = {0, *(int(-(-gap // 1)) for gap in gaps)}
    return sorted({value + sign * gap for value in values if value is not None for gap in near for sign in (1, -1)})


def classes(found: Sequence[Vector], borders: Sequence[Sequence[int]]) -> list[Vector]:
    """One outcome of each class that the borders make, the one with the fewest things down."""
    from bisect import bisect_left, bisect_right

    def of(priorities: tuple[int | None, ...]) -> tuple[int, ...]:
        return tuple(
            -1 if value is None else bisect_left(border, value) + bisect_right(border, value)
            for value, border in zip(priorities, borders, strict=True)
        )

    best: dict[tuple[int, ...], Vector] = {}
    for vector in found:
        key = of(vector.priorities)
        if key not in best or len(vector.witness) < len(best[key].witness):
            best[key] = vector
    return list(best.values())


def changes(
    members: Sequence[Member], every: Sequence[Cause], key: str
) -> Iterator[tuple[tuple[int | None, ...], tuple[int | None, ...]]]:
    """The outcomes before and after each change of one thing's state, in every state of all else.

    Raises:
        TooManyError: there are too many.
    """
    (cause,) = (cause for cause in every if cause.key == key)
    for total in sums(members, [other for other in every if other is not cause]):
        after = list(dict.fromkeys(clamped(members, added(total, option.deltas)) for option in cause.options))
        for one in after:
            for other in after:
                if one != other:
                    yield one, other
