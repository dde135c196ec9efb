"""Questions over all states of everything about routers that sync groups bind together.

A group wins or loses as a whole, so the elections are held: for every combination of the nodes' outcomes that an
election can tell apart (see `joint_outcomes`), not of the things' states. Where these are too many, the questions
stay open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.common_causes import subsets
from kalint.analysis.cluster.component import masters_of
from kalint.analysis.cluster.independent import Move, NoMaster, Power, Split
from kalint.analysis.cluster.joint_outcomes import (
    TooManyError,
    Vector,
    causes,
    changes,
    classes,
    cuts,
    limited,
    vectors,
)
from kalint.analysis.cluster.members import DAEMON, STOPPED
from kalint.analysis.cluster.steps import FULL
from kalint.semantics.priority import HIGHEST

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import Component, MasterSet, Priorities
    from kalint.analysis.cluster.joint_outcomes import Cause, Deltas
    from kalint.analysis.cluster.masters import Possible, Together
    from kalint.analysis.cluster.members import Member, Router, Shared, Witness
    from kalint.analysis.cluster.results import Answer

MOST = 60_000
"""At most this many combinations of the nodes' outcomes are gone through."""

CANDIDATES = 900_000
"""All elections for the routers of one component have at most this many candidates: about a second."""

_Alike = tuple[str, tuple["Deltas", ...]]
"""A node, and what the states of one of its things add."""

TOO_MANY = "sync groups tie too many instances together for an exact answer"


class State(NamedTuple):
    """One combination: the priorities of all members, what is not good for them, and how many failures that is."""

    priorities: Priorities
    witness: Witness
    failures: int


class Bound:
    """The routers of one part, asked over all combinations.

    Raises:
        TooManyError: these are too many.
    """

    def __init__(self, part: Component) -> None:
        units = {(member.node.name, member.instance.sync_group or member.instance.name) for _, member in part.members}
        if len(units) > FULL:
            raise TooManyError
        self.part = part
        self.shared = part.routers[0].shared
        self.nodes: dict[str, list[int]] = {}
        for index, (_, member) in enumerate(part.members):
            self.nodes.setdefault(member.node.name, []).append(index)
        self.positions = {place: (name, at) for name, mine in self.nodes.items() for at, place in enumerate(mine)}
        self.gaps = _gaps(part)
        self.causes = {name: causes(self.members(name)) for name in self.nodes}
        self.states: dict[tuple[Shared, ...], list[State]] = {}
        self._splits: dict[tuple[str, str], tuple[Split, ...]] = {}
        self._changes: dict[_Alike, tuple[Step, ...]] = {}
        self._powers: dict[tuple[object, _Alike], Power] = {}
        self.left = CANDIDATES
        for failed in subsets(self.shared):
            self.states[failed] = list(self._states(failed))
        self.spend(2 * len(part.routers) * sum(map(len, self.states.values())))

    def spend(self, steps: int) -> None:
        """Count elections that are held.

        Raises:
            TooManyError: these are too many.
        """
        self.left -= steps * len(self.part.members)
        if self.left < 0:
            raise TooManyError

    def members(self, name: str) -> list[Member]:
        """A node's instances in the part."""
        return [self.part.members[index][1] for index in self.nodes[name]]

    def _states(self, failed: Sequence[Shared]) -> Iterator[State]:
        found = {name: self.vectors(name, failed) for name in self.nodes}
        found = {name: classes(mine, self.borders(name, found)) for name, mine in found.items()}
        size = 1
        for mine in found.values():
            size *= len(mine)
        if size > MOST:
            raise TooManyError
        named = sum(self.named(name, failed) for name in self.nodes)
        for chosen in product(*found.values()):
            witness = {name: vector.witness for name, vector in zip(found, chosen, strict=True)}
            failures = sum(map(len, witness.values())) - named + len(failed)
            yield State(self.together(dict(zip(found, chosen, strict=True))), witness, failures)

    def named(self, name: str, failed: Sequence[Shared]) -> int:
        """How many things of a node all its outcomes name, since they have failed as one."""
        if self.stopped(name, failed):
            return 1
        known = {cause.key for cause in self.causes[name] if len(cause.options) > 1}
        return sum(node == name and key in known for each in failed for node, key in each.things)

    def things(self, name: str, failed: Sequence[Shared]) -> tuple[Cause, ...]:
        """A node's things while these have failed as one, and the others have not."""
        bad = {key for each in failed for node, key in each.things if node == name}
        good = {key for each in self.shared for node, key in each.things if node == name} - bad
        return limited(self.causes[name], good, bad)

    def stopped(self, name: str, failed: Sequence[Shared]) -> bool:
        """Whether the node is gone as a whole."""
        return any((name, DAEMON) in each.things for each in failed)

    def vectors(self, name: str, failed: Sequence[Shared]) -> list[Vector]:
        """All outcomes of a node."""
        if self.stopped(name, failed):
            return [Vector((None,) * len(self.nodes[name]), {DAEMON: STOPPED})]
        return vectors(self.members(name), self.things(name, failed))

    def borders(self, name: str, every: Mapping[str, Sequence[Vector]]) -> list[list[int]]:
        """Where the others' priorities cut those of each of a node's instances."""
        found = []
        for index in self.nodes[name]:
            rivals = [
                self.positions[place] for place in self.part.places[self.part.members[index][0].key] if place != index
            ]
            values = {vector.priorities[at] for node, at in rivals for vector in every[node]}
            gaps = self.gaps[index] if len(rivals) > 1 else ()
            found.append(cuts(values, gaps))
        return found

    def splits(self, name: str, group: str) -> tuple[Split, ...]:
        """The cheapest split of a sync group of a node, if there is one: every router of the group asks for it."""
        known = self._splits.get((name, group))
        if known is None:
            members = [self.part.members[index] for index in self.nodes[name]]
            routers = [(router, mine.instance.name) for router, mine in members if mine.instance.sync_group == group]
            states = (state for states in self.states.values() for state in states) if len(routers) > 1 else ()
            found = [split for state in states for split in _split(self, routers, state)]
            known = ()
            if found:
                best, state = min(found, key=lambda each: each[1].failures)
                known = (Split(name, group, best, state.witness, state.failures),)
            self._splits[name, group] = known
        return known

    def power(self, router: Router, name: str, cause: Cause) -> Power:
        """What a thing of a node can do to a router's master: things that add the same can do the same."""
        alike = name, tuple([option.deltas for option in cause.options])
        if alike not in self._changes:
            self._changes[alike] = tuple(_single(self, name, cause.key))
        if (router.key, alike) not in self._powers:
            self._powers[router.key, alike] = _power(self, router, name, self._changes[alike])
        return self._powers[router.key, alike]

    def together(self, chosen: Mapping[str, Vector]) -> Priorities:
        """The priorities of all members in the order of the part."""
        found: list[int | None] = [None] * len(self.part.members)
        for name, vector in chosen.items():
            for index, priority in zip(self.nodes[name], vector.priorities, strict=True):
                found[index] = priority
        return tuple(found)

    def standing(self, priorities: Priorities) -> tuple[MasterSet, ...]:
        """All ways in which the masters can be that nothing moves, whatever was before."""
        return self.part.settled(priorities, frozenset(), start=True)


def _gaps(part: Component) -> list[set[float]]:
    """The differences of priority from which a timer of a member, or of its rival, surely ends first."""
    found: list[set[float]] = [set() for _ in part.members]
    for one, other, *leads in part.pairs:
        for index in (one, other):
            found[index].update(abs(lead) for lead in leads if abs(lead) <= HIGHEST)
    return found


def answered(bound: Bound, answer: Answer) -> Answer:
    """An answer with what is asked over all combinations, sync groups included."""
    router, part = answer.router, bound.part
    first = answer.possible[:1]
    likely = [start for start in part.starts if masters_of(router, [start]) == first]
    moves: list[Move] = []
    nobody: list[NoMaster] = []
    winners: set[str] = set()
    for failed, states in bound.states.items():
        running = not any(key == DAEMON for each in failed for _, key in each.things)
        for state in states:
            if running:
                winners.update(*masters_of(router, bound.standing(state.priorities)))
            after = masters_of(router, _after(part, likely, state))
            if first and _moved(first[0], after):
                moves.append(Move(" and ".join(after[0]), state.witness, state.failures))
            ever = masters_of(router, _after(part, part.starts, state))
            if () in ever:
                nobody.append(NoMaster(state.witness, state.failures, ever == ((),)))
    names = [member.node.name for member in router.members]
    return answer._replace(
        never_masters=tuple(name for name in names if name not in winners),
        no_master=min(nobody, key=lambda each: (each.failures, not each.certain), default=None),
        move=min(moves, key=lambda each: each.failures, default=None),
        splits=tuple(splits(bound, router)),
        powers=dict(_powers(bound, router)),
    )


def _moved(first: Together, after: Possible) -> bool:
    """Whether others are surely master then: not nobody, nor the master beside another; of several, another set."""
    if not first or not after or () in after:
        return False
    return first not in after if len(first) > 1 else all(first[0] not in names for names in after)


def _after(part: Component, starts: Iterable[MasterSet], state: State) -> list[MasterSet]:
    return [held for start in starts for held in part.settled(state.priorities, start)]


def splits(bound: Bound, router: Router) -> Iterator[Split]:
    """For each sync group that a router is in: the fewest failures for which no node is better in all its members."""
    for member in router.members:
        if member.instance.sync_group is not None:
            yield from bound.splits(member.node.name, member.instance.sync_group)


def _split(
    bound: Bound, routers: Sequence[tuple[Router, str]], state: State
) -> Iterator[tuple[Mapping[str, str], State]]:
    best: dict[str, str] = {}
    for router, instance in routers:
        priorities = bound.part.of(router, state.priorities)
        top = max(priority or 0 for priority in priorities.values())
        names = [name for name, priority in priorities.items() if priority == top]
        if len(names) == 1:
            best[instance] = names[0]
    if len(set(best.values())) > 1:
        (first, one), *rest = best.items()
        second, other = next((instance, name) for instance, name in rest if name != one)
        yield {first: one, second: other}, state


def _powers(bound: Bound, router: Router) -> Iterator[tuple[tuple[str, str], Power]]:
    """What each thing can do to one router's master."""
    as_one = {thing for shared in bound.shared for thing in shared.things}
    for name in bound.nodes:
        for cause in bound.causes[name]:
            if (name, cause.key) not in as_one:
                yield (name, cause.key), bound.power(router, name, cause)
    for shared in bound.shared:
        found = _power(bound, router, None, _as_one(bound, shared))
        yield ("", shared.key), Power(found.loses or found.gains, False)


Step = tuple["Priorities", "Priorities"]


def _single(bound: Bound, name: str, key: str) -> Iterator[Step]:
    """The priorities before and after each change of one thing, in every state of all else."""
    for failed in bound.states:
        if bound.stopped(name, failed):
            continue
        others = {node: bound.vectors(node, failed) for node in bound.nodes if node != name}
        steps = set(changes(bound.members(name), bound.things(name, failed), key))
        mine = [Vector(one, {}) for step in steps for one in step]
        every = {**others, name: mine}
        borders = bound.borders(name, every)
        steps = {(_class(one, borders), _class(other, borders)) for one, other in steps}
        others = {node: classes(found, bound.borders(node, every)) for node, found in others.items()}
        yield from _steps(bound, {name: steps}, others)


def _class(priorities: tuple[int | None, ...], borders: Sequence[Sequence[int]]) -> tuple[int | None, ...]:
    """The priorities with each moved to one that compares alike with the borders."""
    from bisect import bisect_left

    moved: list[int | None] = []
    for value, border in zip(priorities, borders, strict=True):
        if value is None or value in border:
            moved.append(value)
            continue
        place = bisect_left(border, value)
        moved.append(border[place] - 1 if place < len(border) else border[-1] + 1 if border else 1)
    return tuple(moved)


def _as_one(bound: Bound, shared: Shared) -> Iterator[Step]:
    """The same where things on several nodes fail as one."""
    for failed in bound.states:
        if shared in failed:
            continue
        after = tuple(each for each in bound.shared if each in failed or each is shared)
        struck = {name for name, _ in shared.things if name in bound.nodes}
        steps = {name: set(_pairs(bound, name, failed, after)) for name in struck}
        others = {node: bound.vectors(node, failed) for node in bound.nodes if node not in struck}
        for forward in (True, False):
            kept = {name: {pair if forward else pair[::-1] for pair in pairs} for name, pairs in steps.items()}
            yield from _steps(bound, kept, others)


def _pairs(bound: Bound, name: str, failed: Sequence[Shared], after: Sequence[Shared]) -> Iterator[Step]:
    """A node's priorities before and after, in every state of what does not fail as one here."""
    if bound.stopped(name, failed) or bound.stopped(name, after):
        gone = (None,) * len(bound.nodes[name])
        for vector in bound.vectors(name, failed):
            yield vector.priorities, gone
        return
    from kalint.analysis.cluster.joint_outcomes import added, clamped, sums

    before, then = bound.things(name, failed), bound.things(name, after)
    same = [cause for cause, other in zip(before, then, strict=True) if cause == other]
    differ = [(cause, other) for cause, other in zip(before, then, strict=True) if cause != other]
    members = bound.members(name)
    for total in sums(members, same):
        good, bad = total, [total]
        for cause, other in differ:
            good = added(good, cause.options[0].deltas)
            bad = [added(each, option.deltas) for each in bad for option in other.options]
        for each in bad:
            yield clamped(members, good), clamped(members, each)


def _steps(bound: Bound, steps: Mapping[str, Iterable[Step]], others: Mapping[str, Sequence[Vector]]) -> Iterator[Step]:
    """Every combination of the nodes' changes and of what the others can be at."""
    size = 1
    listed = {name: list(pairs) for name, pairs in steps.items()}
    for found in (*listed.values(), *others.values()):
        size *= len(found)
    bound.spend(2 * size)
    for pairs in product(*listed.values()):
        for chosen in product(*others.values()):
            fixed = dict(zip(others, chosen, strict=True))
            one, other = (
                bound.together(
                    {**fixed, **{name: Vector(pair[side], {}) for name, pair in zip(listed, pairs, strict=True)}}
                )
                for side in (0, 1)
            )
            yield one, other


def _power(bound: Bound, router: Router, name: str | None, steps: Iterable[Step]) -> Power:
    """Whether a change surely takes the master from its node, or gives it to it; without a name, from any or none.

    Where nodes do not hear each other, a change on one node may also make others master: that counts as a gain.
    """
    loses = gains = False
    deaf = not bound.part.graphs[router.key].whole
    seen = set()
    for before, after in steps:
        key = bound.part.pattern(before), bound.part.pattern(after)
        if key in seen:
            continue
        seen.add(key)
        for held in bound.standing(before):
            (was,) = masters_of(router, [held])
            now = masters_of(router, bound.part.settled(after, held))
            if name is None:
                loses = loses or was not in now
            else:
                loses = loses or (name in was and all(name not in names for names in now))
                gains = gains or (name not in was and all(name in names for names in now)) or (deaf and was not in now)
        if loses and (gains or name is None):
            break
    return Power(loses, gains)
