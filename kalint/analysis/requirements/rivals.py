"""Outcomes of nodes against each other: only how priorities compare matters, and the fewest things down for that."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.analysis.cluster.joint_outcomes import cuts

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.requirements.scope import Scope
    from kalint.analysis.requirements.tables import Vector
    from kalint.analysis.requirements.things import Down


def places_of(scope: Scope) -> list[tuple[str, int]]:
    """Where each member's priority stands: its node, and the column there."""
    count: dict[str, int] = {}
    found = []
    for _, member in scope.members:
        name = member.node.name
        found.append((name, count.get(name, 0)))
        count[name] = count.get(name, 0) + 1
    return found


def by_component(scope: Scope, values: Sequence[int | None]) -> tuple[tuple[int | None, ...], ...]:
    found, at = [], 0
    for component in scope.components:
        found.append(tuple(values[at : at + len(component.members)]))
        at += len(component.members)
    return tuple(found)


def borders(scope: Scope, node: str, every: Mapping[str, Sequence[Vector]]) -> list[list[int]]:
    """Where the others' priorities cut those of each of a node's instances."""
    places = places_of(scope)
    found = []
    for (router, member), (name, _) in zip(scope.members, places, strict=True):
        if name != node:
            continue
        values = {
            vector.values[column]
            for (other, rival), (theirs, column) in zip(scope.members, places, strict=True)
            if other is router and rival is not member
            for vector in every[theirs]
        }
        found.append(cuts(values, ()))
    return found


def classes(found: Sequence[Vector], borders: Sequence[Sequence[int]], most: int | None) -> list[Vector]:
    """One outcome of those that compare alike, the one with the fewest things down."""
    best: dict[tuple[int, ...], Vector] = {}
    for vector in found:
        if most is not None and len(vector.down) > most:
            continue
        key = tuple(
            -1 if value is None else bisect_left(border, value) + bisect_right(border, value)
            for value, border in zip(vector.values, borders, strict=True)
        )
        if key not in best or len(vector.down) < len(best[key].down):
            best[key] = vector
    return list(best.values())


def plain_masters(scope: Scope, every: Mapping[str, list[Vector]]) -> Iterator[tuple[MasterSet, Down]]:
    """One router, everybody hears everybody: a node can be master if no node that preempts has a higher priority.

    So what one node needs of another is a limit, and the fewest things down for each limit are enough.
    """
    router = scope.routers[0]
    preempts = {member.node.name: member.instance.preempt.value for member in router.members}
    below = {node: _cheapest(found) for node, found in every.items()}
    for name, mine in every.items():
        best: Down | None = None
        for vector in mine:
            priority = vector.values[0]
            if priority is None:
                continue
            down = vector.down
            for other, limits in below.items():
                if other == name:
                    continue
                theirs = limits[priority if preempts[other] else 256]
                if theirs is None:
                    break
                down = (*down, *theirs.down)
            else:
                if best is None or len(down) < len(best):
                    best = down
        if best is not None:
            yield frozenset(((router.key, name),)), best
    faults = [limits[0] for limits in below.values()]
    if all(each is not None for each in faults):
        yield frozenset(), tuple(one for each in faults if each is not None for one in each.down)


def _cheapest(found: Sequence[Vector]) -> list[Vector | None]:
    """For each priority the outcome with the fewest things down that is at most so high, or none; the last: any."""
    best: list[Vector | None] = [None] * 257
    for vector in found:
        at = vector.values[0] or 0
        known = best[at]
        if known is None or len(vector.down) < len(known.down):
            best[at] = vector
    for at in range(1, 257):
        lower, here = best[at - 1], best[at]
        if lower is not None and (here is None or len(lower.down) <= len(here.down)):
            best[at] = lower
    return best
