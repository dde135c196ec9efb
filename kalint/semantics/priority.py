"""The effective priority: base and deltas summed, limited to 1..254 once; 255 for the address owner; FAULT wins.

Source: vrrp_track.c vrrp_set_effective_priority and down_instance, keepalived 2.2.7; RFC 5798, section 5.2.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.effect import behaviour, effect
from kalint.semantics.resolved import OWNER
from kalint.semantics.states import starting_state

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from kalint.semantics.effect import Effect
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Tracker
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


def outcome(instance: Instance, states: Mapping[str, State], profile: Profile, beside: int = 0) -> int | None:
    """The effective priority of an instance in these states, or None: FAULT.

    Whoever asks more than once about an instance, or about members of one sync group, keeps a `Sums`.

    Args:
        instance: the instance.
        states: the state of each thing by its key (`script:chk`). A thing that is missing is good; a file then has what
            the daemon writes to it when it starts (`init_file`).
        profile: the release's.
        beside: what trackers add that the instance is given without.
    """
    return Sums(profile).outcome(instance, states, beside)


class Sums:
    """The sums of a configuration's instances, for any number of states.

    What holds while nothing is down is added up once; a state then costs as much as differs in it, however many
    trackers there are.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: dict[int, tuple[object, Sum]] = {}

    def outcome(self, instance: Instance, states: Mapping[str, State], beside: int = 0) -> int | None:
        """The effective priority of an instance in these states, or None: FAULT. See the function `outcome`."""
        delta, faults = self.own(instance).after(states)
        if faults > 0 or self.group(instance).after(states)[1] > 0:
            return None
        return effective(instance, instance.base_priority.value + beside + delta)

    def own(self, instance: Instance) -> Sum:
        """What an instance's own trackers add up to."""
        return self._of(instance, instance.trackers)

    def group(self, instance: Instance) -> Sum:
        """What faults its sync group: all members of a group share it."""
        return self._of(instance.group_faults, instance.group_faults)

    def _of(self, owner: object, trackers: Sequence[Tracker]) -> Sum:
        known = self._known.get(id(owner))
        if known is None:  # the owner is kept, so that no other one gets its number
            known = self._known[id(owner)] = owner, Sum(trackers, self._profile)
        return known[1]


class Sum:
    """Trackers added up while nothing is down; those of one thing that do the same are counted, and stand once."""

    def __init__(self, trackers: Sequence[Tracker], profile: Profile) -> None:
        self._profile = profile
        self._delta = self._faults = 0
        self._things: dict[str, dict[Hashable, tuple[Tracker, Effect, int]]] = {}
        for tracker in trackers:
            if tracker.ignored is None:
                good = effect(tracker, starting_state(tracker), profile)
                self._delta += good.delta
                self._faults += good.faults
                same = self._things.setdefault(tracker.key, {})
                does = behaviour(tracker)
                same[does] = tracker, good, same[does][2] + 1 if does in same else 1

    @property
    def behaviours(self) -> Iterator[tuple[str, Hashable]]:
        """Each thing by its key, and all that its effects hang on: things for which that is equal do the same."""
        for key, same in self._things.items():
            yield key, tuple([(does, number) for does, (_, _, number) in same.items()])

    def after(self, states: Mapping[str, State]) -> tuple[int, int]:
        """The sum of the deltas, and how many faults there are, while these things are so and all others good."""
        delta, faults = self._delta, self._faults
        for key, state in states.items():
            for tracker, good, number in self._things.get(key, {}).values():
                now = effect(tracker, state, self._profile)
                delta += number * (now.delta - good.delta)
                faults += number * (now.faults - good.faults)
        return delta, faults
