"""The smallest change of a weight or a priority with which a failure moves the master."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.component import Component, masters_of
from kalint.analysis.cluster.failures import singles
from kalint.analysis.cluster.masters import Possible
from kalint.analysis.cluster.members import Member, Router
from kalint.analysis.reach.reachable import reach
from kalint.semantics.priority import HIGHEST, outcome
from kalint.semantics.resolved import Setting
from kalint.semantics.states import bad_state

if TYPE_CHECKING:
    from kalint.analysis.cluster.configurations import Configurations
    from kalint.semantics.resolved import Instance, Tracker

LARGEST = 253


class Repair(NamedTuple):
    """A new value of a weight or a priority (`keyword`), the nodes that must have it, and by how much it differs."""

    value: int
    nodes: tuple[str, ...]
    keyword: str = "weight"
    change: int = 0


def smallest(router: Router, node: str, thing: str, configurations: Configurations | None = None) -> Repair | None:
    """The smallest change with which the thing's failure takes the master from a node; of equal ones a weight.

    A weight is tried on that node alone, then on all nodes that track the thing (a positive weight on one node only
    raises that node). Then the other sign is tried; a priority is tried on that node and on each other one. Each is
    run through the whole analysis: with it the node is still master while nothing is down, and no other failure has
    another outcome than before. Only of routers without sync groups. `configurations` are those of the cluster.
    """
    found = [*_weights(router, node, thing), *_priorities(router, node, thing)]
    for repair in sorted(found, key=lambda repair: repair.change):
        if _mends(router, _with(router, repair, thing), node, thing, configurations):
            return repair
    return None


def _weights(router: Router, node: str, thing: str) -> Iterator[Repair]:
    mine = next(member for member in router.members if member.node.name == node)
    weight = next((tracker.weight.value for tracker in mine.instance.trackers if live(tracker, thing)), 0)
    tracking = tuple(
        member.node.name
        for member in router.members
        if any(live(tracker, thing) for tracker in member.instance.trackers)
    )
    if not weight:
        return
    sign = 1 if weight > 0 else -1
    for first, least, nodes in (
        (sign, abs(weight) + 1, (node,)),
        (sign, abs(weight) + 1, tracking),
        (-sign, 1, (node,)),
    ):
        size = _smallest(router, node, thing, nodes, first, least)
        if size is not None:
            yield Repair(first * size, nodes, "weight", abs(first * size - weight))


def _smallest(router: Router, node: str, thing: str, nodes: Collection[str], sign: int, least: int) -> int | None:
    """The smallest size for which the failure takes the node below another that preempts.

    The larger it is the lower the node is then, or the higher are the others: so it is halved, not counted up.
    """

    def below(size: int) -> bool:
        changed = {name: _reweighted(_instance(router, name), thing, sign * size) for name in nodes}
        return _beaten(router, changed, node, thing)

    low, high = least, LARGEST
    if low > high or not below(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) else (middle + 1, high)
    return low


def _priorities(router: Router, node: str, thing: str) -> Iterator[Repair]:
    """A lower base on the node, or a higher one on another: the first of each that does it."""
    for member in router.members:
        name, base = member.node.name, member.instance.base_priority.value
        if member.instance.owner:
            continue
        values = range(base - 1, 0, -1) if name == node else range(base + 1, HIGHEST + 1)
        for value in values:
            if _beaten(router, {name: _rebased(member.instance, value)}, node, thing):
                yield Repair(value, (name,), "priority", abs(value - base))
                break


def _beaten(router: Router, changed: Mapping[str, Instance], node: str, thing: str) -> bool:
    """Whether the failure takes the node below another that preempts, with some of the instances changed."""
    mine, best = 0, 0
    for member in router.members:
        name = member.node.name
        bad = {thing: _bad(thing)} if name == node else {}
        priority = outcome(changed.get(name, member.instance), bad, member.node.resolved.profile) or 0
        if name == node:
            mine = priority
        elif member.instance.preempt.value:
            best = max(best, priority)
    return mine < best


def _bad(thing: str) -> str:
    return bad_state(thing.partition(":")[0])


def _instance(router: Router, node: str) -> Instance:
    return next(member.instance for member in router.members if member.node.name == node)


def live(tracker: Tracker, thing: str) -> bool:
    """Whether a tracker is one of the thing, and counts."""
    return tracker.key == thing and tracker.ignored is None


def _mends(router: Router, changed: Router, node: str, thing: str, configurations: Configurations | None) -> bool:
    """Whether the failure then moves the master, and nothing else has another outcome."""
    nominal = changed.nominal
    if any((nominal[node] or 0) <= (other or 0) for name, other in nominal.items() if name != node):
        return False
    before, after = _outcomes(router, configurations), _outcomes(changed, configurations)
    failed = next((masters for key, masters in after.items() if key[:2] == (node, thing)), ())
    if after["", "", ""][:1] != ((node,),) or not failed or () in failed or any(node in names for names in failed):
        return False
    return all(masters == before.get(key, masters) for key, masters in after.items() if key[:2] != (node, thing))


def _outcomes(router: Router, configurations: Configurations | None) -> dict[tuple[str, str, str], Possible]:
    """Who is master while nothing is down, and after each failure."""
    part = Component((router,), mended=True, configurations=configurations)
    found = {(each.node, each.thing, each.state): each.possible for each in singles(part, router)}
    return {("", "", ""): masters_of(router, part.starts), **found}


def _with(router: Router, repair: Repair, thing: str) -> Router:
    members = [
        _changed(member, repair, thing) if member.node.name in repair.nodes else member for member in router.members
    ]
    return router._replace(members=tuple(members))


def _changed(member: Member, repair: Repair, thing: str) -> Member:
    if repair.keyword == "weight":
        instance = _reweighted(member.instance, thing, repair.value)
    else:
        instance = _rebased(member.instance, repair.value)
    return member._replace(instance=instance, reach=reach(instance, member.node.resolved.profile))


def _rebased(instance: Instance, base: int) -> Instance:
    return instance._replace(base_priority=Setting(base, instance.base_priority.word))


def _reweighted(instance: Instance, thing: str, weight: int) -> Instance:
    trackers = tuple(
        tracker._replace(weight=Setting(weight, tracker.weight.word)) if live(tracker, thing) else tracker
        for tracker in instance.trackers
    )
    return instance._replace(trackers=trackers)
