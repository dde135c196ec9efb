"""Which sums the cheapest ways to some totals pass through, one step after the other: bounds, known beforehand.

A price for each unit of the sum makes each step's choice one of its own: the cheapest one. A way that differs from
these costs more, and its excess is the same for all ways to one total that have as many steps that are not good. So of
the ways with little excess only sums near to those of the cheapest choices are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from kalint.analysis.reach.packed_fields import Frame
from kalint.analysis.reach.steps import Step
from kalint.semantics.priority import LOWEST

_RATES = ((0, 1), (1, 64), (1, 16), (1, 4), (1, 1), (4, 1), (16, 1), (64, 1))
"""By how much a unit of excess moves the sum, as fractions: each gives a bound, the least of which counts."""

_Option = tuple[int, int]
"""How far a choice moves the sum from the cheapest one, and what it costs more."""


class Near:
    """The bounds of one sum.

    A step that is not good costs `price`, and each unit of the sum gives 1 back (`sign` 1), costs 1 (-1), or nothing.
    `most` is the largest excess that a way can have.
    """

    def __init__(self, frame: Frame, steps: Sequence[Step]) -> None:
        self.frame = frame
        self.sign, self.price = _price(frame, steps)
        known: dict[Step, tuple[int, int, list[_Option]]] = {}
        self.cheapest = 0
        self.sums = [0]
        self._options: list[list[_Option]] = []
        for step, lowest in zip(steps, frame.lowest, strict=True):
            if step not in known:
                known[step] = self._cheapest(step, lowest)
            offset, cost, options = known[step]
            self.cheapest += cost
            self.sums.append(self.sums[-1] + offset)
            self._options.append(options)
        worst = {id(options): max([more for _, more in options]) for _, _, options in known.values()}
        self.most = sum([worst[id(options)] for options in self._options])
        distinct = [options for _, _, options in known.values()]
        self._rates = (*_RATES, (max([abs(moved) for options in distinct for moved, _ in options]), 1))
        self._moves = [[list(_moved(distinct, self._options, rate, way)) for rate in self._rates] for way in (-1, 1)]

    def _cheapest(self, step: Step, lowest: int) -> tuple[int, int, list[_Option]]:
        """The offset and the cost of a step's cheapest choice, and all choices beside it."""
        costs = [(self.price - self.sign * (delta - lowest), delta - lowest) for delta in step.others]
        if step.good is not None:
            costs.append((-self.sign * (step.good - lowest), step.good - lowest))
        cost, offset = min(costs)
        return offset, cost, [(other - offset, more - cost) for more, other in costs]

    def failures(self, priority: int, excess: int) -> int:
        """How many steps are not good at most on a way to a priority with at most this excess."""
        total = self.frame.low + priority - LOWEST - 1
        return (excess + self.sign * total + self.cheapest) // self.price

    def limits(self, excess: int) -> list[tuple[int, int]]:
        """After each number of steps the first and the last sum on a way to a priority with at most this excess."""
        low, high, whole = self.frame.low, self.frame.high, self.sums[-1]
        (falls, fall_after), (rises, rise_after) = (self._reach(moves, excess) for moves in self._moves)
        found = []
        for at, total in enumerate(self.sums):
            first = max(total - falls[at], low - (whole - total) - rise_after[at], 0)
            found.append((first, min(total + rises[at], high - (whole - total) + fall_after[at])))
        return found

    def _reach(self, moves: Sequence[Sequence[int]], excess: int) -> tuple[list[int], list[int]]:
        """How far the first steps, and how far all others, can move the sum for so much excess."""
        before, after = [], []
        for sums, (units, of) in zip(moves, self._rates, strict=True):
            before.append([(units * excess + each) // of for each in sums])
            after.append([(units * excess + sums[-1] - each) // of for each in sums])
        return list(map(min, *before)), list(map(min, *after))


def _price(frame: Frame, steps: Sequence[Step]) -> tuple[int, int]:
    """What makes the cheapest choices come near to the totals that count, if the good ones do not."""
    for sign in (1, -1):
        total, moves = 0, []
        for step, lowest in zip(steps, frame.lowest, strict=True):
            best = max(step.deltas) if sign > 0 else min(step.deltas)
            usual = best if step.good is None else step.good
            total += usual - lowest
            moves.append(sign * (best - usual))
        missing = frame.low - total if sign > 0 else total - frame.high
        if missing > 0:
            moves.sort(reverse=True)
            for moved, move in zip(accumulate(moves), moves, strict=True):
                if moved >= missing:
                    return sign, max(move, 1)
    return 0, 1


def _moved(
    distinct: Iterable[list[_Option]], steps: Sequence[list[_Option]], rate: tuple[int, int], way: int
) -> Iterator[int]:
    """The most by which the first steps can move the sum upwards (`way` 1) or downwards, less what that costs."""
    units, of = rate
    most = {id(options): max([way * of * offset - units * cost for offset, cost in options]) for options in distinct}
    return accumulate([most[id(options)] for options in steps], initial=0)
