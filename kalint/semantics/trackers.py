"""Which trackers an instance and a sync group end up with: dropped lines, weights that count, implied interfaces.

Every line that is written stays in the list; one that does nothing says why in `ignored`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import integer
from kalint.semantics.addresses import default_interface, device_of
from kalint.semantics.resolved import Setting, Tracker
from kalint.semantics.values import address_family

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.model.config import Route, Settings, StaticTracker, TrackKind, TrackRef, VrrpInstance
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Family, Group, History, Ignored, Origin
    from kalint.source import Word

    Definitions = dict[tuple[TrackKind, str], tuple[int, Setting[int], bool]]
    """Of each thing that the release knows: where it is defined, its weight and its reverse."""

UNWEIGHTED = Setting(0)

_DEFINITION_IS_OUT: frozenset[str] = frozenset({"script", "file", "bfd"})
"""What a sync group without tracking weight, or priority 255, drops."""


def read_lines(
    refs: tuple[TrackRef, ...],
    defined: Definitions,
    kinds: frozenset[str],
    own: str | None,
    origin: Origin,
    profile: Profile,
) -> list[Tracker]:
    """The tracking lines of one block (vrrp_track.c and track_file.c, 2.2.7).

    `kinds` is what the block may track in this release, `own` the interface that track_interface may not name, if any.
    """
    found: list[Tracker] = []
    seen: set[tuple[TrackKind, str]] = set()
    for ref in refs:
        kind = ref.kind
        key = (kind, ref.name.text)
        ignored: Ignored | None = None
        weight, reverse, requested = UNWEIGHTED, False, None
        if kind not in kinds:
            ignored = "release"
        elif kind != "interface":
            definition = defined.get(key)
            if definition is None:
                ignored = "undefined"
            else:
                order, weight, reverse = definition
                if order > ref.order:
                    ignored = "defined-later"
        if ignored is None and key in seen:
            ignored = "repeated"
        if ref.options:
            weight, reverse, bad, requested = _read_options(ref, weight, reverse, profile)
            ignored = ignored or bad
        if ignored is None:
            if profile.first_of_repeated_wins:
                seen.add(key)
            if kind == "interface" and key[1] == own:
                ignored = "own-interface"
        found.append(Tracker(kind, key[1], weight, reverse, origin, ref.name, ignored, requested))
    return found


def _read_options(
    ref: TrackRef, weight: Setting[int], reverse: bool, profile: Profile
) -> tuple[Setting[int], bool, Ignored | None, Setting[int] | None]:
    """The words after the name, with what the definition says as the default."""
    kind, options = ref.kind, ref.options
    if options[0].text != "weight" or len(options) == 1:
        return weight, reverse, "bad-option" if kind in profile.line_dropped_on_typo else None, None
    written = Setting(integer(options[1].text), options[1])
    requested = None
    limit = 253 if kind == "bfd" else 254
    if not -limit <= written.value <= limit:
        requested = written
        weight = Setting(0, options[1]) if kind == "interface" else weight
    elif profile.weight_254_becomes_253 and kind in ("script", "interface") and abs(written.value) == 254:
        requested = written
        weight = Setting(253 if written.value > 0 else -253, options[1])
    else:
        weight = written
    if len(options) == 2 or not profile.reverse:
        return weight, reverse, None, requested
    if options[2].text == "reverse":
        return weight, True, None, requested
    if options[2].text == "noreverse":
        return weight, False, None, requested
    return weight, reverse, "bad-option" if kind in profile.line_dropped_on_bad_reverse else None, requested


class Merge:
    """The trackers of one instance while they are put together, in the daemon's order (vrrp.c, 2.2.7)."""

    __slots__ = ("_live", "profile", "trackers")

    def __init__(self, trackers: list[Tracker], profile: Profile) -> None:
        self.trackers = trackers
        self.profile = profile
        self._live: dict[tuple[str, str], int] = {}
        for index, tracker in enumerate(trackers):
            if tracker.ignored is None:
                self._live.setdefault((tracker.kind, tracker.name), index)

    def restrict(self, owner: bool, grouped: bool) -> None:
        """In a group without tracking weight, or at priority 255: which weights still count.

        Interfaces and processes stay as they are from 2.0.0 on, whatever the log says.
        """
        if not (owner or grouped):
            return
        profile = self.profile
        why: Ignored = "sync-group" if grouped else "owner"
        for index, tracker in enumerate(self.trackers):
            kind, weight = tracker.kind, tracker.weight
            if tracker.ignored is not None:
                continue
            if kind == "interface" and weight.value and grouped and profile.group_zeroes_interfaces:
                if not owner or profile.group_zeroes_interfaces_of_owner:
                    self._zero(index)
            elif kind not in _DEFINITION_IS_OUT:
                continue
            elif profile.restricted_drops_all:
                self._ignore(index, why if weight.value else "not-connected")
            elif kind == "file" and weight.value == 1:
                self._zero(index)
            elif weight.value:
                self._ignore(index, why)

    def own_interface(self, name: str, where: Word) -> None:
        """The instance's own interface counts with weight 0."""
        self.trackers.append(Tracker("interface", name, UNWEIGHTED, False, "own_interface", where))
        self._live.setdefault(("interface", name), len(self.trackers) - 1)

    def imply(self, origin: Origin, where: Word, device: str | None = None) -> None:
        """The device of an address, route or rule: weight 0, in place of any other weight and its reverse.

        Args:
            origin: which of them.
            where: the word that names the device, or for which it is implied.
            device: the interface, None: it is named there.
        """
        device = where.text if device is None else device
        key = ("interface", device)
        index = self._live.get(key)
        if index is not None:
            if self.trackers[index].weight.value == 0:
                return
            self._ignore(index, "overridden")
        self._live[key] = len(self.trackers)
        self.trackers.append(Tracker("interface", device, UNWEIGHTED, False, origin, where))

    def from_group(self, tracker: Tracker) -> None:
        """A tracker of the sync group: its weight and reverse win, unless the instance's weight is 0."""
        if tracker.kind == "process" and not self.profile.group_process_connected:
            self.trackers.append(tracker._replace(ignored="not-connected"))
            return
        key = (tracker.kind, tracker.name)
        index = self._live.get(key)
        if index is not None:
            before = self.trackers[index]
            if before.weight.value == 0:
                self.trackers.append(tracker._replace(ignored="overridden"))
                return
            self._ignore(index, "overridden")
            if tracker.kind == "process":
                tracker = tracker._replace(reverse=before.reverse)
        self._live[key] = len(self.trackers)
        self.trackers.append(tracker)

    def end_weights_of_owner(self) -> None:
        """Nothing moves priority 255, so what is left with a weight does nothing."""
        for index, tracker in enumerate(self.trackers):
            if tracker.ignored is None and tracker.weight.value:
                self.trackers[index] = tracker._replace(ignored="owner")

    def weight_of(self, tracker: Tracker) -> int | None:
        """The weight with which the instance already tracks the thing, None where it does not."""
        index = self._live.get((tracker.kind, tracker.name))
        return None if index is None else self.trackers[index].weight.value

    def _ignore(self, index: int, why: Ignored) -> None:
        tracker = self.trackers[index]
        self._live.pop((tracker.kind, tracker.name), None)
        self.trackers[index] = tracker._replace(ignored=why)

    def _zero(self, index: int) -> None:
        tracker = self.trackers[index]
        weight = Setting(0, tracker.weight.word)
        self.trackers[index] = tracker._replace(weight=weight, requested=tracker.requested or tracker.weight)


def imply_devices(
    merge: Merge,
    written: VrrpInstance,
    kind: Family,
    own: str,
    static: Iterable[StaticTracker],
    everywhere: Settings,
    profile: Profile,
) -> None:
    """The devices of addresses, routes and rules, in the daemon's order."""
    if profile.address_devices_tracked:
        untracked_own = "dont_track_primary" in written.settings
        for addresses, only in ((written.addresses, kind), (written.excluded_addresses, None)):
            for address in addresses:
                device = device_of(address, everywhere, profile)
                if device is None or address.no_track or address.refused or (untracked_own and device == own):
                    continue
                found = address_family(address.word.text)
                if found is not None and (only is None or found == only):
                    merge.imply("address", address.dev or address.word, device)
    if profile.route_devices_tracked:
        _imply_routes(merge, "route", written.routes)
        _imply_routes(merge, "rule", written.rules)
    for tracker in static:
        merge.imply(tracker.origin, tracker.where, None if tracker.device else default_interface(everywhere))


def _imply_routes(merge: Merge, origin: Origin, routes: tuple[Route, ...]) -> None:
    for route in routes:
        if not route.no_track:
            for device in route.devices:
                merge.imply(origin, device)


def can_fault(tracker: Tracker) -> bool:
    """Whether some state of the tracked thing is FAULT: weight 0, or a file, whose value may be anything."""
    return tracker.ignored is None and (tracker.weight.value == 0 or tracker.kind == "file")


def group_faults(members: Iterable[tuple[Tracker, ...]]) -> tuple[Tracker, ...]:
    """The trackers of all members of a sync group that can fault it, each effect once."""
    found: dict[tuple[str, str, int, bool, int], Tracker] = {}
    for trackers in members:
        for tracker in trackers:
            if can_fault(tracker):
                effects = tracker.kind, tracker.name, tracker.weight.value, tracker.reverse, tracker.lasting[1]
                found.setdefault(effects, tracker)
    return tuple(found.values())


def silencing(group: Group, merge: Merge, profile: Profile) -> str | None:
    """The script of weight 0 on a member and on its group, which then sends no adverts (2.0.0 to 2.4.3)."""
    if profile.script_on_both_silences:
        for tracker in group.trackers:
            live = tracker.kind == "script" and tracker.ignored is None
            if live and tracker.weight.value == 0 and merge.weight_of(tracker) == 0:
                return tracker.name
    return None


def history(trackers: tuple[Tracker, ...], group: Group | None, profile: Profile) -> tuple[tuple[History, str], ...]:
    """Where what happened before decides too, and about what."""
    found: list[tuple[History, str]] = []
    shared = []
    for tracker in trackers:
        if tracker.ignored is not None:
            continue
        kind, weighted = tracker.kind, tracker.weight.value != 0
        if kind == "interface":
            if not weighted:
                shared.append(tracker.name)
        elif kind == "file":
            if weighted and not profile.file_leaving_fault_recomputes:
                found.append(("stale-file-sum", tracker.name))
            if not profile.file_recreated_is_seen:
                found.append(("deleted-file-stale", tracker.name))
        elif kind == "script" and tracker.reverse and weighted and profile.reload_forgets_reverse:
            found.append(("reload-forgets-reverse", tracker.name))
    if len(shared) > 1 and profile.interface_faults_share_bit:
        found.append(("shared-interface-fault", ", ".join(shared)))
        if group is not None:
            found.append(("group-fault-counter", group.name))
    return tuple(found)
