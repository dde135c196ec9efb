"""The effective priority: base and deltas summed, limited to 1..254 once; 255 for the address owner; FAULT wins.

Source: vrrp_track.c vrrp_set_effective_priority and down_instance, keepalived 2.2.7; RFC 5798, section 5.2.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.effect import effect
from kalint.semantics.resolved import OWNER
from kalint.semantics.states import starting_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance
    from kalint.semantics.states import State

LOWEST, HIGHEST = 1, 254
"""The bounds of an effective priority, but for the address owner's."""


def clamp(total: int) -> int:
    """A sum of base and deltas, limited to 1..254. Sums are limited once, at the end, as keepalived does."""
    return LOWEST if total < LOWEST else HIGHEST if total > HIGHEST else total


def effective(instance: Instance, total: int | None) -> int | None:
    """The effective priority 1..255 of an instance whose base and deltas come to a sum.

    Args:
        instance: the instance; one that sends no adverts (`silent`) has no priority.
        total: the sum, not limited; None where something faults the instance.
    """
    if total is None or instance.silent is not None:
        return None
    return OWNER if instance.owner else clamp(total)


def outcome(
    instance: Instance,
    states: Mapping[str, State],
    profile: Profile,
    beside: int = 0,
    group_fault: bool | None = None,
) -> int | None:
    """The effective priority of an instance in these states, or None: FAULT.

    `states` has the state of each thing by its key (`script:chk`); a thing that is missing is good,
    a file what the daemon writes to it when it starts (`init_file`). `beside` is what trackers add that the instance is
    given without. `group_fault` is `group_faulted` of these states, where that is known.
    """
    total, faults = instance.base_priority.value + beside, 0
    for tracker in instance.trackers:
        if tracker.ignored is None:
            result = effect(tracker, states.get(tracker.key, starting_state(tracker)), profile)
            total += result.delta
            faults += result.faults
    if faults > 0 or (group_faulted(instance, states, profile) if group_fault is None else group_fault):
        return None
    return effective(instance, total)


def group_faulted(instance: Instance, states: Mapping[str, State], profile: Profile) -> bool:
    """Whether a tracker of any member faults the whole sync group in these states: the same for all its members."""
    return (
        sum(
            effect(tracker, states.get(tracker.key, starting_state(tracker)), profile).faults
            for tracker in instance.group_faults
        )
        > 0
    )
