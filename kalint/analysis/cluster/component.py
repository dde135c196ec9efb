"""The routers of a cluster that sync groups bind together, and their elections in any state of things.

Who may be master hangs on how priorities compare, not on the priorities: what has been settled is kept by that.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.analysis.cluster.candidates import candidate_of, starts_as_master
from kalint.analysis.cluster.election import JITTER, settle
from kalint.analysis.cluster.results import DAEMON
from kalint.literals import packed
from kalint.semantics.priority import outcome

if TYPE_CHECKING:
    from kalint.analysis.cluster.independent import Witness
    from kalint.analysis.cluster.results import Masters, Member, Router

MasterSet = frozenset[tuple[object, str]]
"""Who is master: a router's key and a node's name, for each router that has a master."""

Priorities = tuple["int | None", ...]
"""The priority of each member (None: FAULT, or no daemon), in the order of `Component.members`."""


def parts(routers: Sequence[Router]) -> list[list[Router]]:
    """The routers in sets that sync groups bind together."""
    part_of: dict[tuple[str, str], list[Router]] = {}
    found: list[list[Router]] = []
    for router in routers:
        groups = [(member.node.name, member.instance.sync_group) for member in router.members]
        keys = [(name, group) for name, group in groups if group is not None]
        merged = [router]
        for other in {id(part_of[key]): part_of[key] for key in keys if key in part_of}.values():
            found = [part for part in found if part is not other]
            merged = other + merged
        found.append(merged)
        for each in merged:
            for member in each.members:
                if member.instance.sync_group is not None:
                    part_of[member.node.name, member.instance.sync_group] = merged
    return found


class Component:
    """The routers of one part. `starts` are the ways in which a good day can begin."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self.routers = tuple(routers)
        self.members = [(router, member) for router in routers for member in router.members]
        self.good: Priorities = tuple(member.reach.nominal for _, member in self.members)
        self.complete = True
        self._keys = [frozenset(thing.key for thing in member.reach.things) for _, member in self.members]
        self.pairs = list(_pairs(self.members))
        self._known: dict[tuple[Hashable, MasterSet, bool], tuple[MasterSet, ...]] = {}
        self._masters: dict[Hashable, Masters] = {}
        self._patterns: dict[Priorities, Hashable] = {}
        eager = frozenset(
            (router.key, member.node.name)
            for router, member in self.members
            if starts_as_master(member.instance, member.node.resolved)
        )
        self.starts = self.settled(self.good, eager, start=True)

    def settled(self, priorities: Priorities, masters: MasterSet, start: bool = False) -> tuple[MasterSet, ...]:
        """Who may hold which routers, from who holds them now; with `start` the daemons start in any order."""
        key = self.pattern(priorities), masters, start
        known = self._known.get(key)
        if known is None:
            seats = [
                candidate_of(
                    member.node.name,
                    router.key,
                    member.instance,
                    member.node.resolved.profile,
                    priority,
                    member.address,
                    (router.key, member.node.name) in masters,
                )
                for (router, member), priority in zip(self.members, priorities, strict=True)
            ]
            found = settle(seats, start)
            self.complete = self.complete and all(each.complete for each in found)
            known = self._known[key] = tuple(
                frozenset((router, name) for router, name in each.items() if name is not None)
                for settled in found
                for each in settled.outcomes
            )
        return known

    def pattern(self, priorities: Priorities) -> Hashable:
        """All of the priorities that an election looks at: who is in FAULT, and how those of one router compare."""
        known = self._patterns.get(priorities)
        if known is not None:
            return known
        found = 0
        for one, other, near in self.pairs:
            mine, theirs = priorities[one], priorities[other]
            if mine is None or theirs is None:
                code = 5 + (mine is None) + 2 * (theirs is None)
            else:
                gap = mine - theirs
                code = 0 if not gap else (1 if gap < near else 2) if gap > 0 else 3 if gap > -near else 4
            found = found * 9 + code
        self._patterns[priorities] = found
        return found

    def priorities(self, states: Witness) -> Priorities:
        """Each member's priority while these things are not good."""
        return tuple(
            good
            if (mine := states.get(member.node.name)) is None
            else None
            if DAEMON in mine
            else good
            if keys.isdisjoint(mine)
            else outcome(member.instance, mine, member.node.resolved.profile)
            for (_, member), good, keys in zip(self.members, self.good, self._keys, strict=True)
        )

    def of(self, router: Router, priorities: Priorities) -> Mapping[str, int | None]:
        """The priorities of one router's members, by node."""
        return {
            member.node.name: priority
            for (owner, member), priority in zip(self.members, priorities, strict=True)
            if owner is router
        }

    def masters(self, router: Router, *ways: Sequence[Priorities]) -> Masters:
        """Who may be master of a router once a good day has gone through priorities, the likeliest first.

        `ways` are the ways in which that may have happened: the priorities one after the other.
        """
        key = router.key, tuple([tuple([self.pattern(priorities) for priorities in way]) for way in ways])
        if key not in self._masters:
            first = masters_of(router, self.starts)[:1]
            likely = [start for start in self.starts if masters_of(router, [start])[:1] == first]
            found = [masters_of(router, list(self._through(starts, ways))) for starts in (likely, self.starts)]
            self._masters[key] = tuple(dict.fromkeys(name for names in found for name in names))
        return self._masters[key]

    def _through(self, starts: Sequence[MasterSet], ways: Sequence[Sequence[Priorities]]) -> dict[MasterSet, None]:
        """What the starts end at in all of the ways."""
        found: dict[MasterSet, None] = {}
        for way in ways:
            held = dict.fromkeys(starts)
            for priorities in way:
                held = dict.fromkeys(after for each in held for after in self.settled(priorities, each))
            found.update(held)
        return found


def masters_of(router: Router, held: Sequence[MasterSet]) -> Masters:
    """Who may be master of a router, the highest priority of a good day first, then the highest address."""
    found = {next((name for key, name in each if key == router.key), None) for each in held}
    if len(found) == 1:
        return tuple(found)
    order = {member.node.name: index for index, member in enumerate(router.members)}

    def rank(name: str | None) -> tuple[int, bytes, int]:
        if name is None:
            return 1, b"", 0
        member = router.members[order[name]]
        return -(member.reach.nominal or 0), _inverted(packed(member.address)), order[name]

    return tuple(sorted(found, key=rank))


def _inverted(address: bytes | None) -> bytes:
    return b"" if address is None else bytes(255 - byte for byte in address)


def _pairs(members: Sequence[tuple[Router, Member]]) -> list[tuple[int, int, float]]:
    """The members that compare, and the gap from which the shorter timer surely ends first."""
    found = []
    for one, (router, member) in enumerate(members):
        for other in range(one + 1, len(members)):
            if members[other][0] is router:
                skew = min(_skew(member), _skew(members[other][1]))
                found.append((one, other, JITTER * 256 / skew if skew else 256.0))
    return found


def _skew(member: Member) -> float:
    return 1.0 if member.instance.vrrp_version == 2 else member.instance.advert_interval.value
