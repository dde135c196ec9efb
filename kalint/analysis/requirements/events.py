"""What follows when something happens: from every settled situation with nothing down, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.members import DAEMON, RELOADED, STOPPED
from kalint.analysis.requirements.histories import At, Move, Step, after, moved
from kalint.analysis.requirements.things import Thing, single
from kalint.analysis.timing.stalls import stall_of

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.cluster.members import Router
    from kalint.analysis.requirements.scope import Scope

MOST_EVENTS = 5
"""At most this many events are walked through in every order."""
MOST_WALKS = 300_000
"""So many steps for all sets of things that fail."""


class Base(NamedTuple):
    """A settled situation with nothing down. `real`: a history is known that leads there."""

    at: At
    real: bool = True


class NamedEvent(NamedTuple):
    """One event with its names resolved.

    `verb` is that of the requirement. `moves` are what it may be (each state of a thing); where it is about the master
    they are by node. `seconds` is how long a node stalls.
    """

    verb: str
    moves: tuple[Move, ...] = ()
    by_master: tuple[tuple[str, tuple[Move, ...]], ...] = ()
    seconds: float = 0.0
    node: str = ""


class Case(NamedTuple):
    """What events lead to: from `base` through `steps` to `at`.

    `recovering` is the number of the step with which things begin to recover. `during` are masters that there are in
    between, where a node stalls. `verbs` has that of each step.
    """

    base: Base
    at: At
    steps: tuple[Step, ...]
    verbs: tuple[str, ...] = ()
    recovering: int | None = None
    during: tuple[MasterSet, ...] = ()


class TooManyEventsError(Exception):
    """More events, or sets of them, than can be gone through."""


def happened(
    scope: Scope, router: Router | None, bases: Sequence[Base], events: Sequence[NamedEvent], recovers: bool
) -> Iterator[Case]:
    """All cases of some events, in every order.

    Raises:
        TooManyEventsError: there are too many.
    """
    if len(events) > MOST_EVENTS:
        raise TooManyEventsError
    for base in bases:
        for order in permutations(events):
            yield from _ordered(scope, router, base, order, recovers)


def _ordered(
    scope: Scope, router: Router | None, base: Base, order: Sequence[NamedEvent], recovers: bool
) -> Iterator[Case]:
    cases = [Case(base, base.at, ())]
    for event in order:
        cases = [
            following
            for case in cases
            for move in _moves(scope, router, case.at, event)
            for following in _stepped(scope, case, move, event.verb)
        ]
    for case in cases:
        if not recovers:
            yield case
            continue
        back = [Move(step.move.thing, None, step.move.cut) for step in case.steps]
        back = list(dict.fromkeys(back))
        begins = case._replace(recovering=len(case.steps))
        for way in permutations(back):
            found = [begins]
            for move in way:
                found = [each for one in found for each in _stepped(scope, one, move, "recovers")]
            yield from found


def _moves(scope: Scope, router: Router | None, at: At, event: NamedEvent) -> Iterator[Move]:
    if not event.by_master:
        yield from event.moves
        return
    assert router is not None
    masters = scope.names(router, at.masters)
    for node, moves in event.by_master:
        if node in masters:
            yield from moves


def _stepped(scope: Scope, case: Case, move: Move, verb: str) -> Iterator[Case]:
    for at in after(scope, case.at, move):
        yield case._replace(at=at, steps=(*case.steps, at.steps[-1]), verbs=(*case.verbs, verb))


def whatever(
    scope: Scope,
    bases: Sequence[Base],
    things: Sequence[Thing],
    links: Sequence[frozenset[str]],
    most: int,
    empty: bool,
) -> Iterator[Case]:
    """All cases of at most so many failures, in every order, from nothing down.

    Args:
        scope: the routers.
        bases: where it begins.
        things: what may fail; of those that do the same as many as may fail are enough.
        links: what may be cut.
        most: so many at most.
        empty: that nothing fails counts too.

    Raises:
        TooManyEventsError: there are too many.
    """
    moves = [[Move(thing, state) for state in range(len(thing.states))] for thing in things]
    moves += [[Move(None, 0, link)] for link in links]
    if walks(moves, most, len(bases)) > MOST_WALKS:
        raise TooManyEventsError
    if empty:
        for base in bases:
            yield Case(base, base.at, ())
    known: dict[tuple[MasterSet, frozenset[Move]], list[Case]] = {}
    for size in range(1, most + 1):
        for some in combinations(moves, size):
            for chosen in product(*some):
                for base in bases:
                    yield from _sets(scope, base, frozenset(chosen), known)


def walks(moves: Sequence[Sequence[Move]], most: int, bases: int) -> int:
    """About how many steps all sets of so many moves take."""
    counts = [1] + [0] * most
    for options in moves:
        for size in range(most, 0, -1):
            counts[size] += counts[size - 1] * len(options)
    return bases * sum(count * size for size, count in enumerate(counts))


def _sets(
    scope: Scope, base: Base, moves: frozenset[Move], known: dict[tuple[MasterSet, frozenset[Move]], list[Case]]
) -> list[Case]:
    """What a set of failures leads to, one last one after all others; one case of each course of the masters."""
    key = base.at.masters, moves
    if key not in known:
        found: dict[object, Case] = {}
        for last in sorted(moves, key=str) if len(moves) > 1 else moves:
            rest = moves - {last}
            for before in _sets(scope, base, rest, known) if rest else [Case(base, base.at, ())]:
                for case in _stepped(scope, before, last, "fails"):
                    course = case.at.masters, frozenset(step.masters for step in case.steps)
                    found.setdefault((course, _last(case)), case)
        known[key] = list(found.values())
    return known[key]


def _last(case: Case) -> object:
    """What the time of the last step depends on."""
    before = case.steps[-2].masters if len(case.steps) > 1 else case.base.at.masters
    return before if before != case.at.masters else None


def reloaded(scope: Scope, bases: Sequence[Base], node: str) -> Iterator[Case]:
    """A node's daemon reads its file again."""
    thing = single(node, DAEMON, RELOADED)
    for base in bases:
        yield from _stepped(scope, Case(base, base.at, ()), Move(thing, 0), "reloaded")


def stalled(scope: Scope, bases: Sequence[Base], node: str, seconds: float, daemon: Thing) -> Iterator[Case]:
    """A node sends nothing for a time, and is there again.

    While it stalls it stays what it was, since it does not know of others; a backup whose master down interval may end
    in that time is master beside it.
    """
    for base in bases:
        move = Move(daemon, 0)
        case = Case(base, base.at, (Step(move, base.at.masters),), ("stalls",))
        held = [router for router in scope.routers if node in scope.names(router, base.at.masters)]
        late = [router for router in held if seconds > _enough(router, node)]
        if not late:
            yield case
            continue
        down, cuts = moved(base.at, move)
        for other in scope.settled(scope.priorities(down), base.at.masters, cuts):
            kept = {each for each in base.at.masters if each[0] not in {router.key for router in late}}
            taken = {each for each in other if each[0] in {router.key for router in late}}
            own = {each for each in base.at.masters if each[1] == node}
            both = frozenset(kept | taken | own)
            for masters in scope.settled(scope.priorities(()), both, cuts):
                at = At(masters, (), cuts, (*base.at.steps, Step(move, masters)), base.at.start)
                yield case._replace(at=at, steps=(Step(move, masters),), during=(both,))


def _enough(router: Router, node: str) -> float:
    """Seconds above which a stall of a master may move it."""
    found = stall_of(router, node)
    return float("inf") if found is None else found.seconds


def daemon_of(node: str) -> Thing:
    """A node's daemon, as what may stop."""
    return single(node, DAEMON, STOPPED)
