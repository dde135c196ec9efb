"""What each node of a virtual router is doing: master, silent as a backup, or silent although it should be master.

A backup is silent by nature. It is not when its file makes it better than the master that is heard: then it ignores the
master's adverts and takes over after its own master down interval (vrrp.c vrrp_state_backup of 2.2.7). One that does
not is stopped, cut off, in FAULT, or lower than its file says while nothing is down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.analysis.reach.reachable import reaching
from kalint.probe.view import NodeStatus

if TYPE_CHECKING:
    from kalint.probe.expected import Expected
    from kalint.probe.explain import States
    from kalint.probe.view import ComparedSource, Doing, View

RESTART = 60.0
"""Seconds that a node that sent priority 0 may need to come back: an upgrade, a restart."""


def statuses(
    views: Sequence[View],
    expected: Sequence[Expected],
    known: Mapping[str, States],
    seconds: float,
    listened: Sequence[float | None],
) -> Iterator[tuple[NodeStatus, ...]]:
    """The nodes of each view, in the order of its members.

    Args:
        views: the routers that were heard.
        expected: every instance of the nodes.
        known: the states of things that are known, by node.
        seconds: how long the observation was.
        listened: of each view, for how many seconds it has been listened to without a break; None if it is not.
    """
    groups = _Groups(views, expected)
    for view, without_a_break in zip(views, listened, strict=True):
        if without_a_break is None or view.partly or view.router.dropped:
            yield tuple(NodeStatus(member, "unknown") for member in view.members)
            continue
        start = seconds - without_a_break
        yield tuple(
            _status(view, member, groups, known.get(member.node, {}), (start, seconds)) for member in view.members
        )


def _status(
    view: View,
    member: Expected,
    groups: _Groups,
    known: States,
    times: tuple[float, float],
) -> NodeStatus:
    masters = _masters(view)
    mine = [compared for compared in view.compared_sources if compared.expected is member]
    if any(compared in masters or _speaks(compared, times[1]) for compared in mine):
        return NodeStatus(member, "master", heard=True)
    others = [compared for compared in masters if compared not in mine]
    if not others or any(member in compared.others for compared in view.compared_sources):
        return NodeStatus(member, "unknown", heard=bool(mine))
    reach = reaching(member.profile, known)(member.instance) if known else member.reach
    master = max(others, key=lambda compared: compared.source.latest)
    status = NodeStatus(
        member,
        "backup",
        heard=bool(mine),
        left=_left(mine),
        priority=reach.nominal,
        master=(master.name, master.source.latest),
        fault=reach.fault.witness if reach.fault is not None else None,
    )
    if reach.nominal is None or not reach.reachable:
        return status._replace(doing="fault")
    if any(receiver is member and found.rejects for compared in others for receiver, found in compared.rejected):
        return status if member.profile.rejected_advert_is_heard else status._replace(doing="rejects")
    if not member.sure and any(
        receiver is member and found.kind == "addresses" for compared in others for receiver, found in compared.rejected
    ):
        return status._replace(doing="unknown")  # some releases reject that, others do not
    if not member.instance.preempt.value or reach.nominal <= master.source.latest:
        return status
    return _better(status, view, mine, _held_back(member, groups, known), times)


def _better(
    status: NodeStatus, view: View, mine: Sequence[ComparedSource], held: Doing | None, times: tuple[float, float]
) -> NodeStatus:
    """A node whose file makes it better than the master: how long it has been silent, and what may explain it."""
    if held is not None:
        return status._replace(doing=held)
    member, priority = status.member, status.priority or 0
    since = max(
        [compared.source.run.last for compared in mine]
        + [
            run.last
            for compared in view.compared_sources
            for seen, run in compared.source.priorities.items()
            if seen >= priority and compared not in mine
        ]
        + [times[0]]
    )
    interval = max(said.interval for compared in view.compared_sources for said in (compared.source.said,))
    needed = 1.05 * member.down_interval(priority, interval) + 0.1 + member.instance.preempt_delay.value
    if status.left is not None:
        needed = max(needed, RESTART)
    below = [found for found in member.reach.reachable if found.priority is not None]
    low = [found for found in below if (found.priority or 0) <= status.master[1]]
    best = min(low, key=lambda found: len(found.witness), default=None)
    lower = (best.priority or 0, best.witness) if best is not None else None
    doing: Doing = "missing" if times[1] - since > needed else "left" if status.left is not None else "waiting"
    return status._replace(doing=doing, since=since, needed=needed, lower=lower)


def _masters(view: View) -> list[ComparedSource]:
    """The sources that are master at the end of the observation."""
    names = {period.source for period in view.router.periods if period.ended == "seen"}
    return [compared for compared in view.compared_sources if compared.source.address in names]


def _speaks(compared: ComparedSource, seconds: float) -> bool:
    """Whether a source was heard as a master a moment ago, though too many others are followed."""
    source = compared.source
    return source.latest > 0 and seconds - source.run.last <= 0.5 * source.said.interval


def _left(mine: Sequence[ComparedSource]) -> float | None:
    """When the node's last word was that it leaves."""
    for compared in mine:
        run = compared.source.priorities.get(0)
        if run is not None and compared.source.latest == 0:
            return run.last
    return None


class _Groups:
    """The instances of each node's sync groups, and the view of each that is heard."""

    def __init__(self, views: Sequence[View], expected: Sequence[Expected]) -> None:
        self.view_of = {id(member): view for view in reversed(views) for member in view.members}
        self._members: dict[tuple[str, str | None], list[Expected]] = {}
        for each in expected:
            self._members.setdefault((each.node, each.instance.sync_group), []).append(each)

    def others(self, member: Expected) -> Iterator[Expected]:
        """The other members of the sync group."""
        group = self._members[member.node, member.instance.sync_group]
        yield from (each for each in group if each is not member)


def _held_back(member: Expected, groups: _Groups, known: States) -> Doing | None:
    """Whether another member of its sync group keeps it from taking over: a group becomes master as a whole.

    Source: vrrp_sync.c vrrp_sync_can_goto_master of keepalived 2.2.7.
    """
    if member.instance.sync_group is None:
        return None
    for other in groups.others(member):
        view = groups.view_of.get(id(other))
        if view is None:
            return "unknown"  # its router is not heard here
        masters = [compared for compared in _masters(view) if compared.expected is not other]
        nominal = (reaching(other.profile, known)(other.instance) if known else other.reach).nominal
        if nominal is None:
            return "fault"
        best = max((compared.source.latest for compared in masters), default=0)
        if masters and (not other.instance.preempt.value or nominal <= best):
            return "backup"
    return None
