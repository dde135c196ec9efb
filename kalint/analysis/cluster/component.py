"""The routers of a cluster that sync groups bind together, and their elections in any state of things.

Who may be master hangs on how priorities compare, not on the priorities: what has been settled is kept by that.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from kalint.analysis.cluster.candidates import candidate_of, starts_as_master
from kalint.analysis.cluster.configurations import Configurations
from kalint.analysis.cluster.election import settle
from kalint.analysis.cluster.hearing import graph, mended_graph, without
from kalint.analysis.cluster.members import DAEMON, RELOADED
from kalint.analysis.cluster.steps import JITTER
from kalint.literals import packed
from kalint.semantics.priority import Sums
from kalint.semantics.timers import timers_of

if TYPE_CHECKING:
    from kalint.analysis.cluster.hearing import Graph
    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Member, Router, Witness
    from kalint.semantics.priority import Sum
    from kalint.semantics.resolved import Instance

MasterSet = frozenset[tuple[object, str]]
"""Who is master: a router's key and a node's name, for each router that has a master."""

Priorities = tuple["int | None", ...]
"""The priority of each member (None: FAULT, or no daemon), in the order of `Component.members`."""


def parts(routers: Sequence[Router]) -> list[list[Router]]:
    """The routers in sets that sync groups bind together."""
    part_of: dict[tuple[str, str], list[Router]] = {}
    found: dict[int, list[Router]] = {}
    for router in routers:
        joined: list[Router] | None = None
        for part in {id(part_of[key]): part_of[key] for key in _groups(router) if key in part_of}.values():
            found.pop(id(part))
            if joined is not None:
                part += joined
                part_of.update((key, part) for each in joined for key in _groups(each))
            joined = part
        joined = [] if joined is None else joined
        joined.append(router)
        found[id(joined)] = joined
        part_of.update((key, joined) for key in _groups(router))
    return list(found.values())


def _groups(router: Router) -> list[tuple[str, str]]:
    """The sync groups of a router's members, by node."""
    groups = [(member.node.name, member.instance.sync_group) for member in router.members]
    return [(name, group) for name, group in groups if group is not None]


class Component:
    """The routers of one part. `starts` are the ways in which the cluster can start.

    `places` are the indexes of each router's members, by the router's key.
    `mended`: as if every node accepted the adverts of every other. `cuts` are the links that are cut, by their nodes.
    `configurations` are those of the cluster, where it has more components.
    """

    def __init__(
        self,
        routers: Sequence[Router],
        mended: bool = False,
        cuts: frozenset[frozenset[str]] = frozenset(),
        configurations: Configurations | None = None,
    ) -> None:
        self.routers = tuple(routers)
        self.members = [(router, member) for router in routers for member in router.members]
        self.good: Priorities = tuple(member.reach.nominal for _, member in self.members)
        self.places: dict[object, list[int]] = {}
        for index, (router, _) in enumerate(self.members):
            self.places.setdefault(router.key, []).append(index)
        self.graphs: dict[object, Graph] = {
            router.key: mended_graph(router.members) if mended else without(graph(router.members), cuts)
            for router in routers
        }
        self.complete = True
        self._keys = [frozenset(thing.key for thing in member.reach.things) for _, member in self.members]
        self.pairs = list(_pairs(self.members, self.places))
        self.configurations = configurations or Configurations()
        self._known: dict[tuple[Hashable, MasterSet, bool], tuple[MasterSet, ...]] = {}
        self._possible: dict[Hashable, Possible] = {}
        self._patterns: dict[Priorities, Hashable] = {}
        self._single: dict[tuple[str, str, str], Priorities] = {}
        self._anew: dict[str, bool] = {}
        self._sums = {member.node.name: Sums(member.node.resolved.profile) for _, member in self.members}
        self._alike: dict[str, dict[str, int]] = {}
        eager = frozenset(
            (router.key, member.node.name)
            for router, member in self.members
            if starts_as_master(member.instance, member.node.resolved, self._together(member))
        )
        self.starts = self.settled(self.good, eager, start=True)

    def _together(self, member: Member) -> Sequence[Instance]:
        return self.configurations.members(member.node.resolved, member.instance.sync_group)

    def settled(self, priorities: Priorities, masters: MasterSet, start: bool = False) -> tuple[MasterSet, ...]:
        """Who may hold which routers, from who holds them now; with `start` the daemons start in any order."""
        key = self.pattern(priorities), masters, start
        known = self._known.get(key)
        if known is None:
            candidates = [
                candidate_of(
                    member.node.name,
                    router.key,
                    member.instance,
                    member.node.resolved.profile,
                    priority,
                    member.address,
                    (router.key, member.node.name) in masters,
                    self.graphs[router.key],
                )
                for (router, member), priority in zip(self.members, priorities, strict=True)
            ]
            found = settle(candidates, start)
            self.complete = self.complete and all(each.complete for each in found)
            known = self._known[key] = tuple(
                frozenset((router, name) for router, names in each.items() for name in names)
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
        for one, other, lead, behind in self.pairs:
            mine, theirs = priorities[one], priorities[other]
            if mine is None or theirs is None:
                code = 9 + (mine is None) + 2 * (theirs is None)
            else:
                gap = mine - theirs
                code = (gap > 0) - (gap < 0) + 1 + 3 * (1 if gap >= lead else 2 if -gap >= behind else 0)
            found = found * 13 + code
        self._patterns[priorities] = found
        return found

    def priorities(self, states: Witness) -> Priorities:
        """Each member's priority while these things are not good."""
        if len(states) == 1:
            ((name, mine),) = states.items()
            if len(mine) == 1:
                return self._after_one(name, *next(iter(mine.items())))
        return self._after(states)

    def _after_one(self, name: str, thing: str, state: str) -> Priorities:
        """The failures of one thing are few, and every router of the part asks for the same ones."""
        key = name, thing, state
        if key not in self._single:
            self._single[key] = self._after({name: {thing: state}})
        return self._single[key]

    def _after(self, states: Witness) -> Priorities:
        return tuple(
            good if (mine := states.get(member.node.name)) is None else self._now(number, mine)
            for number, ((_, member), good) in enumerate(zip(self.members, self.good, strict=True))
        )

    def _now(self, number: int, mine: Mapping[str, str]) -> int | None:
        """The priority of a member that somebody hears: nobody does where its own interface is down."""
        _, member = self.members[number]
        if mine.get(f"interface:{member.instance.interface.value}") == "down":
            return None
        if DAEMON in mine:
            return self.sums(member).outcome(self.reloaded(member), mine) if mine[DAEMON] == RELOADED else None
        if self._keys[number].isdisjoint(mine):
            return self.good[number]
        return self.sums(member).outcome(member.instance, mine)

    def sums(self, member: Member) -> Sums:
        """What the trackers of a member's node add up to, whether anybody hears the node or not."""
        return self._sums[member.node.name]

    def alike(self, node: str) -> Mapping[str, int]:
        """The things of a node by their key: those with one number do the same to each of its members."""
        if node not in self._alike:
            found: dict[str, list[tuple[object, Hashable]]] = {}
            groups: dict[int, Sum] = {}
            for number, (_, member) in enumerate(self.members):
                if member.node.name == node:
                    instance, sums = member.instance, self.sums(member)
                    groups[id(instance.group_faults)] = sums.group(instance)
                    found.setdefault(f"interface:{instance.interface.value}", []).append((number, "link"))
                    for key, does in sums.own(instance).behaviours:
                        found.setdefault(key, []).append((number, does))
            for group, faults in groups.items():
                for key, does in faults.behaviours:
                    found.setdefault(key, []).append((("group", group), does))
            numbers: dict[Hashable, int] = {}
            self._alike[node] = {key: numbers.setdefault(tuple(does), len(numbers)) for key, does in found.items()}
        return self._alike[node]

    def reloaded(self, member: Member) -> Instance:
        """A member after its daemon has read its file again while nothing was down."""
        return self.configurations.reloaded(member.node.resolved)[member.instance.name]

    def counts_anew(self, node: str) -> bool:
        """Whether a reload of a node gives one of its members another priority than the file says."""
        if node not in self._anew:
            self._anew[node] = any(
                self._sums[node].outcome(self.reloaded(member), {}) != good
                for (_, member), good in zip(self.members, self.good, strict=True)
                if member.node.name == node
            )
        return self._anew[node]

    def of(self, router: Router, priorities: Priorities) -> Mapping[str, int | None]:
        """The priorities of one router's members, by node."""
        return {self.members[index][1].node.name: priorities[index] for index in self.places[router.key]}

    def possible(self, router: Router, *ways: Sequence[Priorities]) -> Possible:
        """Every set of masters of a router once priorities have changed while nothing is down, the likeliest first.

        `ways` are the ways in which that may have happened: the priorities one after the other.
        """
        key = router.key, tuple([tuple([self.pattern(priorities) for priorities in way]) for way in ways])
        if key not in self._possible:
            first = masters_of(router, self.starts)[:1]
            likely = [start for start in self.starts if masters_of(router, [start])[:1] == first]
            found = [masters_of(router, list(self._through(starts, ways))) for starts in (likely, self.starts)]
            self._possible[key] = tuple(dict.fromkeys(names for sets in found for names in sets))
        return self._possible[key]

    def _through(self, starts: Sequence[MasterSet], ways: Sequence[Sequence[Priorities]]) -> dict[MasterSet, None]:
        """What the starts end at in all of the ways."""
        found: dict[MasterSet, None] = {}
        for way in ways:
            held = dict.fromkeys(starts)
            for priorities in way:
                held = dict.fromkeys(after for each in held for after in self.settled(priorities, each))
            found.update(held)
        return found


def masters_of(router: Router, held: Iterable[MasterSet]) -> Possible:
    """Every set of masters of a router, the usual highest priority first, then the highest address."""
    order = {member.node.name: index for index, member in enumerate(router.members)}
    mine = [(name, (router.key, name)) for name in order]
    found = {tuple([name for name, pair in mine if pair in each]) for each in held}

    def rank(name: str) -> tuple[int, bytes, int]:
        member = router.members[order[name]]
        return -(member.reach.nominal or 0), _inverted(packed(member.address)), order[name]

    return tuple(sorted(found, key=lambda names: (not names, sorted(map(rank, names)))))


def _inverted(address: bytes | None) -> bytes:
    return b"" if address is None else bytes(255 - byte for byte in address)


def _pairs(
    members: Sequence[tuple[Router, Member]], places: Mapping[object, Sequence[int]]
) -> list[tuple[int, int, float, float]]:
    """The members that compare, and by how much the one and the other must be higher for its timer surely to end first.

    Infinity: no difference of the priorities makes that sure.
    """
    timers = [timers_of(member.instance, member.node.resolved.profile) for _, member in members]
    found = []
    for mine in places.values():
        for one, other in combinations(mine, 2):
            leads = timers[one].lead(timers[other], JITTER), timers[other].lead(timers[one], JITTER)
            ahead, behind = (float("inf") if lead is None else lead for lead in leads)
            found.append((one, other, ahead, behind))
    return found
