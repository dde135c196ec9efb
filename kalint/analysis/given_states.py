"""`kalint priorities`: what every instance can reach while some things are in a state that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach.reachable import Choice, Reach, Thing, reaching
from kalint.analysis.timing.detection import DetectionTimes
from kalint.errors import UsageError
from kalint.semantics.priority import effective
from kalint.semantics.states import NAMES

if TYPE_CHECKING:
    from kalint.analysis.timing.detection import Detection
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved, Tracker
    from kalint.version import Version

MOST = 1 << 16
"""At most this many combinations are listed, of all instances together."""


class Combination(NamedTuple):
    """The states of all things of an instance, and the effective priority then (None: FAULT)."""

    states: Mapping[str, str]
    priority: int | None


class Answer(NamedTuple):
    """What one instance does.

    `whole` is over all states, `reach` over those that the question leaves open; the witnesses of the latter hold the
    fixed states that are not good too. `settled` says that no state is open, so that `reach` is one outcome.
    `combinations` are all that are open, where they were asked for. `detections` are the times of the instance's
    trackers, in their order, None of ignored ones.
    """

    whole: Reach
    reach: Reach
    settled: bool
    combinations: tuple[Combination, ...] | None = None
    detections: tuple[Detection | None, ...] = ()


class Priorities(NamedTuple):
    """The result of `kalint priorities`, for the release whose `profile` counts; instances in the order of the file.

    `times` says that the terms of every time are wanted.
    """

    version: Version
    profile: Profile
    answers: tuple[Answer, ...]
    times: bool = False


def priorities(
    resolved: Resolved, version: Version, states: Sequence[str] = (), rest: str = "any", combinations: bool = False
) -> Priorities:
    """What every instance can reach.

    Args:
        resolved: the configuration.
        version: the release that it was resolved for.
        states: `KIND:NAME=STATE`, each fixes a thing: script and process ok or ko, interface and bfd up or down, a
            file an integer.
        rest: what the things without a state are: `any` or `good` (up, ok, 0).
        combinations: list every combination of what is open.

    Raises:
        UsageError: a state that is none, of a thing that the configuration does not have, or too many combinations.
    """
    fixed = parse_states(states, resolved) if states else {}
    whole = reaching(resolved.profile)
    asked = reaching(resolved.profile, fixed, rest == "good") if fixed or rest == "good" else None
    noticing = DetectionTimes(resolved)
    answers = [_answer(whole(instance), asked, noticing) for instance in resolved.instances]
    if combinations:
        total = sum(answer.reach.combinations for answer in answers)
        if total > MOST:
            raise UsageError(
                f"{_number(total)} combinations are more than the {MOST:,} that --combinations lists; "
                "fix some things with --state, or all others with --rest good"
            )
        answers = [answer._replace(combinations=tuple(_listed(answer.reach))) for answer in answers]
    return Priorities(version, resolved.profile, tuple(answers))


def _number(count: int) -> str:
    """Exact as long as a person reads it so; the digits of huge numbers are only counted."""
    return f"{count:,}" if count < 10**15 else f"about 2^{count.bit_length() - 1}"


def _answer(whole: Reach, asked: Callable[[Instance], Reach] | None, noticing: DetectionTimes) -> Answer:
    reach = whole if asked is None else _explained(asked(whole.instance), whole.things)
    detections = tuple([noticing.detection(tracker, whole.instance) for tracker in whole.instance.trackers])
    return Answer(whole, reach, all(len(thing.choices) == 1 for thing in reach.things), detections=detections)


def _explained(reach: Reach, things: Sequence[Thing]) -> Reach:
    """With the fixed states that are not good in each witness: they are part of the reason."""
    bad = {
        thing.key: thing.choices[0].state
        for thing, usual in zip(reach.things, things, strict=True)
        if thing.choices[0].state != usual.choices[0].state
    }
    if not bad:
        return reach

    def explained(witness: Mapping[str, str]) -> dict[str, str]:
        both = {**bad, **witness}
        return {thing.key: both[thing.key] for thing in things if thing.key in both}

    return reach._replace(
        reachable=tuple(found._replace(witness=explained(found.witness)) for found in reach.reachable),
        fault=reach.fault and reach.fault._replace(witness=explained(reach.fault.witness)),
    )


def _listed(reach: Reach) -> Iterator[Combination]:
    for chosen in product(*[thing.choices for thing in reach.things]):
        states = {thing.key: choice.state for thing, choice in zip(reach.things, chosen, strict=True)}
        yield Combination(states, _outcome(reach.instance, chosen))


def _outcome(instance: Instance, choices: Sequence[Choice]) -> int | None:
    if any(choice.fault for choice in choices):
        return None
    return effective(instance, instance.base_priority.value + sum(choice.delta for choice in choices))


def parse_states(texts: Iterable[str], resolved: Resolved) -> dict[str, str]:
    """The state of each thing by its key, from `KIND:NAME=STATE`; a file's is written as Python writes an integer.

    Raises:
        UsageError: see `priorities`; or one thing in two states.
    """
    known = known_things(resolved)
    fixed: dict[str, str] = {}
    for text in texts:
        key, state = _parse(text)
        if key not in known:
            raise UsageError(f"--state {text}: the configuration has no {key}{_nearest(key, known)}")
        if fixed.setdefault(key, state) != state:
            raise UsageError(f"--state {text}: {key} cannot be {fixed[key]} and {state}")
    return fixed


def _parse(text: str) -> tuple[str, str]:
    key, equals, state = text.rpartition("=")
    kind, colon, name = key.partition(":")
    if not equals or not colon or not name:
        raise UsageError(f"--state {text}: write KIND:NAME=STATE, such as script:chk=ko")
    if kind not in NAMES:
        raise UsageError(f"--state {text}: no kind is named {kind}; it is one of {', '.join(NAMES)}")
    if kind == "file":
        try:
            return key, str(int(state))
        except ValueError:
            raise UsageError(f"--state {text}: a file's state is the integer in it, not {state}") from None
    if state not in NAMES[kind]:
        raise UsageError(f"--state {text}: {kind} is {' or '.join(NAMES[kind])}, not {state or 'empty'}")
    return key, state


def known_things(resolved: Resolved) -> dict[str, None]:
    """Every thing that the configuration names, dropped or not: a script for all nodes may fix it here too."""
    trackers: list[Tracker] = []
    for instance in resolved.instances:
        trackers += instance.trackers
    for group in resolved.sync_groups:
        trackers += group.trackers
    found = dict.fromkeys(tracker.key for tracker in trackers)
    found.update(dict.fromkeys(f"{written.kind}:{written.name.shown}" for written in resolved.config.definitions))
    found.update(dict.fromkeys(f"interface:{instance.interface.value}" for instance in resolved.instances))
    return found


def _nearest(key: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
