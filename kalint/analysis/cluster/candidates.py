"""From a resolved instance in some state to its candidate in an election."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.candidate import Candidate
from kalint.literals import packed
from kalint.semantics.priority import LOWEST, outcome
from kalint.semantics.timers import SECOND, timers_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from kalint.analysis.cluster.hearing import Graph
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved


def candidate_of(
    node: str,
    router: Hashable,
    instance: Instance,
    profile: Profile,
    priority: int | None,
    address: str | None = None,
    master: bool = False,
    graph: Graph | None = None,
) -> Candidate:
    """One instance's candidate.

    Args:
        node: the node's name.
        router: see `Candidate`.
        instance: the instance.
        profile: the node's release.
        priority: the effective priority, or None: FAULT, or no daemon.
        address: its source address, None: unknown.
        master: see `Candidate`.
        graph: who hears whom, None: everybody everybody.
    """
    interval = instance.advert_interval.value
    known = packed(address)
    if instance.owner and profile.two_owners != "higher address":
        known = None  # of two owners the one that hears the other first goes down to 254
    return Candidate(
        node,
        router,
        priority,
        instance.preempt.value,
        known,
        instance.sync_group,
        master,
        interval,
        timers_of(instance, profile).master_down(priority or LOWEST) / SECOND,
        {} if graph is None else graph.of(node),
        profile.rejected_advert_is_heard,
        graph is None or graph.endpoints[node].answers,
        profile.lower_advert_forces_election,
        _first(instance, profile),
    )


def _first(instance: Instance, profile: Profile) -> int | None:
    """The effective priority while no script has run yet, 0 for FAULT; None where that changes nothing."""
    if profile.unrun_script != "ko":
        return None
    unrun = {tracker.key: "unknown" for tracker in instance.trackers if tracker.kind == "script"}
    return (outcome(instance, unrun, profile) or 0) if unrun else None


def starts_as_master(instance: Instance, resolved: Resolved, together: Sequence[Instance] = ()) -> bool:
    """Whether it sends before it has listened for a master down interval.

    An address owner with `state MASTER`, and in old releases every instance with `state MASTER` and every owner; a
    sync group does so only as a whole (vrrp_scheduler.c vrrp_init_state), and since 2.0.0 only if all is written.
    `together` are the members of its sync group, where somebody has them at hand.
    """
    if instance.sync_group is None:
        return _eager(instance, resolved.profile)
    together = together or [other for other in resolved.instances if other.sync_group == instance.sync_group]
    written = not resolved.profile.state_master_waits or all(member.written_owner for member in together)
    return written and all(_eager(member, resolved.profile) for member in together)


def _eager(instance: Instance, profile: Profile) -> bool:
    if instance.owner and profile.owner_starts_as_master:
        return True
    return instance.state.value == "MASTER" and (instance.owner or not profile.state_master_waits)
