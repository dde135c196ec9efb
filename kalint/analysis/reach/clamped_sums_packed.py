"""The fewest steps that are not good for each priority, of very many combinations.

Sums are packed (`packed_fields`): a field is how many steps stay good, and ways are joined by the larger field, all of
them in one subtraction. Sums are dropped that no cheapest way to a priority from 2 to 253 passes through (`near`).
There must be at least one step.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from kalint.analysis.reach.near import Near
from kalint.analysis.reach.other_sums import OtherSums
from kalint.analysis.reach.packed_fields import Frame, frame_of, ones, spread
from kalint.analysis.reach.steps import Picks, Step
from kalint.semantics.priority import HIGHEST, LOWEST

_STAGE = 16  # steps between two layers that are always kept
_KEPT = 1 << 25  # fields of further layers that may be kept (64 MB), so that they need not be worked out twice


def cheapest_outcomes(base: int, steps: Sequence[Step]) -> dict[int, Picks]:
    """For each priority that can be reached, the fewest steps that are not good then.

    Of several smallest answers, the one whose last step comes first (then the last but one, and so on), and of a
    step's deltas the first.
    """
    picks = _between(base, steps)
    for priority, sign in ((LOWEST, -1), (HIGHEST, 1)):
        beyond = _at_least(sign * (priority - base), [step.signed(sign) for step in steps])
        if beyond is not None:
            picks[priority] = beyond
    return picks


def _between(base: int, steps: Sequence[Step]) -> dict[int, Picks]:
    """The same for the priorities from 2 to 253.

    Mostly the cheapest ways to all of them lie near to each other: so few sums are tried before many.
    """
    frame = frame_of(base, steps)
    if frame.high < 0 or frame.low > sum(frame.spans):
        return {}
    near, reached = Near(frame, steps), None
    excess = near.price
    while True:
        places = range(len(steps)) if near.sign else _first(steps, excess)
        exact = _exact(base, steps, places, near, excess)
        ends = exact.ends()
        if excess < near.most:
            certain = [end for end in ends if exact.failures(end) <= near.failures(end.priority, excess)]
            if len(certain) < HIGHEST - LOWEST - 1:
                if reached is None:
                    deltas = [step.deltas for step in steps]
                    reached = OtherSums(base, deltas).between(LOWEST + 1, HIGHEST - 1).bit_count()
                if len(certain) < reached:
                    excess *= 4
                    continue
            ends = certain
        return {
            priority: tuple([(places[at], number) for at, number in picks])
            for priority, picks in exact.picks(ends).items()
        }


def _exact(base: int, steps: Sequence[Step], places: Sequence[int], near: Near, excess: int) -> _Exact:
    """The ways with so much excess, where all steps but those at some places are good."""
    if len(places) == len(steps):
        return _Exact(near.frame, steps, near.limits(excess))
    kept = [steps[at] for at in places]
    held = sum([step.good or 0 for step in steps]) - sum([step.good or 0 for step in kept])
    frame = frame_of(base + held, kept)
    return _Exact(frame, kept, Near(frame, kept).limits(excess))


def _first(steps: Sequence[Step], most: int) -> Sequence[int]:
    """The steps without those that need not fail where at most so many do: of equal ones the first come first."""
    count: dict[Step, int] = {}
    found = []
    for at, step in enumerate(steps):
        count[step] = count.get(step, 0) + 1
        if step.good is None or count[step] <= most:
            found.append(at)
    return found


def _at_least(needed: int, steps: Sequence[Step]) -> Picks | None:
    """The fewest steps that are not good so that the sum is `needed` or more: the largest gains are enough to know."""
    kept = [max(step.others) if step.good is None else step.good for step in steps]
    gains = [0 if step.good is None else max(step.deltas) - step.good for step in steps]
    total, largest = sum(kept), sorted(gains, reverse=True)
    spare = 0
    while spare < len(steps) and total + sum(largest[:spare]) < needed:
        spare += 1
    if total + sum(largest[:spare]) < needed:
        return None
    losses = sorted(-gain for gain in gains)
    picks = []
    for at in range(len(steps) - 1, -1, -1):
        step = steps[at]
        total -= kept[at]
        del losses[bisect_left(losses, -gains[at])]
        if step.good is not None:
            if total + step.good - sum(losses[:spare]) >= needed:
                needed -= step.good
                continue
            spare -= 1
        enough = needed - total + sum(losses[:spare])
        pick = next(number for number, delta in enumerate(step.others) if delta >= enough)
        needed -= step.others[pick]
        picks.append((at, pick))
    return tuple(reversed(picks))


class _Layer(NamedTuple):
    """After some steps: field i is the best of the ways to offset `first + i`."""

    fields: int
    first: int
    size: int


class _Path:
    """A way back from a priority: the offset that is still to explain and the value of its field."""

    __slots__ = ("offset", "picks", "priority", "value")

    def __init__(self, priority: int, offset: int, value: int) -> None:
        self.priority, self.offset, self.value = priority, offset, value
        self.picks: list[tuple[int, int]] = []


class _Exact:
    """The cheapest ways to the priorities that nothing is clamped to, among the sums within `limits` (see `Near`).

    A field is `start` + the number of good steps; below `start` nothing leads there. Where memory does not hold all
    layers, those of a stage are worked out again when the paths go back through it.
    """

    def __init__(self, frame: Frame, steps: Sequence[Step], limits: Sequence[tuple[int, int]]) -> None:
        self.frame = frame
        self.steps = steps
        self.limits = limits
        self.start = len(steps) + 1
        self.width = 16 if 2 * self.start < 1 << 15 else 64

        self.begins = range(0, len(steps), _STAGE)
        self.kept: list[list[_Layer]] = []

    def failures(self, path: _Path) -> int:
        """How many steps are not good at the end of a path."""
        return len(self.steps) - (path.value - self.start)

    def ends(self) -> list[_Path]:
        """Where the ways end: one for each priority that can be reached."""
        last, room = _Layer(self.start, 0, 1), _KEPT
        for begin in self.begins:
            layers = self._stage(begin, last)
            room -= sum(layer.size for layer in layers)
            self.kept.append(layers if room > 0 else layers[:1])
            last = self._cut(begin + _STAGE, layers[-1])
        return [
            _Path(last.first + at - self.frame.low + LOWEST + 1, last.first + at, value)
            for at, value in enumerate(self._unpack(last))
            if value >= self.start
        ]

    def picks(self, paths: Sequence[_Path]) -> dict[int, Picks]:
        """The ways of some ends, once all have been found."""
        for begin in reversed(self.begins if paths else ()):
            layers = self.kept.pop()
            self._back(begin, layers if len(layers) > 1 else self._stage(begin, layers[0]), paths)
        return {path.priority: tuple(reversed(path.picks)) for path in paths}

    def _stage(self, begin: int, layer: _Layer) -> list[_Layer]:
        end = min(begin + _STAGE, len(self.steps))
        full = layer.size + sum(self.frame.spans[begin:end])
        each = ones(full * self.width) // ones(self.width)
        guards = each << self.width - 1

        def larger(left: int, right: int) -> int:
            difference = (left | guards) - right
            kept = difference & guards
            return right + (difference & kept - (kept >> self.width - 1))

        layers = [layer]
        for at in range(begin, end):
            step, lowest = self.steps[at], self.frame.lowest[at]
            fields = spread(layer.fields, self.width, [delta - lowest for delta in step.others], larger)
            if step.good is not None:
                good = layer.fields + (each >> (full - layer.size) * self.width)
                if step.good > lowest:
                    good <<= (step.good - lowest) * self.width
                fields = larger(good, fields)
            layer = _Layer(fields, layer.first, layer.size + self.frame.spans[at])
            layers.append(layer)
        return layers

    def _cut(self, done: int, layer: _Layer) -> _Layer:
        first, last = self.limits[min(done, len(self.steps))]
        lost = max(first - layer.first, 0)
        first = layer.first + lost
        size = max(min(layer.size - lost, last + 1 - first), 0)
        return _Layer(layer.fields >> lost * self.width & ones(size * self.width), first, size)

    def _unpack(self, layer: _Layer) -> array[int]:
        values = array("H" if self.width == 16 else "Q", layer.fields.to_bytes(layer.size * self.width // 8, "little"))
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def _back(self, begin: int, layers: list[_Layer], paths: Sequence[_Path]) -> None:
        for at in range(begin + len(layers) - 2, begin - 1, -1):
            layer, step, lowest = layers[at - begin], self.steps[at], self.frame.lowest[at]
            values = self._unpack(layer)
            good = None if step.good is None else step.good - lowest
            for path in paths:
                place = path.offset - layer.first
                if good is not None and 0 <= place - good < layer.size and values[place - good] == path.value - 1:
                    path.offset -= good
                    path.value -= 1
                    continue
                for number, delta in enumerate(step.others):
                    if 0 <= place - delta + lowest < layer.size and values[place - delta + lowest] == path.value:
                        path.offset -= delta - lowest
                        path.picks.append((at, number))
                        break
