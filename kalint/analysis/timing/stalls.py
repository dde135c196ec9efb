"""How long a master may send nothing before a backup takes over: a node that is frozen, or has no time to send.

A backup's master down interval runs from the last advert that it heard. That may have come a whole advert interval
before the stall began, so a stall that is longer than the rest of the master down interval can move the master.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.acceptance import ACCEPTED
from kalint.semantics.timers import SECOND, timers_of

if TYPE_CHECKING:
    from kalint.analysis.cluster.hearing import Graph
    from kalint.analysis.cluster.members import Member, Router


class Stall(NamedTuple):
    """A stall of the master `node` of more than `seconds` can make `to` master, the first whose timer ends."""

    node: str
    seconds: float
    to: str


def stall_of(router: Router, node: str, graph: Graph | None = None) -> Stall | None:
    """The shortest stall of a master that another node may notice; None: no backup waits for it.

    Args:
        router: the virtual router.
        node: its master.
        graph: who hears whom, None: everybody hears everybody.
    """
    mine = next((member for member in router.members if member.node.name == node), None)
    if mine is None:
        return None
    interval = mine.instance.advert_interval.value
    found = [
        Stall(node, max(0.0, _patience(member, mine) - interval), member.node.name)
        for member in router.members
        if member is not mine
        and member.reach.nominal is not None
        and (graph is None or graph.heard(member.node.name, node) == ACCEPTED)
    ]
    return min(found, key=lambda stall: stall.seconds, default=None)


def _patience(member: Member, master: Member) -> float:
    """A backup's master down interval in seconds, with the interval that it learns from the master."""
    heard = timers_of(master.instance, master.node.resolved.profile).interval
    return (
        timers_of(member.instance, member.node.resolved.profile).master_down(member.reach.nominal or 0, heard) / SECOND
    )
