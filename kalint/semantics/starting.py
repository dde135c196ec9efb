"""What a daemon's start or reload counts, and keeps until the next one, beside what its trackers say.

The sum of a start is made otherwise than its later changes. A start goes through the scripts and bfds of the instance
and, once more, through those of its sync group, so that a thing on both counts twice; and it takes no notice of a
script's `reverse`. A later change counts once, with the weight and the reverse that won. The difference stays in the
sum, and in the count of faults, as long as the daemon runs without a further reload.

At a plain start no script has run, so it concerns bfds only, which are down then. Source: vrrp_track.c
initialise_track_script_state, initialise_track_bfd_state and initialise_vrrp_tracking_priorities, 2.0.0 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.effect import effect
from kalint.semantics.trackers import group_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved, Tracker
    from kalint.semantics.states import State

_KINDS = ("script", "bfd")
NOTHING = (0, 0)


def started(trackers: tuple[Tracker, ...], profile: Profile) -> tuple[Tracker, ...]:
    """An instance's trackers, the ignored ones too, after a plain start: every bfd is down, no script has run."""
    if not any(tracker.kind == "bfd" and tracker.origin == "sync_group" for tracker in trackers):
        return trackers
    states = {tracker.key: "down" if tracker.kind == "bfd" else "unknown" for tracker in trackers}
    return _counted(trackers, states, profile)


def reloaded(resolved: Resolved, states: Mapping[str, State]) -> Resolved:
    """A configuration as a running daemon has it after a reload in these states.

    Args:
        resolved: what the new file says.
        states: the state of scripts and bfds by key (`script:chk`) when the daemon reloads: `ok`, `ko`, `unknown` (the
            script has not run yet), `added` (neither did the old file have it), `up`, `down`. What is missing is good.
    """
    profile = resolved.profile
    if not profile.computed_on_events:
        return resolved
    instances = {
        instance.name: instance._replace(
            trackers=_counted(instance.trackers, states, profile), silent=_silent(instance, states)
        )
        for instance in resolved.instances
    }
    for group in resolved.sync_groups:
        faults = group_faults(instances[member].trackers for member in group.members)
        for member in group.members:
            instances[member] = instances[member]._replace(group_faults=faults)
    return resolved._replace(instances=tuple(instances.values()))


def _silent(instance: Instance, states: Mapping[str, State]) -> str | None:
    """A script that has run is counted as run at the reload, however often it is tracked."""
    key = f"script:{instance.silent}"
    ran = any(tracker.key == key for tracker in instance.trackers) and states.get(key, "ok") != "unknown"
    return None if ran else instance.silent


def _counted(trackers: tuple[Tracker, ...], states: Mapping[str, State], profile: Profile) -> tuple[Tracker, ...]:
    by_thing: dict[str, list[Tracker]] = {}
    for tracker in trackers:
        by_thing.setdefault(tracker.key, []).append(tracker)
    found = []
    for tracker in trackers:
        if tracker.ignored is None and tracker.kind in _KINDS:
            same = by_thing[tracker.key]
            state = states.get(tracker.key, "up" if tracker.kind == "bfd" else "ok")
            found.append(tracker._replace(lasting=lasting(tracker, same, state, profile)))
        else:
            found.append(tracker)
    return tuple(found)


def lasting(counting: Tracker, same: Iterable[Tracker], state: State, profile: Profile) -> tuple[int, int]:
    """What a start in this state adds to the priority and to the count of faults for good, beside the tracker itself.

    Args:
        counting: the tracker whose weight and reverse later changes count with.
        same: all trackers of the same thing on the instance and its group, `counting` too.
        state: the thing's state at the start.
        profile: the release.
    """
    if state in ("unknown", "added"):
        return NOTHING
    later = effect(counting._replace(lasting=NOTHING), state, profile)
    delta, faults = -later.delta, -int(later.fault)
    for tracker in same:
        if tracker.origin not in ("instance", "sync_group") or tracker.ignored not in (None, "overridden"):
            continue
        if tracker.kind == "bfd" and tracker.origin == "sync_group" and not profile.group_bfd_counted_at_start:
            continue
        heeds_reverse = tracker.kind == "bfd" or not profile.reload_forgets_reverse
        plain = tracker._replace(ignored=None, reverse=tracker.reverse and heeds_reverse, lasting=NOTHING)
        now = effect(plain, state, profile)
        delta, faults = delta + now.delta, faults + int(now.fault)
    return delta, faults
