"""The situations in which something is so, and who can be master in them, whatever was before.

A condition is settled by the states of the few things that it names: for each way in which these can be (a `Box`) all
others are free, or all good. Nothing is enumerated over what is free.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.joint_outcomes import TooManyError
from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.reach.reachable import sound_combinations
from kalint.analysis.requirements.boxes import Box, Key, Term, boxes, things_in
from kalint.analysis.requirements.rivals import borders, by_component, classes, places_of, plain_masters
from kalint.analysis.requirements.scope import NO_CUTS, real_priority
from kalint.analysis.requirements.tables import GOOD, Column, Tables, Vector, choice_of
from kalint.analysis.requirements.things import NO_NODE, Thing, witness_of

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.cluster.members import Member, Router
    from kalint.analysis.requirements.scope import Cuts, Scope
    from kalint.analysis.requirements.things import Down

MOST_COMBINATIONS = 60_000
"""At most this many combinations of the nodes' outcomes are gone through."""

MOST_SPLIT = 200_000
"""So many things in all boxes together, where one more thing is down."""


class Found(NamedTuple):
    """Masters that may be in a region, and the fewest things down for them. Their history is not known."""

    masters: MasterSet
    down: Down
    cuts: Cuts = NO_CUTS


class Region:
    """All boxes of a condition over the routers of a scope."""

    def __init__(
        self, scope: Scope, router: Router | None, tables: Tables, term: Term, most: int | None = None
    ) -> None:
        """`router` is the one whose nodes may be out; `most`: how many things are down at most.

        Raises:
            TooManyError: a condition names too much.
        """
        self.scope, self.router, self.most = scope, router, most
        named = {(thing.node, thing.key): thing for thing in things_in(term)}
        self.things = scope.things
        if any(scope.by_key.get(key) is not thing for key, thing in named.items()):  # what nothing hangs on
            known = tuple(named.pop((thing.node, thing.key), thing) for thing in scope.things)
            self.things = known + tuple(named.values())
        self.tables = tables if self.things is scope.things else Tables(self.things)
        self.shared = [thing for thing in scope.things if thing.node == NO_NODE]
        self.boxes = boxes(term, self.shared)
        self._masters: list[Found] | None = None

    def forced(self, box: Box) -> dict[str, dict[str, str]]:
        """What is down since it fails as one with others."""
        failed = tuple((thing, 0) for thing in self.shared if GOOD not in box.states[NO_NODE, thing.key])
        return witness_of(failed)

    def fixed(self, box: Box) -> Mapping[Key, tuple[int, ...]]:
        """The states that things may be in: what is not named is good, where nothing else is down."""
        if box.others is not False:
            return box.states
        rest = {(thing.node, thing.key): (GOOD,) for thing in self.things}
        return {**rest, **box.states}

    def splits(self, box: Box) -> Iterator[Mapping[Key, tuple[int, ...]]]:
        """The same as boxes in which no node's part depends on another's: one more thing is down, if one must be."""
        fixed = self.fixed(box)
        if box.others is not True:
            yield fixed
            return
        free = [thing for thing in self.things if (thing.node, thing.key) not in box.states]
        alike: dict[Hashable, Thing] = {}
        for thing in free:
            alike.setdefault((thing.node, self.scope.alike(thing), thing.states), thing)
        if len(alike) * len(self.things) > MOST_SPLIT:
            raise TooManyError
        for thing in alike.values():
            yield {**fixed, (thing.node, thing.key): tuple(range(len(thing.states)))}

    def vectors(
        self, box: Box, fixed: Mapping[Key, tuple[int, ...]], columns: Mapping[str, Sequence[Column]]
    ) -> dict[str, list[Vector]] | None:
        """Each node's outcomes in a box; None: it is impossible. The nodes that must or must not be out are that."""
        forced = self.forced(box)
        found: dict[str, list[Vector]] = {}
        for node in dict.fromkeys((*columns, *box.out)):
            asked = list(columns.get(node, ()))
            target = self._member(node) if node in box.out else None
            if target is None and box.out.get(node):
                return None  # a node without an instance of the router is never out of it
            if target is not None:
                asked.append(Column(target, heard=False))
            if not asked:
                continue
            every = self.tables.vectors(node, asked, fixed, forced.get(node, {}))
            if target is not None:
                every = [
                    vector._replace(values=vector.values[:-1])
                    for vector in every
                    if (vector.values[-1] is None) == box.out[node]
                ]
            if not every:
                return None
            found[node] = every
        return found

    def _member(self, node: str) -> Member | None:
        if self.router is None:
            return None
        return next((member for member in self.router.members if member.node.name == node), None)

    def base(self, box: Box, fixed: Mapping[Key, tuple[int, ...]], seen: set[Key]) -> Down:
        """What is down in a box on nodes that were not asked, and what has failed as one."""
        found: list[tuple[Thing, int]] = [
            (thing, 0) for thing in self.shared if GOOD not in box.states[NO_NODE, thing.key]
        ]
        known = {(thing.node, thing.key): thing for thing in self.things}
        for key, states in fixed.items():
            if key[0] != NO_NODE and GOOD not in states and key not in seen and key in known:
                found.append((known[key], states[0]))
        return tuple(found)

    def count(self) -> int:
        """How many combinations of states meet the condition."""
        return sum(self._count(box) for box in self.boxes)

    def _count(self, box: Box) -> int:
        if self.most is not None:
            return count_up_to(self.things, self.most)
        named = set(box.states)
        total = 1
        for states in box.states.values():
            total *= len(states)
        rest = 1
        for thing in self.things:
            if (thing.node, thing.key) not in named:
                rest *= 1 + len(thing.states)
        if box.others is False:
            return total
        if box.others is True:
            return total * (rest - 1)
        if not box.out:
            return total * rest
        return self._count_out(box)

    def _count_out(self, box: Box) -> int:
        """The same where nodes are out or not: by the tables of their instances."""
        total = 1
        for thing in self.things:
            if thing.node not in box.out or self._member(thing.node) is None:
                total *= len(box.states.get((thing.node, thing.key), range(1 + len(thing.states))))
        for node, out in box.out.items():
            target = self._member(node)
            if target is not None:
                every, sound = self._sound(box, target)
                total *= every - sound if out else sound
            elif out:
                return 0
        return total

    def _sound(self, box: Box, target: Member) -> tuple[int, int]:
        """How many combinations of a node's things there are, and in how many it is neither stopped nor in FAULT."""
        node, column = target.node.name, Column(target, heard=False)
        tracked = {thing.key: thing for thing in target.reach.things}
        forced = self.forced(box).get(node, {})
        every, sound = 1, int(DAEMON not in forced)
        limited = [
            tracked[key]._replace(choices=(choice_of(self.tables.trackers, column, key, state),))
            for key, state in forced.items()
            if key in tracked
        ]
        for thing in self.things:
            if thing.node != node:
                continue
            states = box.states.get((node, thing.key), (GOOD, *range(len(thing.states))))
            every *= len(states)
            if thing.is_daemon:
                sound *= GOOD in states
            elif thing.key in tracked:
                labels = [None if state == GOOD else thing.states[state] for state in states]
                choices = tuple(choice_of(self.tables.trackers, column, thing.key, label) for label in labels)
                limited.append(tracked[thing.key]._replace(choices=choices))
            else:
                sound *= len(states)
        return every, sound * sound_combinations(target.instance, limited)

    def masters(self) -> list[Found]:
        """All masters that nothing moves in some situation of the region, each with the fewest things down.

        Raises:
            TooManyError: there are too many combinations.
        """
        if self._masters is None:
            best: dict[tuple[MasterSet, int], Found] = {}
            for number, box in enumerate(self.boxes):
                for fixed in self.splits(box):
                    for found in self._in(box, fixed):
                        key = found.masters, number
                        if key not in best or len(found.down) < len(best[key].down):
                            best[key] = found
            self._masters = sorted(best.values(), key=lambda found: len(found.down) + len(found.cuts))
        return self._masters

    def _in(self, box: Box, fixed: Mapping[Key, tuple[int, ...]]) -> Iterator[Found]:
        columns: dict[str, list[Column]] = {}
        for _, member in self.scope.members:
            columns.setdefault(member.node.name, []).append(Column(member))
        every = self.vectors(box, fixed, columns)
        if every is None:
            return
        every = {node: found for node, found in every.items() if node in columns}
        seen = {key for key in fixed if key[0] in every}
        base = self.base(box, fixed, seen)
        plain = self.scope.plain and not box.cuts
        for masters, down in plain_masters(self.scope, every) if plain else self._product(every, box.cuts):
            whole = (*base, *down)
            if self.most is None or len(whole) <= self.most:
                yield Found(masters, whole, box.cuts)

    def _product(self, every: Mapping[str, list[Vector]], cut: Cuts) -> Iterator[tuple[MasterSet, Down]]:
        """By the elections of every combination of the nodes' outcomes that compares differently."""
        scope = self.scope
        limited = {node: classes(found, borders(scope, node, every), self.most) for node, found in every.items()}
        size = 1
        for found in limited.values():
            size *= len(found)
        if size > MOST_COMBINATIONS:
            raise TooManyError
        places = places_of(scope)
        best: dict[MasterSet, Down] = {}
        for chosen in product(*limited.values()):
            down = tuple(each for vector in chosen for each in vector.down)
            if self.most is not None and len(down) > self.most:
                continue
            by_node = dict(zip(limited, chosen, strict=True))
            values = [by_node[node].values[at] for node, at in places]
            for masters in scope.standing(by_component(scope, values), cut):
                if masters not in best or len(down) < len(best[masters]):
                    best[masters] = down
        yield from best.items()


def count_up_to(things: Sequence[Thing], most: int) -> int:
    """How many combinations have at most so many things down, the one with none among them."""
    counts = [1] + [0] * most
    for thing in things:
        for size in range(most, 0, -1):
            counts[size] += counts[size - 1] * len(thing.states)
    return sum(counts)


def is_out(router: Router, node: str, down: Down) -> bool:
    """Whether a node is stopped or in FAULT, as to one router."""
    member = next((each for each in router.members if each.node.name == node), None)
    return member is not None and real_priority(member, witness_of(down)) is None
