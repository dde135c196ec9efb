"""Every effective priority that an instance can reach, and what has to be down for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach.steps import Step
from kalint.analysis.reach.sums import counts, idle_steps, outcomes
from kalint.semantics.effect import behaviour, effect, states
from kalint.semantics.priority import effective
from kalint.semantics.resolved import OWNER, Instance, Tracker

if TYPE_CHECKING:
    from kalint.semantics.profile import Profile


MOST_BITS = 14_000
"""Bits of the largest number of combinations that is said: 4,215 digits."""


class Choice(NamedTuple):
    """A state that a thing can be in, and what all its trackers on this instance then do together.

    `state` is `ok`, `ko`, `up`, `down`, or an integer for a file. `fault` wins over `delta`, which is 0 then.
    """

    state: str
    delta: int
    fault: bool


class Thing(NamedTuple):
    """A tracked thing with its states. A thing tracked twice is one thing.

    The first of `choices` is the good one, and the others stand in the order in which they explain best: a file's
    values by their size.
    `trackers` are this instance's own, without ignored ones: none where only another member of its sync group
    depends on the thing, and faults with it.
    """

    key: str
    trackers: tuple[Tracker, ...]
    choices: tuple[Choice, ...]


_MemberFaults = tuple[dict[str, list[Tracker]], dict[str, Thing]]
"""What can FAULT a sync group: the trackers of all members by key, and the things of other members alone."""

_KnownChoices = dict[Hashable, tuple[Choice, ...]]
"""The choices of things, by all that they hang on: hundreds of files that do the same have hundreds of states each."""


class Reached(NamedTuple):
    """One outcome: the effective priority (None: FAULT).

    `witness` are the fewest things that are not good then. Of several such sets it is the one whose last thing stands
    first in the file (then the last but one, and so on). Of a file's values it is the smallest in size.
    """

    priority: int | None
    witness: Mapping[str, str]


class Dead(NamedTuple):
    """Why no state of a tracked thing changes anything.

    `reason` is the tracker's `ignored`, or `owner`, `saturated`, `cancelled` (the thing's trackers cancel each
    other), `fault` (the instance is in FAULT whatever the state), or `silent` (it sends no adverts).
    """

    tracker: Tracker
    reason: str


class Reach(NamedTuple):
    """All of it for one instance. `reachable` is in order of priority; `fault` is None where it cannot fault.

    `nominal` is the effective priority while nothing is down (None: FAULT even then).
    `combinations` counts all combinations of all things' choices; `counted` says how many there are of each outcome.
    """

    instance: Instance
    things: tuple[Thing, ...]
    reachable: tuple[Reached, ...]
    fault: Reached | None
    nominal: int | None
    combinations: int
    dead: tuple[Dead, ...]


def reach(instance: Instance, profile: Profile) -> Reach:
    """Every outcome of one instance over all states of the things it hangs on."""
    return reach_of(instance, things_of(instance, profile))


def reaching(profile: Profile, fixed: Mapping[str, str] = {}, good: bool = False) -> Callable[[Instance], Reach]:
    """`reach` for all instances of a configuration: what the members of a sync group share is worked out once.

    Args:
        profile: the release's.
        fixed: things by their key that have only this state.
        good: all others have only the good one.
    """
    groups: dict[int, _MemberFaults] = {}
    known: _KnownChoices = {}

    def reach_one(instance: Instance) -> Reach:
        faults = instance.group_faults
        members = groups.get(id(faults))
        if members is None:
            members = groups[id(faults)] = _member_faults(faults, profile, fixed, known)
        things = _things(instance, profile, fixed, members, known)
        if good:
            things = tuple(
                [thing if thing.key in fixed else thing._replace(choices=thing.choices[:1]) for thing in things]
            )
        return reach_of(instance, things)

    return reach_one


def things_of(instance: Instance, profile: Profile) -> tuple[Thing, ...]:
    """The things that decide about an instance.

    Its own come first, in the order of its trackers, then those that only fault another member of its sync group, and
    with it the instance.
    """
    known: _KnownChoices = {}
    return _things(instance, profile, {}, _member_faults(instance.group_faults, profile, {}, known), known)


def _member_faults(
    faults: Sequence[Tracker], profile: Profile, fixed: Mapping[str, str], known: _KnownChoices
) -> _MemberFaults:
    trackers: dict[str, list[Tracker]] = {}
    for tracker in faults:
        trackers.setdefault(tracker.key, []).append(tracker)
    things = {key: Thing(key, (), _known(known, [], same, profile, fixed.get(key))) for key, same in trackers.items()}
    return trackers, things


def _things(
    instance: Instance, profile: Profile, fixed: Mapping[str, str], members: _MemberFaults, known: _KnownChoices
) -> tuple[Thing, ...]:
    own: dict[str, list[Tracker]] = {}
    for tracker in instance.trackers:
        if tracker.ignored is None:
            own.setdefault(tracker.key, []).append(tracker)
    things = []
    for key, same in own.items():
        choices = _known(known, same, members[0].get(key, []), profile, fixed.get(key))
        things.append(Thing(key, tuple(same), choices))
    if members[1]:
        things += [thing for key, thing in members[1].items() if key not in own]
    return tuple(things)


def _known(
    known: _KnownChoices, own: list[Tracker], members: list[Tracker], profile: Profile, fixed: str | None
) -> tuple[Choice, ...]:
    """The choices of a thing; things that differ in nothing but their name share them."""
    key = fixed, tuple(map(behaviour, own)), tuple(map(behaviour, members))
    if key not in known:
        known[key] = _choices(own, members, profile, fixed)
    return known[key]


def _choices(own: list[Tracker], members: list[Tracker], profile: Profile, fixed: str | None) -> tuple[Choice, ...]:
    """What the states of one thing do through all its trackers; those of members only fault."""
    if fixed is None and len(own) == 1 and all(tracker == own[0] for tracker in members):
        return tuple(Choice(*found) for found in states(own[0], profile))
    together = [*own, *members]
    labels = [state for tracker in together for state, _, _ in states(tracker, profile)] if fixed is None else [fixed]
    choices: dict[object, Choice] = {}
    for label in sorted(set(labels), key=_size) if together[0].kind == "file" else labels:
        state = int(label) if together[0].kind == "file" else label
        effects = [effect(tracker, state, profile) for tracker in together]
        fault = any(found.fault for found in effects)
        delta = 0 if fault else sum(found.delta for found in effects[: len(own)])
        choices.setdefault((delta, fault) if together[0].kind == "file" else label, Choice(label, delta, fault))
    return tuple(choices.values())


def _size(value: str) -> tuple[int, bool]:
    return abs(int(value)), value.startswith("-")


class _Sum(NamedTuple):
    """The clamped sum that things make while nothing faults.

    `sound` are the choices of each thing that do not fault, `clean` their combinations. The `steps` are those of the
    things at `stepping`, the others add to the `base`, some (`forced`) since their good state faults.
    """

    sound: list[list[Choice]]
    clean: int
    base: int
    steps: list[Step]
    stepping: list[int]
    forced: dict[int, Choice]


def _sum(instance: Instance, things: Sequence[Thing]) -> _Sum:
    sound = [[choice for choice in thing.choices if not choice.fault] for thing in things]
    base = instance.base_priority.value
    steps: list[Step] = []
    stepping: list[int] = []
    forced: dict[int, Choice] = {}
    for index, (thing, choices) in enumerate(zip(things, sound, strict=True)):
        if len(choices) > 1:
            stepping.append(index)
            good = 1 if choices[0] is thing.choices[0] else 0
            steps.append(Step(choices[0].delta if good else None, tuple([choice.delta for choice in choices[good:]])))
        elif choices:
            base += choices[0].delta
            if choices[0] is not thing.choices[0]:
                forced[index] = choices[0]
    return _Sum(sound, sound_combinations(instance, things), base, steps, stepping, forced)


def sound_combinations(instance: Instance, things: Sequence[Thing]) -> int:
    """How many combinations of these things' choices are no FAULT."""
    if instance.silent is not None:
        return 0
    return prod([sum([not choice.fault for choice in thing.choices]) for thing in things])


def reach_of(instance: Instance, things: Sequence[Thing]) -> Reach:
    """Every outcome over all choices of these things. A choice that faults wins over every delta."""
    sound, clean, base, steps, stepping, forced = _sum(instance, things)
    combinations = prod([len(thing.choices) for thing in things])
    reachable = []
    if clean:
        found = {OWNER: _owner_picks(steps)} if instance.owner else outcomes(base, steps)
        for priority in sorted(found):
            down = dict(forced)
            for step, number in found[priority]:
                down[stepping[step]] = sound[stepping[step]][number + (steps[step].good is not None)]
            witness = {things[index].key: down[index].state for index in sorted(down)}
            reachable.append(Reached(priority, witness))
    return Reach(
        instance,
        tuple(things),
        tuple(reachable),
        _fault(instance, things, combinations - clean),
        _nominal(instance, things),
        combinations,
        tuple(_dead(instance, things, clean, {stepping[at] for at in _idle(instance, base, steps)})),
    )


def counted(reach: Reach) -> dict[int | None, int | None]:
    """In how many combinations of all states each outcome of a table comes out, exactly: None is FAULT.

    It is worked out only where somebody wants to see it: with hundreds of things these are numbers of hundreds of
    digits, and take longer than all else. A number is None where that would take more than a second or two.
    """
    instance, things = reach.instance, reach.things
    _, clean, base, steps, _, _ = _sum(instance, things)
    found: dict[int | None, int | None] = {}
    if clean and instance.owner:
        found[OWNER] = clean
    elif clean:
        known = counts(base, steps)
        found.update((each.priority, None) for each in reach.reachable if known is None)
        found.update((known or {}).items())
    if reach.combinations > clean:
        found[None] = reach.combinations - clean
    return {outcome: written(count) for outcome, count in found.items()}


def written(count: int | None) -> int | None:
    """A number of combinations where it can be written: Python writes no integer of more than 4,300 digits."""
    return None if count is None or count.bit_length() > MOST_BITS else count


def _owner_picks(steps: Sequence[Step]) -> tuple[tuple[int, int], ...]:
    return tuple([(at, 0) for at, step in enumerate(steps) if step.good is None])


def _idle(instance: Instance, base: int, steps: Sequence[Step]) -> set[int]:
    return set(range(len(steps))) if instance.owner else idle_steps(base, steps)


def _fault(instance: Instance, things: Sequence[Thing], combinations: int) -> Reached | None:
    """One thing is enough: none if a good state faults already, else the first thing that can."""
    if not combinations:
        return None
    witness = {}
    if instance.silent is None and not any(thing.choices[0].fault for thing in things):
        witness = next({thing.key: choice.state} for thing in things for choice in thing.choices if choice.fault)
    return Reached(None, witness)


def _nominal(instance: Instance, things: Sequence[Thing]) -> int | None:
    if any(thing.choices[0].fault for thing in things):
        return None
    return effective(instance, instance.base_priority.value + sum(thing.choices[0].delta for thing in things))


def _dead(instance: Instance, things: Sequence[Thing], clean: int, idle: set[int]) -> Iterator[Dead]:
    """The trackers that change nothing, in their order.

    A thing that faults in some states only is alive, since the others need not fault (`clean` says so).
    """
    reasons: dict[str, str] = {}
    for index, thing in enumerate(things):
        if not clean:
            reasons[thing.key] = "fault" if instance.silent is None else "silent"
        elif not any(choice.fault for choice in thing.choices):
            if instance.owner:
                reasons[thing.key] = "owner"
            elif len({choice.delta for choice in thing.choices}) == 1:
                reasons[thing.key] = "cancelled"
            elif index in idle:
                reasons[thing.key] = "saturated"
    for tracker in instance.trackers:
        reason = tracker.ignored or reasons.get(tracker.key)
        if reason is not None:
            yield Dead(tracker, reason)
