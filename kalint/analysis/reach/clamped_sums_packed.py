"""The fewest steps that are not good for each priority, and the steps that change nothing, of very many combinations.

Sums are packed (`packed_fields`), and what a field is decides the question:

- `cheapest_outcomes`: how many steps stay good; ways are joined by the larger field, all of them in one subtraction;
- `idle`: one bit; ways are joined by "or".

Both drop the sums that can no longer end between 2 and 253. The work grows with the sum of the weights times the steps,
of which there must be at least one.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from operator import or_
from typing import NamedTuple

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

    Mostly a few steps that are not good reach all of them, and their sums lie near to the sum of the good ones: so few
    are tried before many.
    """
    frame = frame_of(base, steps)
    near, reached = _near(frame, steps), None
    fewest = near.fewest()
    if fewest is None:
        return {}
    for tried in range(len(steps).bit_length() + 1):
        most = fewest + (1 << tried)
        found = _Exact(frame, steps, near.limits(most)).picks()
        if most >= len(steps):
            break
        certain = {
            priority: picks
            for priority, picks in found.items()
            if sum([steps[at].good is not None for at, _ in picks]) <= most
        }
        if len(certain) < HIGHEST - LOWEST - 1:
            reached = _reached(frame, steps) if reached is None else reached
            if len(certain) < reached:
                continue
        return certain
    return found


def _reached(frame: Frame, steps: Sequence[Step]) -> int:
    """How many of the priorities from 2 to 253 can be reached."""
    fields, first, remaining = 1, 0, sum(frame.spans)
    for step, lowest, span in zip(steps, frame.lowest, frame.spans, strict=True):
        fields = spread(fields, 1, [delta - lowest for delta in step.deltas], or_)
        remaining -= span
        lost = max(frame.low - remaining - first, 0)
        first += lost
        fields = fields >> lost & ones(max(frame.high + 1 - first, 0))
    return fields.bit_count()


class _Near(NamedTuple):
    """How far sums can lie from those of the good steps.

    `least` and `largest` are the sums of the first steps while they are good, in offsets; `falls` and `rises` are how
    far so many steps that are not good can move the sum at most.
    """

    frame: Frame
    least: list[int]
    largest: list[int]
    falls: list[int]
    rises: list[int]

    def fewest(self) -> int | None:
        """No fewer steps than this are not good where a sum counts; None: no sum can count."""
        for number, (fall, rise) in enumerate(zip(self.falls, self.rises, strict=True)):
            if self.least[-1] - fall <= self.frame.high and self.largest[-1] + rise >= self.frame.low:
                return number
        return None

    def limits(self, most: int) -> list[tuple[int, int]]:
        """After each number of steps the sums that can count, the first and the last, with at most so many not good."""
        fall, rise = (moved[min(most, len(moved) - 1)] for moved in (self.falls, self.rises))
        remaining = sum(self.frame.spans)
        found = []
        for least, largest, span in zip(self.least, self.largest, (*self.frame.spans, 0), strict=True):
            first = max(least - fall, self.frame.low - min(self.largest[-1] - largest + rise, remaining), 0)
            last = min(largest + rise, self.frame.high - max(self.least[-1] - least - fall, 0))
            found.append((first, last))
            remaining -= span
        return found


def _near(frame: Frame, steps: Sequence[Step]) -> _Near:
    least, largest, falls, rises = [0], [0], [], []
    for step, lowest, span in zip(steps, frame.lowest, frame.spans, strict=True):
        good = None if step.good is None else step.good - lowest
        least.append(least[-1] + (0 if good is None else good))
        largest.append(largest[-1] + (span if good is None else good))
        falls.append(0 if good is None else good)
        rises.append(0 if good is None else span - good)
    moved = [list(accumulate(sorted(moves, reverse=True), initial=0)) for moves in (falls, rises)]
    return _Near(frame, least, largest, *moved)


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
    """The cheapest ways to the priorities that nothing is clamped to, among the sums within `limits` (see `_Near`).

    A field is `start` + the number of good steps; below `start` nothing leads there. Where memory does not hold all
    layers, those of a stage are worked out again when the paths go back through it.
    """

    def __init__(self, frame: Frame, steps: Sequence[Step], limits: Sequence[tuple[int, int]]) -> None:
        self.frame = frame
        self.steps = steps
        self.limits = limits
        self.start = len(steps) + 1
        self.width = 16 if 2 * self.start < 1 << 15 else 64

    def picks(self) -> dict[int, Picks]:
        begins = range(0, len(self.steps), _STAGE)
        kept = []
        last, room = _Layer(self.start, 0, 1), _KEPT
        for begin in begins:
            layers = self._stage(begin, last)
            room -= sum(layer.size for layer in layers)
            kept.append(layers if room > 0 else layers[:1])
            last = self._cut(begin + _STAGE, layers[-1])
        paths = [
            _Path(last.first + at - self.frame.low + LOWEST + 1, last.first + at, value)
            for at, value in enumerate(self._unpack(last))
            if value >= self.start
        ]
        for begin in reversed(begins if paths else ()):
            layers = kept.pop()
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

    def _back(self, begin: int, layers: list[_Layer], paths: list[_Path]) -> None:
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


def idle(base: int, steps: Sequence[Step]) -> set[int]:
    """The steps whose deltas all end at the same priority, whatever the others do.

    "The sums of all others" for every kind of step: halve the kinds, add the one half, look into the other.
    """
    frame = frame_of(base, steps)
    alike: dict[tuple[int, ...], list[int]] = {}
    for at, step in enumerate(steps):
        alike.setdefault(tuple([delta - frame.lowest[at] for delta in step.deltas]), []).append(at)
    found: set[int] = set()
    todo = [(tuple(alike), 1, 0)]
    while todo:
        inside, sums, first = todo.pop()
        spans = sum([max(offsets) * len(alike[offsets]) for offsets in inside])
        if len(inside) == 1:  # all others are those of other kinds, and all but one of this kind
            for _ in alike[inside[0]][1:]:
                sums = spread(sums, 1, inside[0], or_)
            spans = max(inside[0])
        lost = max(frame.low - spans - first, 0)
        sums = sums >> lost & ones(max(frame.high + 1 - first - lost, 0))
        first += lost
        if len(inside) > 1 and sums:
            half = len(inside) // 2
            for part, rest in ((inside[:half], inside[half:]), (inside[half:], inside[:half])):
                grown = sums
                for offsets in rest:
                    for _ in alike[offsets]:
                        grown = spread(grown, 1, offsets, or_)
                todo.append((part, grown, first))
        else:
            found.update(at for offsets in inside if not sums or not max(offsets) for at in alike[offsets])
    return found
