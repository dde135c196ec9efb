"""Questions about a router over all states of everything, from its members' tables of outcomes.

What one node hangs on is not what another hangs on, so the combinations of a cluster are the product of its nodes'
outcomes: at most 255 each, with the fewest things down for each (`Reach`). Nothing is enumerated. What fails on several
nodes as one is asked case by case (see `common_causes`). Sync groups bind the routers of a node together, which tables
do not see: `bound` is for these.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach.other_sums import OtherSums
from kalint.semantics.priority import HIGHEST, LOWEST, clamp, effective

if TYPE_CHECKING:
    from kalint.analysis.cluster.common_causes import Case
    from kalint.analysis.cluster.members import Witness
    from kalint.analysis.reach.reachable import Reach, Reached, Thing


class Tie(NamedTuple):
    """Two nodes that can come to the same priority while nobody is above, and the fewest things down for it.

    `failures` is how many that are, with what fails as one counted once.
    """

    nodes: tuple[str, str]
    priority: int
    witness: Witness
    failures: int = 0


class Move(NamedTuple):
    """The smallest set of failures for which the usual master surely loses to another; `master` is the likeliest."""

    master: str
    witness: Witness
    failures: int = 0


class NoMaster(NamedTuple):
    """The fewest failures that leave a router without master. Not `certain`: timing or history decides that."""

    witness: Witness
    failures: int = 0
    certain: bool = True


class Split(NamedTuple):
    """The fewest failures for which no node is the best one in all routers of a sync group.

    `group` is that of `node`; `best` has the better node of two of the routers, by the name of its instance.
    """

    node: str
    group: str
    best: Mapping[str, str]
    witness: Witness
    failures: int = 0


def ties(cases: Sequence[Case]) -> Iterator[Tie]:
    """The cheapest tie of each pair of nodes, where it decides: all others are lower or in FAULT then."""
    names = list(cases[0].reaches)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            found = [tie for case in cases for tie in _ties(case, one, other)]
            if found:
                yield min(found, key=lambda tie: tie.failures)


def _ties(case: Case, one: str, other: str) -> Iterator[Tie]:
    reaches = case.reaches
    theirs = {reached.priority: reached for reached in reaches[other].reachable}
    below = {name: _cheapest(reach) for name, reach in reaches.items() if name not in (one, other)}
    for reached in reversed(reaches[one].reachable):
        if reached.priority is None or reached.priority not in theirs:
            continue
        witness = {one: reached.witness, other: theirs[reached.priority].witness}
        for name, lower in below.items():
            found = lower[reached.priority - 1]
            if found is None:
                break
            witness[name] = found.witness
        else:
            named = {name: witness[name] for name in reaches}
            yield Tie((one, other), reached.priority, named, case.cost(named))


def _cheapest(reach: Reach) -> list[Reached | None]:
    """For each priority the outcome with the fewest things down that is at most so high, or FAULT."""
    found: list[Reached | None] = [reach.fault]
    by_priority = {reached.priority: reached for reached in reach.reachable}
    for priority in range(1, 256):
        best, here = found[-1], by_priority.get(priority)
        found.append(here if here is not None and (best is None or len(here.witness) < len(best.witness)) else best)
    return found


def never_masters(cases: Sequence[Case]) -> tuple[str, ...]:
    """The nodes that are master in no combination of states, as long as the others' daemons run.

    A tie is enough to be master, and so is nopreempt on the others, if the node was there first.
    """
    running = [case.reaches for case in cases if _runs(case)]
    return tuple(name for name in cases[0].reaches if not any(_can_be_master(reaches, name) for reaches in running))


def _runs(case: Case) -> bool:
    """Whether no daemon is stopped in it."""
    return not any("daemon" in states for states in case.forced.values())


def _can_be_master(reaches: Mapping[str, Reach], name: str) -> bool:
    mine = reaches[name].reachable
    return bool(mine) and all(
        not reach.instance.preempt.value or _lowest(reach) <= (mine[-1].priority or 0)
        for other, reach in reaches.items()
        if other != name
    )


def no_master(cases: Sequence[Case]) -> NoMaster | None:
    """The fewest failures for which every node is in FAULT, or None: that cannot be."""
    found = []
    for case in cases:
        faults = {name: reach.fault for name, reach in case.reaches.items()}
        witness = {name: fault.witness for name, fault in faults.items() if fault is not None}
        if len(witness) == len(faults):
            found.append(NoMaster(witness, case.cost(witness)))
    return min(found, key=lambda nobody: nobody.failures, default=None)


def cheapest_move(cases: Sequence[Case], master: str) -> Move | None:
    """The fewest failures for which the master surely loses to another node; of several, the first node's."""
    return min((move for case in cases for move in _moves(case, master)), key=lambda move: move.failures, default=None)


def _moves(case: Case, master: str) -> Iterator[Move]:
    reaches = case.reaches
    mine = list(reaches[master].reachable)
    fault = reaches[master].fault
    if fault is not None:
        mine.append(fault)
    for name, reach in reaches.items():
        if name == master:
            continue
        above = _cheapest_above(reach)
        ways = [
            (len(reached.witness) + len(theirs.witness), reached, theirs)
            for reached in mine
            if (theirs := above[reached.priority or 0]) is not None
            and (reached.priority is None or reach.instance.preempt.value)
        ]
        if ways:
            _, reached, theirs = min(ways, key=lambda way: way[0])
            witness = case.whole({master: reached.witness, name: theirs.witness})
            yield Move(name, witness, case.cost(witness))


def _cheapest_above(reach: Reach) -> list[Reached | None]:
    """For each priority the outcome with the fewest things down that is higher."""
    found: list[Reached | None] = [None] * 256
    by_priority = {reached.priority: reached for reached in reach.reachable}
    for priority in range(254, -1, -1):
        best, here = found[priority + 1], by_priority.get(priority + 1)
        found[priority] = (
            here if here is not None and (best is None or len(here.witness) <= len(best.witness)) else best
        )
    return found


class Power(NamedTuple):
    """What a thing's changes can do in some combination of all other states.

    `loses`: its node is master before, and not after; `gains`: the other way round.
    """

    loses: bool
    gains: bool


def power(reaches: Mapping[str, Reach], name: str, thing: Thing, sums: OtherSums) -> Power:
    """What the changes of one thing of a node can do, exactly, in some combination of all others (`sums` of the node).

    A master loses to a higher priority of a node that preempts, and with a FAULT; a tie moves nobody.
    """
    reach = reaches[name]
    if not reach.reachable:
        return Power(False, False)
    others = [other for node, other in reaches.items() if node != name]
    rivals = [other for other in others if other.instance.preempt.value]
    challengers, held = _mask(rivals), _mask(others)
    floor = max((_lowest(other) for other in rivals), default=0)
    preempts = reach.instance.preempt.value
    if any(choice.fault for choice in thing.choices):
        left = all(other.fault is not None for other in others)
        over = preempts and _between(held, floor, (reach.reachable[-1].priority or 0) - 1)
        return Power(_can_be_master(reaches, name), left or over)
    if reach.instance.owner or not thing.trackers:
        return Power(False, False)
    low, high = (pick(choice.delta for choice in thing.choices) for pick in (min, max))
    loses = gains = False
    spread = max(abs(low), abs(high))
    for rest in sums.listed(LOWEST - spread, HIGHEST + spread, [_sound(thing)]):
        least, most = clamp(rest + low), clamp(rest + high)
        if most >= floor and _between(challengers, least + 1, most):
            loses = True
        if preempts and _between(held, max(least, floor), most - 1):
            gains = True
        if loses and gains:
            break
    return Power(loses, gains)


def _lowest(reach: Reach) -> int:
    """The least that a node can be at: 0 for FAULT."""
    return 0 if reach.fault is not None or not reach.reachable else reach.reachable[0].priority or 0


def _mask(reaches: Sequence[Reach]) -> int:
    """Every priority that one of them can reach, as bits."""
    bits = 0
    for reach in reaches:
        for reached in reach.reachable:
            bits |= 1 << (reached.priority or 0)
    return bits


def _between(bits: int, low: int, high: int) -> bool:
    return high >= low and bool(bits >> low & ((1 << (high - low + 1)) - 1))


def sums_of(reach: Reach) -> OtherSums:
    """Every sum of the base and all things that do not fault."""
    return OtherSums(
        reach.instance.base_priority.value,
        [_sound(thing) for thing in reach.things],
    )


def _sound(thing: Thing) -> list[int]:
    """What a thing adds in the states that do not fault."""
    return [choice.delta for choice in thing.choices if not choice.fault]


def power_of_shared(members: Mapping[str, Reach], good: Case, bad: Case) -> Power:
    """What it can do that things fail as one, with `good` and `bad` the cases before and after, in either direction.

    `loses`: some node is master before, and not after. It gains nobody anything that another does not lose.
    """
    changes = {name: _changes(members[name], good.reaches[name], bad, name) for name in members}
    back = {name: {(after, before) for before, after in pairs} for name, pairs in changes.items()}
    preempts = {name for name, reach in members.items() if reach.instance.preempt.value}
    return Power(any(_ousted(each, name, preempts) for each in (changes, back) for name in members), False)


def _ousted(changes: Mapping[str, set[tuple[int, int]]], name: str, preempts: Container[str]) -> bool:
    """Whether the node can be master before the change and not after it: 0 is FAULT."""
    rivals = [pairs for other, pairs in changes.items() if other != name and other in preempts]
    floors = [min((before for before, _ in pairs), default=256) for pairs in rivals]
    for before, after in changes[name]:
        if not before or any(floor > before for floor in floors):
            continue
        if not after or any(mine <= before and then > after for pairs in rivals for mine, then in pairs):
            return True
    return False


def _changes(whole: Reach, good: Reach, bad: Case, name: str) -> set[tuple[int, int]]:
    """A node's priority before and after, in every state of all else; 0 is FAULT."""
    values = {reached.priority or 0 for reached in good.reachable} | ({0} if good.fault is not None else set())
    forced = bad.forced.get(name, {})
    if "daemon" in forced:
        return {(value, 0) for value in values}
    limited = {thing.key for one, thing in zip(good.things, whole.things, strict=True) if one is not thing}
    struck = [thing for thing in whole.things if thing.key in forced and thing.key in limited and _is_good(good, thing)]
    if not struck:
        return {(value, value) for value in values}
    bads = _bads(struck)
    best = sum(thing.choices[0].delta for thing in struck), any(thing.choices[0].fault for thing in struck)
    spread = max(abs(delta) for delta, _ in (best, *bads))
    keys = {thing.key for thing in struck}
    others = [thing for thing in good.things if thing.key not in keys]
    sums = OtherSums(good.instance.base_priority.value, map(_sound, others)).listed(LOWEST - spread, HIGHEST + spread)
    found = {(_value(good, rest, best), _value(good, rest, each)) for rest in sums for each in bads}
    if good.instance.silent is not None or any(choice.fault for thing in others for choice in thing.choices):
        found.add((0, 0))
    return found if good.instance.silent is None else {(0, 0)}


def _is_good(good: Reach, thing: Thing) -> bool:
    return any(each.key == thing.key and len(each.choices) == 1 for each in good.things)


def _bads(things: Sequence[Thing]) -> set[tuple[int, bool]]:
    """All that the things add together while each is bad, and whether they fault."""
    found = {(0, False)}
    for thing in things:
        found = {
            (delta + choice.delta, fault or choice.fault) for delta, fault in found for choice in thing.choices[1:]
        }
    return found


def _value(reach: Reach, rest: int, change: tuple[int, bool]) -> int:
    if change[1]:
        return 0
    return effective(reach.instance, rest + change[0]) or 0
