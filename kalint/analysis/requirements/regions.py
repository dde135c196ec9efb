"""The situations in which something is so, and who can be master in them, whatever was before.

A condition is settled by the states of the few things that it names: for each way in which these can be (a `Box`) all
others are free, or all good. Nothing is enumerated over what is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.joint_outcomes import TooManyError, cuts
from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.reach.reachable import reach_of
from kalint.analysis.requirements.scope import NO_CUTS, real_priority
from kalint.analysis.requirements.tables import GOOD, Column, Tables, Vector, choice_of
from kalint.analysis.requirements.things import NO_NODE, Thing, witness_of

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.cluster.members import Member, Router
    from kalint.analysis.requirements.scope import Cuts, Scope
    from kalint.analysis.requirements.things import Down

MOST_BOXES = 4096
"""So many ways in which the things that a condition names can be."""
MOST_COMBINATIONS = 60_000
"""At most this many combinations of the nodes' outcomes are gone through."""

TOO_MANY = "too many combinations to go through"

Key = tuple[str, str]


class Term(NamedTuple):
    """A condition with its names resolved: see `kalint.requirements.model.State`; `always` is always so."""

    kind: str
    parts: tuple[Term, ...] = ()
    things: tuple[Thing, ...] = ()
    nodes: tuple[str, ...] = ()
    state: int = 0
    cut: frozenset[str] = frozenset()


ALWAYS = Term("always")


class Box(NamedTuple):
    """One way in which what a condition names can be, all of which meet the condition.

    `states` are those that the things named may be in, by node and key. `others`: False where all things that are not
    named are good, True where one at least is down, None where the condition does not care. `out` says of nodes
    whether they are out. `cuts` are the links that are cut.
    """

    states: Mapping[Key, tuple[int, ...]]
    others: bool | None = None
    out: Mapping[str, bool] = {}
    cuts: Cuts = NO_CUTS


class Found(NamedTuple):
    """Masters that may be in a region, and the fewest things down for them. Their history is not known."""

    masters: MasterSet
    down: Down
    cuts: Cuts = NO_CUTS


def boxes(term: Term, shared: Sequence[Thing]) -> list[Box]:
    """The ways that meet a condition, no two of which overlap.

    Args:
        term: the condition.
        shared: what fails as one: each stands for itself.

    Raises:
        TooManyError: there are too many.
    """
    named = {(thing.node, thing.key): thing for thing in (*shared, *_things(term))}
    values: dict[Key, set[int]] = {}
    for each in _terms(term):
        if each.kind == "is":
            values.setdefault((each.things[0].node, each.things[0].key), set()).add(each.state)
    options: list[list[tuple[int, ...]]] = []
    for key, thing in named.items():
        apart = sorted(values.get(key, set()) - {GOOD})
        rest = tuple(state for state in range(len(thing.states)) if state not in apart)
        options.append([(GOOD,), *((state,) for state in apart), *([rest] if rest else [])])
    links = list(dict.fromkeys(each.cut for each in _terms(term) if each.kind == "cut"))
    nodes = list(dict.fromkeys(node for each in _terms(term) if each.kind == "out" for node in each.nodes))
    cares = any(each.kind in ("only", "nothing") for each in _terms(term))
    size = (2 if cares else 1) * 2 ** (len(links) + len(nodes))
    for ways in options:
        size *= len(ways)
    if size > MOST_BOXES:
        raise TooManyError
    found = []
    for chosen in product(*options):
        states = dict(zip(named, chosen, strict=True))
        for others in (False, True) if cares else (None,):
            for cut in product((False, True), repeat=len(links)):
                for out in product((False, True), repeat=len(nodes)):
                    box = Box(
                        states,
                        others,
                        dict(zip(nodes, out, strict=True)),
                        frozenset(link for link, on in zip(links, cut, strict=True) if on),
                    )
                    if meets(term, box):
                        found.append(box)
    return found


def _terms(term: Term) -> Iterator[Term]:
    yield term
    for part in term.parts:
        yield from _terms(part)


def _things(term: Term) -> list[Thing]:
    """The things that a condition names; of a file whose values are named, the one with most of them."""
    found: dict[Key, Thing] = {}
    for each in _terms(term):
        for thing in each.things:
            key = thing.node, thing.key
            if key not in found or len(thing.states) > len(found[key].states):
                found[key] = thing
    return list(found.values())


def meets(term: Term, box: Box) -> bool:
    """Whether a condition holds in a box."""
    kind = term.kind
    if kind == "always":
        return True
    if kind == "and":
        return all(meets(part, box) for part in term.parts)
    if kind == "or":
        return any(meets(part, box) for part in term.parts)
    if kind == "not":
        return not meets(term.parts[0], box)
    if kind == "cut":
        return term.cut in box.cuts
    if kind == "out":
        return all(box.out[node] for node in term.nodes)
    keys = [(thing.node, thing.key) for thing in term.things]
    if kind == "is":
        return box.states[keys[0]] == (term.state,)
    down = {key for key, states in box.states.items() if GOOD not in states}
    if kind == "down":
        return down.issuperset(keys)
    return box.others is False and down == set(keys)  # only, nothing


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
        named = {(thing.node, thing.key): thing for thing in _things(term)}
        self.things = tuple(named.pop((thing.node, thing.key), thing) for thing in scope.things) + tuple(named.values())
        self.tables = tables if self.things == scope.things else Tables(self.things)
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
        for thing in self.things:
            if (thing.node, thing.key) not in box.states:
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
            tracked[key]._replace(choices=(choice_of(column, key, state),))
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
                choices = tuple(choice_of(column, thing.key, label) for label in labels)
                limited.append(tracked[thing.key]._replace(choices=choices))
            else:
                sound *= len(states)
        return every, sound * sum(reached.combinations for reached in reach_of(target.instance, limited).reachable)

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
        for masters, down in _plain(self.scope, every) if plain else self._product(every, box.cuts):
            whole = (*base, *down)
            if self.most is None or len(whole) <= self.most:
                yield Found(masters, whole, box.cuts)

    def _product(self, every: Mapping[str, list[Vector]], cut: Cuts) -> Iterator[tuple[MasterSet, Down]]:
        """By the elections of every combination of the nodes' outcomes that compares differently."""
        scope = self.scope
        limited = {node: _classes(found, _borders(scope, node, every), self.most) for node, found in every.items()}
        size = 1
        for found in limited.values():
            size *= len(found)
        if size > MOST_COMBINATIONS:
            raise TooManyError
        places = _places(scope)
        best: dict[MasterSet, Down] = {}
        for chosen in product(*limited.values()):
            down = tuple(each for vector in chosen for each in vector.down)
            if self.most is not None and len(down) > self.most:
                continue
            by_node = dict(zip(limited, chosen, strict=True))
            values = [by_node[node].values[at] for node, at in places]
            for masters in scope.standing(_split(scope, values), cut):
                if masters not in best or len(down) < len(best[masters]):
                    best[masters] = down
        yield from best.items()


def _places(scope: Scope) -> list[tuple[str, int]]:
    """Where each member's priority stands: its node, and the column there."""
    count: dict[str, int] = {}
    found = []
    for _, member in scope.members:
        name = member.node.name
        found.append((name, count.get(name, 0)))
        count[name] = count.get(name, 0) + 1
    return found


def _split(scope: Scope, values: Sequence[int | None]) -> tuple[tuple[int | None, ...], ...]:
    found, at = [], 0
    for component in scope.components:
        found.append(tuple(values[at : at + len(component.members)]))
        at += len(component.members)
    return tuple(found)


def _borders(scope: Scope, node: str, every: Mapping[str, Sequence[Vector]]) -> list[list[int]]:
    """Where the others' priorities cut those of each of a node's instances."""
    places = _places(scope)
    found = []
    for (router, member), (name, _) in zip(scope.members, places, strict=True):
        if name != node:
            continue
        values = {
            vector.values[column]
            for (other, rival), (theirs, column) in zip(scope.members, places, strict=True)
            if other is router and rival is not member
            for vector in every[theirs]
        }
        found.append(cuts(values, ()))
    return found


def _classes(found: Sequence[Vector], borders: Sequence[Sequence[int]], most: int | None) -> list[Vector]:
    """One outcome of those that compare alike, the one with the fewest things down."""
    from bisect import bisect_left, bisect_right

    best: dict[tuple[int, ...], Vector] = {}
    for vector in found:
        if most is not None and len(vector.down) > most:
            continue
        key = tuple(
            -1 if value is None else bisect_left(border, value) + bisect_right(border, value)
            for value, border in zip(vector.values, borders, strict=True)
        )
        if key not in best or len(vector.down) < len(best[key].down):
            best[key] = vector
    return list(best.values())


def _plain(scope: Scope, every: Mapping[str, list[Vector]]) -> Iterator[tuple[MasterSet, Down]]:
    """One router, everybody hears everybody: a node can be master if no node that preempts has a higher priority.

    So what one node needs of another is a limit, and the fewest things down for each limit are enough.
    """
    router = scope.routers[0]
    preempts = {member.node.name: member.instance.preempt.value for member in router.members}
    below = {node: _cheapest(found) for node, found in every.items()}
    for name, mine in every.items():
        best: Down | None = None
        for vector in mine:
            priority = vector.values[0]
            if priority is None:
                continue
            down = vector.down
            for other, limits in below.items():
                if other == name:
                    continue
                theirs = limits[priority if preempts[other] else 256]
                if theirs is None:
                    break
                down = (*down, *theirs.down)
            else:
                if best is None or len(down) < len(best):
                    best = down
        if best is not None:
            yield frozenset(((router.key, name),)), best
    faults = [limits[0] for limits in below.values()]
    if all(each is not None for each in faults):
        yield frozenset(), tuple(one for each in faults if each is not None for one in each.down)


def _cheapest(found: Sequence[Vector]) -> list[Vector | None]:
    """For each priority the outcome with the fewest things down that is at most so high, or none; the last: any."""
    best: list[Vector | None] = [None] * 257
    for vector in found:
        at = vector.values[0] or 0
        known = best[at]
        if known is None or len(vector.down) < len(known.down):
            best[at] = vector
    for at in range(1, 257):
        lower, here = best[at - 1], best[at]
        if lower is not None and (here is None or len(lower.down) <= len(here.down)):
            best[at] = lower
    return best


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
