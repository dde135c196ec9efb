"""Paths of settled situations: what the masters come to when things fail and recover one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.requirements.scope import NO_CUTS
from kalint.analysis.requirements.things import Thing

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.requirements.scope import Cuts, Scope
    from kalint.analysis.requirements.things import Down

MOST_ORDERED = 4
"""Of so many failures every order is tried."""
MOST_STATES = 6000
"""At most this many situations are walked through, each with all its histories."""
MOST_STEPS = 200_000
"""At most this many steps of a walk."""
MOST_TRIED = 4000
"""At most this many histories are tried for one situation."""


class Move(NamedTuple):
    """A thing fails (`state`), or recovers (`state` is None); or a link (`cut`) is cut, or works again."""

    thing: Thing | None
    state: int | None
    cut: frozenset[str] | None = None


class Step(NamedTuple):
    """A move, and who is master once all has settled."""

    move: Move
    masters: MasterSet


class At(NamedTuple):
    """Where a history has come to. `steps` are all that led there from a start of all daemons (`start`)."""

    masters: MasterSet
    down: Down = ()
    cuts: Cuts = NO_CUTS
    steps: tuple[Step, ...] = ()
    start: MasterSet = frozenset()


def moved(at: At, move: Move) -> tuple[Down, Cuts]:
    """What is down after a move."""
    if move.cut is not None:
        return at.down, at.cuts - {move.cut} if move.state is None else at.cuts | {move.cut}
    thing = move.thing
    assert thing is not None
    rest = tuple(each for each in at.down if (each[0].node, each[0].key) != (thing.node, thing.key))
    return rest if move.state is None else (*rest, (thing, move.state)), at.cuts


def after(scope: Scope, at: At, move: Move) -> Iterator[At]:
    """All that one move leads to."""
    down, cuts = moved(at, move)
    for masters in scope.settled(scope.priorities(down), at.masters, cuts):
        yield At(masters, down, cuts, (*at.steps, Step(move, masters)), at.start)


def walked(scope: Scope, starts: Iterable[At], moves: Iterable[Move]) -> list[At]:
    """All that the moves lead to, one after the other; of several ways to the same masters one."""
    found = list(starts)
    for move in moves:
        following: dict[MasterSet, At] = {}
        for at in found:
            for each in after(scope, at, move):
                following.setdefault(each.masters, each)
        found = list(following.values())
    return found


def starts(scope: Scope) -> list[At]:
    """The daemons have started in some order while nothing is down."""
    return [At(masters, start=masters) for masters in dict.fromkeys(scope.starts)]


def path_to(scope: Scope, down: Down, cuts: Cuts, masters: MasterSet) -> At | None:
    """A history that leads to these masters in a situation; None: none was found."""
    for number, moves in enumerate(_candidates(scope, down, cuts)):
        if number >= MOST_TRIED:
            return None
        for at in walked(scope, starts(scope), moves):
            if at.masters == masters:
                return at
    return None


def _candidates(scope: Scope, down: Down, cuts: Cuts) -> Iterator[list[Move]]:
    """Histories that end in a situation, the short ones first."""
    fails = [Move(thing, state) for thing, state in down] + [Move(None, 0, cut) for cut in cuts]
    orders = list(permutations(fails)) if len(fails) <= MOST_ORDERED else [tuple(fails), tuple(reversed(fails))]
    yield from map(list, orders)
    down_now = {(thing.node, thing.key) for thing, _ in down}
    extras = [thing for thing in scope.representatives(1) if (thing.node, thing.key) not in down_now]
    first = [orders[0]] if len(orders) > 6 else orders
    for extra in extras:
        for order in first:
            yield [Move(extra, 0), *order, Move(extra, None)]
            yield [*order, Move(extra, 0), Move(extra, None)]
    daemons = [
        thing for thing in scope.representatives(1) if thing.is_daemon and (thing.node, thing.key) not in down_now
    ]
    if len(daemons) <= MOST_ORDERED:
        for order_of in permutations(daemons):
            stops = [Move(thing, 0) for thing in daemons]
            begins = [Move(thing, None) for thing in order_of]
            yield [*stops, *fails, *begins]
            yield [*fails, *stops, *begins]
    for one in extras:
        for other in extras:
            if one is not other:
                yield [Move(one, 0), Move(other, 0), *first[0], Move(one, None), Move(other, None)]
                yield [Move(one, 0), *first[0], Move(one, None), Move(other, 0), Move(other, None)]


Walk = Mapping[tuple[frozenset[tuple["Thing", int]], "MasterSet"], At]
"""Settled situations, each what is down and who is master, with the shortest history that leads there."""


def reachable(scope: Scope) -> Walk | None:
    """Every situation with all masters that some history leads to, the shortest first; None: there are too many."""
    things = scope.representatives(99)
    size = 1
    for thing in things:
        size *= 1 + len(thing.states)
        if size > MOST_STATES:
            return None
    found: dict[tuple[frozenset[tuple[Thing, int]], MasterSet], At] = {}
    waiting = deque(starts(scope))
    left = MOST_STEPS
    while waiting:
        at = waiting.popleft()
        key = frozenset(at.down), at.masters
        if key in found:
            continue
        found[key] = at
        states = {(thing.node, thing.key): state for thing, state in at.down}
        for thing in things:
            now = states.get((thing.node, thing.key))
            for state in (*range(len(thing.states)), None):
                if state != now:
                    left -= 1
                    waiting.extend(
                        each
                        for each in after(scope, at, Move(thing, state))
                        if (frozenset(each.down), each.masters) not in found
                    )
        if left < 0:
            return None
    return found
