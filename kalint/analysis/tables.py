"""Questions about a router over all states of everything, from its members' tables of outcomes.

What one node hangs on is not what another hangs on, so the combinations of a cluster are the product of its nodes'
outcomes: at most 255 each, with the fewest things down for each (`Reach`). Nothing is enumerated. Sync groups bind the
routers of a node together, which tables do not see: the answers are those of routers without groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kalint.analysis.reach import Reach, Reached, Thing
from kalint.analysis.sums import HIGHEST, LOWEST

Witness = Mapping[str, Mapping[str, str]]
"""What is not good, by node and thing."""


class Tie(NamedTuple):
    """Two nodes that can come to the same priority while nobody is above, and the fewest things down for it."""

    nodes: tuple[str, str]
    priority: int
    witness: Witness


class Move(NamedTuple):
    """The fewest things down for which `master` takes over from the master of good days."""

    master: str
    witness: Witness


def ties(reaches: Mapping[str, Reach]) -> Iterator[Tie]:
    """The cheapest tie of each pair of nodes, where it decides: all others are lower or in FAULT then."""
    names = list(reaches)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            found = _tie(reaches, one, other)
            if found is not None:
                yield found


def _tie(reaches: Mapping[str, Reach], one: str, other: str) -> Tie | None:
    theirs = {reached.priority: reached for reached in reaches[other].reachable}
    best: tuple[int, Tie] | None = None
    for reached in reversed(reaches[one].reachable):
        if reached.priority is None or reached.priority not in theirs:
            continue
        witness = {one: reached.witness, other: theirs[reached.priority].witness}
        for name, reach in reaches.items():
            if name not in witness:
                lower = _cheapest(reach, reached.priority - 1)
                if lower is None:
                    break
                witness[name] = lower.witness
        else:
            cost = sum(map(len, witness.values()))
            if best is None or cost < best[0]:
                best = cost, Tie((one, other), reached.priority, {name: witness[name] for name in reaches})
    return None if best is None else best[1]


def _cheapest(reach: Reach, most: int) -> Reached | None:
    """The outcome with the fewest things down that is at most so high, or FAULT."""
    found: list[Reached] = [reached for reached in reach.reachable if (reached.priority or 0) <= most]
    if reach.fault is not None:
        found.append(reach.fault)
    return min(found, key=lambda reached: len(reached.witness), default=None)


def never_masters(reaches: Mapping[str, Reach]) -> tuple[str, ...]:
    """The nodes that are master in no combination of states, as long as the others' daemons run.

    A tie is enough to be master, and so is nopreempt on the others, if the node was there first.
    """
    return tuple(name for name in reaches if not _can_be_master(reaches, name))


def _can_be_master(reaches: Mapping[str, Reach], name: str) -> bool:
    mine = reaches[name].reachable
    return bool(mine) and all(
        not reach.instance.preempt.value or _cheapest(reach, mine[-1].priority or 0) is not None
        for other, reach in reaches.items()
        if other != name
    )


def no_master(reaches: Mapping[str, Reach]) -> Witness | None:
    """The fewest things down for which every node is in FAULT, or None: that cannot be."""
    witness: dict[str, Mapping[str, str]] = {}
    for name, reach in reaches.items():
        if reach.fault is None:
            return None
        witness[name] = reach.fault.witness
    return witness


def cheapest_move(reaches: Mapping[str, Reach], master: str) -> Move | None:
    """The fewest things down for which another node takes over; of several, the first node's."""
    best: tuple[int, Move] | None = None
    mine = list(reaches[master].reachable)
    fault = reaches[master].fault
    if fault is not None:
        mine.append(fault)
    for name, reach in reaches.items():
        if name == master:
            continue
        for reached in mine:
            for theirs in reach.reachable:
                over = reached.priority is None or (
                    reach.instance.preempt.value and (theirs.priority or 0) > reached.priority
                )
                cost = len(reached.witness) + len(theirs.witness)
                if over and (best is None or cost < best[0]):
                    best = cost, Move(name, {master: reached.witness, name: theirs.witness})
    return None if best is None else best[1]


class Power(NamedTuple):
    """What a thing's changes can do in some combination of all other states.

    `loses`: its node is master before, and not after; `gains`: the other way round.
    """

    loses: bool
    gains: bool


def power(reaches: Mapping[str, Reach], name: str, thing: Thing) -> Power:
    """What the changes of one thing of a node can do, exactly, in some combination of all others.

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
    for rest in _sums(reach, thing):
        least, most = _clamp(rest + low), _clamp(rest + high)
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


def _clamp(total: int) -> int:
    return max(LOWEST, min(HIGHEST, total))


def _sums(reach: Reach, left_out: Thing) -> Iterator[int]:
    """Every sum of the base and all other things that do not fault; below and above what matters only once each."""
    base, bits, lowest = reach.instance.base_priority.value, 1, 0
    for thing in reach.things:
        if thing is left_out or thing.key == left_out.key:
            continue
        deltas = {choice.delta for choice in thing.choices if not choice.fault}
        if not deltas:
            return
        least = min(deltas)
        grown = 0
        for delta in deltas:
            grown |= bits << (delta - least)
        bits, lowest = grown, lowest + least
    spread = max(abs(choice.delta) for choice in left_out.choices)
    for total in range(
        max(LOWEST - spread, base + lowest), min(HIGHEST + spread, base + lowest + bits.bit_length() - 1) + 1
    ):
        if bits >> (total - base - lowest) & 1:
            yield total
