"""The routers that one claim is about, with those that sync groups bind to them, and their elections."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

from kalint.analysis.cluster.component import Component
from kalint.analysis.cluster.joint_outcomes import TooManyError
from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.requirements.things import Down, Thing, TrackersByThing, own_link, things_of_member, witness_of
from kalint.semantics.effect import effect
from kalint.semantics.priority import outcome
from kalint.semantics.states import starting_state

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet, Priorities
    from kalint.analysis.cluster.members import Member, Router

Cuts = frozenset[frozenset[str]]
"""The links that are cut, each between two nodes."""

NO_CUTS: Cuts = frozenset()
MOST_UNITS = 8
"""Of so many instances and sync groups any may have been master before."""


class Scope:
    """Some components together, as one: their members, priorities, and all ways in which they settle.

    `things` are those of the cluster, `by_key` the same by node and key; `keys` are those that its members hang on.
    """

    def __init__(
        self, components: Sequence[Component], things: Sequence[Thing], by_key: Mapping[tuple[str, str], Thing]
    ) -> None:
        self.components = tuple(components)
        self.things = tuple(things)
        self.by_key = by_key
        self.members = [pair for component in components for pair in component.members]
        self.routers = [router for component in components for router in component.routers]
        self.keys = frozenset((member.node.name, key) for _, member in self.members for key in things_of_member(member))
        self.nodes = tuple(dict.fromkeys(member.node.name for _, member in self.members))
        self._cut: dict[Cuts, tuple[Component, ...]] = {NO_CUTS: self.components}
        self._priorities: dict[frozenset[tuple[Thing, int]], tuple[Priorities, ...]] = {}
        self._settled: dict[tuple[tuple[Priorities, ...], MasterSet, Cuts], tuple[MasterSet, ...]] = {}
        self._standing: dict[tuple[tuple[Priorities, ...], Cuts], tuple[MasterSet, ...]] = {}
        self._trackers = TrackersByThing()
        self._alike: dict[Hashable, int | None] = {}
        self._numbers: dict[Hashable, int] = {}
        self.starts = self._joined([component.starts for component in self.components])

    @property
    def complete(self) -> bool:
        """Whether no election of it had too many orders to be walked through."""
        return all(component.complete for components in self._cut.values() for component in components)

    @property
    def plain(self) -> bool:
        """Whether it is one router of which every node hears every other, without sync groups."""
        return (
            len(self.routers) == 1
            and not self.routers[0].grouped
            and self.components[0].graphs[self.routers[0].key].whole
        )

    @property
    def grouped(self) -> bool:
        return any(router.grouped for router in self.routers)

    def _parts(self, cuts: Cuts) -> tuple[Component, ...]:
        if cuts not in self._cut:
            whole = self.components
            self._cut[cuts] = tuple(
                Component(each.routers, cuts=cuts, configurations=each.configurations) for each in whole
            )
        return self._cut[cuts]

    def priorities(self, down: Down) -> tuple[Priorities, ...]:
        """The priorities of each component's members: None where nobody hears of one."""
        key = frozenset(down)
        found = self._priorities.get(key)
        if found is None:
            witness = witness_of(down)
            found = self._priorities[key] = tuple(each.priorities(witness) for each in self.components)
        return found

    def settled(
        self, priorities: tuple[Priorities, ...], masters: MasterSet, cuts: Cuts = NO_CUTS
    ) -> tuple[MasterSet, ...]:
        """All that the masters come to, from who is master now."""
        key = priorities, masters, cuts
        found = self._settled.get(key)
        if found is None:
            parts = self._parts(cuts)
            ways = [part.settled(mine, _own(part, masters)) for part, mine in zip(parts, priorities, strict=True)]
            found = self._settled[key] = self._joined(ways)
        return found

    def standing(self, priorities: tuple[Priorities, ...], cuts: Cuts = NO_CUTS) -> tuple[MasterSet, ...]:
        """All that the masters may come to, whoever was master before: no history leads to others.

        Raises:
            TooManyError: there are too many ways for it to have been before.
        """
        key = priorities, cuts
        found = self._standing.get(key)
        if found is None:
            parts = self._parts(cuts)
            found = self._standing[key] = self._joined(
                [_from_any(part, mine) for part, mine in zip(parts, priorities, strict=True)]
            )
        return found

    @staticmethod
    def _joined(ways: Sequence[Iterable[MasterSet]]) -> tuple[MasterSet, ...]:
        if len(ways) == 1:
            return tuple(ways[0])
        return tuple(frozenset().union(*each) for each in product(*ways))

    def names(self, router: Router, masters: MasterSet) -> tuple[str, ...]:
        """The masters of one router, in the order of its nodes."""
        return tuple(member.node.name for member in router.members if (router.key, member.node.name) in masters)

    def alike(self, thing: Thing) -> Hashable:
        """What two things have in common that do the same to every member: they may stand for each other."""
        if not thing.node:
            return thing
        if (thing.node, thing.key) not in self.keys:
            return None
        if thing.key == DAEMON:
            return thing
        mine = [member for _, member in self.members if member.node.name == thing.node]
        same = tuple([part.alike(thing.node).get(thing.key) for part in self.components])
        key = thing.node, same, thing.states
        if key not in self._alike:
            good = tuple(self._effects(member, thing.key, None) for member in mine)
            found = tuple(tuple(self._effects(member, thing.key, state) for member in mine) for state in thing.states)
            idle = all(each == good for each in found)
            self._alike[key] = None if idle else self._numbers.setdefault((thing.node, good, found), len(self._numbers))
        return self._alike[key]

    def _effects(self, member: Member, key: str, state: str | None) -> Hashable:
        """All that a state of a thing does to a member; None: the good one."""
        profile = member.node.resolved.profile
        counted: list[object] = []
        for tracker, _ in self._trackers.of(member, key):
            value = starting_state(tracker) if state is None else int(state) if tracker.kind == "file" else state
            counted.append(effect(tracker, value, profile))
        if key == own_link(member) and state is not None:
            counted.append("link")
        return tuple(counted)

    def representatives(self, most: int, idle: bool = False) -> list[Thing]:
        """The things that matter here; of those that do the same, so many as may fail at once.

        With `idle`, one of each node that changes nothing too.
        """
        kept: list[Thing] = []
        count: dict[Hashable, int] = {}
        for thing in self.things:
            key = self.alike(thing)
            if key is None and idle:
                key, most_of = (thing.node, "idle"), 1
            else:
                most_of = most
            if key is not None and count.setdefault(key, 0) < most_of:
                count[key] += 1
                kept.append(thing)
        return kept


def _from_any(part: Component, priorities: Priorities) -> list[MasterSet]:
    """What the masters of a component come to from any that there may have been."""
    units: dict[object, set[tuple[object, str]]] = {}
    for router, member in part.members:
        group = member.instance.sync_group
        unit = (member.node.name, router.key if group is None else group)
        units.setdefault(unit, set()).add((router.key, member.node.name))
    if len(units) > MOST_UNITS:
        raise TooManyError
    found: dict[MasterSet, None] = {}
    for chosen in product((False, True), repeat=len(units)):
        before = frozenset(one for unit, was in zip(units.values(), chosen, strict=True) if was for one in unit)
        found.update(dict.fromkeys(part.settled(priorities, before)))
    if priorities == part.good:
        found.update(dict.fromkeys(part.starts))
    return list(found)


def _own(part: Component, masters: MasterSet) -> MasterSet:
    keys = {router.key for router in part.routers}
    return frozenset(each for each in masters if each[0] in keys)


def real_priority(member: Member, witness: Mapping[str, Mapping[str, str]]) -> int | None:
    """A member's effective priority, heard or not; None: FAULT, or no daemon."""
    mine = witness.get(member.node.name, {})
    if DAEMON in mine:
        return None
    known = {thing.key for thing in member.reach.things}
    states = {key: state for key, state in mine.items() if key in known}
    return outcome(member.instance, states, member.node.resolved.profile)
