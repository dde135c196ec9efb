"""Why an instance advertises a priority: the fewest things that must be down for it, given what is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach.reachable import reaching
from kalint.semantics.priority import effective

if TYPE_CHECKING:
    from kalint.analysis.reach.reachable import Choice, Reach
    from kalint.probe.expected import Expected

MOST = 8
"""At most this many smallest explanations are named."""
EFFORT = 20_000
"""At most this many combinations are tried; beyond that one explanation is named."""

States = Mapping[str, str]


class Explained(NamedTuple):
    """What the file says of an advertised priority.

    Attributes:
        priority: the one that was seen.
        predicted: whether the file can reach it, in the states that are known.
        explanations: what is not good then, the fewest things (those known are in it); one of them must be so.
        more: how many smallest explanations are not named.
        usual: whether everything is good then.
        closest: what the file reaches next to it, where it cannot reach this: the priority and its explanation.
        denied: the explanation that there would be but for what is known.
    """

    priority: int
    predicted: bool
    explanations: tuple[States, ...] = ()
    more: int = 0
    usual: bool = False
    closest: tuple[int, States] | None = None
    denied: States | None = None


def explain(expected: Expected, priority: int, known: States) -> Explained:
    """Explain a priority above 0; `known` has the states of things by their key, `script:chk`."""
    reach = reaching(expected.profile, known)(expected.instance) if known else expected.reach
    if any(found.priority == priority for found in reach.reachable):
        named = list(_smallest(reach, priority, expected))
        usual = expected.reach.nominal == priority and {} in named
        return Explained(priority, True, tuple(named[:MOST]), max(0, len(named) - MOST), usual)
    denied = next((found.witness for found in expected.reach.reachable if found.priority == priority), None)
    near = min(
        reach.reachable, key=lambda found: (abs((found.priority or 0) - priority), len(found.witness)), default=None
    )
    closest = None
    if near is not None and near.priority is not None:
        closest = near.priority, dict(_smallest_one(reach, near.priority, expected))
    return Explained(priority, False, closest=closest, denied=denied)


def in_words(states: States) -> str:
    """`script chk ko, interface eth1 down`, or `nothing is down`."""
    return ", ".join(f"{key.replace(':', ' ', 1)} {state}" for key, state in states.items()) or "nothing is down"


def can_speak(expected: Expected, known: States) -> bool:
    """Whether an instance can be master at all, with what is known: not if it is in FAULT or silent whatever else."""
    reach = reaching(expected.profile, known)(expected.instance) if known else expected.reach
    return bool(reach.reachable) and expected.instance.virtual_router_id.value > 0


def _smallest_one(reach: Reach, priority: int, expected: Expected) -> States:
    return next(_smallest(reach, priority, expected), {})


def _smallest(reach: Reach, priority: int, expected: Expected) -> Iterator[States]:
    """Every smallest set of things that are not good when the priority comes out, each thing in the file's order."""
    usual = {thing.key: thing.choices[0].state for thing in expected.reach.things}
    base: dict[str, Choice] = {}
    options: list[tuple[str, list[Choice]]] = []
    for thing in reach.things:
        sound = [choice for choice in thing.choices if not choice.fault]
        if not sound:
            return
        base[thing.key] = sound[0]
        if len(sound) > 1:
            options.append((thing.key, sound[1:]))
    forced = {key: choice.state for key, choice in base.items() if choice.state != usual[key]}
    start = reach.instance.base_priority.value + sum(choice.delta for choice in base.values())
    tried = 0
    for size in range(len(options) + 1):
        found = False
        for chosen in combinations(options, size):
            for picks in product(*[choices for _, choices in chosen]):
                tried += 1
                if tried > EFFORT:
                    if not found:
                        yield next(each.witness for each in reach.reachable if each.priority == priority)
                    return
                changes = zip(chosen, picks, strict=True)
                total = start + sum(pick.delta - base[key].delta for (key, _), pick in changes)
                if effective(reach.instance, total) == priority:
                    found = True
                    down = {key: pick.state for (key, _), pick in zip(chosen, picks, strict=True)}
                    both = {**forced, **down}
                    yield {key: both[key] for key in usual if key in both}
        if found:
            return


def settle(expected: tuple[Expected, ...], priorities: Mapping[str, int], known: States) -> dict[str, str]:
    """The states of one node's things that follow from the priorities that its instances have, by their names.

    A thing whose other states are all ruled out is known; that may rule out states of others, so until nothing follows.
    """
    settled = dict(known)
    while True:
        before = len(settled)
        for each in expected:
            priority = priorities.get(each.instance.name)
            if priority is None:
                continue
            for thing in each.reach.things:
                if thing.key in settled:
                    continue
                possible = [
                    choice.state
                    for choice in thing.choices
                    if not choice.fault and _reaches(each, priority, {**settled, thing.key: choice.state})
                ]
                if len(possible) == 1:
                    settled[thing.key] = possible[0]
        if len(settled) == before:
            return settled


def _reaches(expected: Expected, priority: int, known: States) -> bool:
    reach = reaching(expected.profile, known)(expected.instance)
    return any(found.priority == priority for found in reach.reachable)
