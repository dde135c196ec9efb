"""The smallest weight with which a failure moves the master."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.answers import after
from kalint.analysis.cluster import Member, Router
from kalint.analysis.reach import reach
from kalint.semantics.effect import outcome
from kalint.semantics.resolved import Setting

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance, Tracker

LARGEST = 253


class Repair(NamedTuple):
    """The weight, and the nodes that must have it."""

    weight: int
    nodes: tuple[str, ...]


def smallest_weight(router: Router, node: str, thing: str) -> Repair | None:
    """The smallest weight above the present one with which the thing's failure takes the master from a node.

    It is tried on that node alone, then on all that track the thing, since a positive weight on one node only raises
    that node; then with the other sign. Each is run through the whole analysis: with it the node is still master on a
    good day.
    """
    mine = next(member for member in router.members if member.node.name == node)
    weight = next((tracker.weight.value for tracker in mine.instance.trackers if _live(tracker, thing)), 0)
    tracking = tuple(
        member.node.name
        for member in router.members
        if any(_live(tracker, thing) for tracker in member.instance.trackers)
    )
    if not weight:
        return None
    sign = 1 if weight > 0 else -1
    for first, least, nodes in (
        (sign, abs(weight) + 1, (node,)),
        (sign, abs(weight) + 1, tracking),
        (-sign, 1, (node,)),
    ):
        size = _smallest(router, node, thing, nodes, first, least)
        if size is not None and _moves(_with_weight(router, nodes, thing, first * size), node, thing):
            return Repair(first * size, nodes)
    return None


def _smallest(router: Router, node: str, thing: str, nodes: Collection[str], sign: int, least: int) -> int | None:
    """The smallest size for which the failure takes the node below another that preempts.

    The larger it is the lower the node is then, or the higher are the others: so it is halved, not counted up.
    """

    def below(size: int) -> bool:
        mine, best = 0, 0
        for member in router.members:
            instance = member.instance
            if member.node.name in nodes:
                instance = _reweighted(instance, thing, sign * size)
            bad = {thing: _bad(thing)} if member.node.name == node else {}
            priority = outcome(instance, bad, member.node.resolved.profile) or 0
            if member.node.name == node:
                mine = priority
            elif instance.preempt.value:
                best = max(best, priority)
        return mine < best

    low, high = least, LARGEST
    if low > high or not below(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) else (middle + 1, high)
    return low


def _bad(thing: str) -> str:
    return {"interface": "down", "bfd": "down", "file": "1"}.get(thing.split(":")[0], "ko")


def _live(tracker: Tracker, thing: str) -> bool:
    return tracker.key == thing and tracker.ignored is None


def _moves(router: Router, node: str, thing: str) -> bool:
    nominal = router.nominal
    if any((nominal[node] or 0) <= (other or 0) for name, other in nominal.items() if name != node):
        return False
    good, failed = after(router, node, thing)
    return good[:1] == (node,) and node not in failed and None not in failed and bool(failed)


def _with_weight(router: Router, nodes: Collection[str], thing: str, weight: int) -> Router:
    members = [_changed(member, thing, weight) if member.node.name in nodes else member for member in router.members]
    return router._replace(members=tuple(members))


def _changed(member: Member, thing: str, weight: int) -> Member:
    instance = _reweighted(member.instance, thing, weight)
    return member._replace(instance=instance, reach=reach(instance, member.node.resolved.profile))


def _reweighted(instance: Instance, thing: str, weight: int) -> Instance:
    trackers = tuple(
        tracker._replace(weight=Setting(weight, tracker.weight.word))
        if tracker.key == thing and tracker.ignored is None
        else tracker
        for tracker in instance.trackers
    )
    return instance._replace(trackers=trackers)
