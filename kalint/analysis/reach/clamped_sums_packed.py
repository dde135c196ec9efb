"""A clamped sum of very many combinations, exactly: a Python integer holds one field for each possible sum.

A shift is then "add this delta" for all sums at once, and what a field is decides the question:

- `count_outcomes`: the number of combinations; ways are joined by adding;
- `cheapest_outcomes`: how many steps stay good; ways are joined by the larger field, all of them in one subtraction;
- `idle`: one bit; ways are joined by "or".

All drop the sums that can no longer end between 2 and 253. The work grows with the sum of the weights times the steps,
of which there must be at least one.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import log2, prod
from typing import NamedTuple

from kalint.analysis.reach.power_series import coefficients, factors
from kalint.analysis.reach.steps import Picks, Step
from kalint.semantics.priority import HIGHEST, LOWEST

Join = Callable[[int, int], int]

_STAGE = 16  # steps between two layers that are always kept
_KEPT = 1 << 25  # fields of further layers that may be kept (64 MB), so that they need not be worked out twice
_WIDEN = 64  # bits that a field of a count grows by
_GROUPS = 16  # kinds of equal steps that are tried as powers
_OVERHEAD = 400  # what one term of a power costs beside its digits, in digits of the packed ways
_SLACK = 16  # unused fields are cut when they are one of this many


class _Frame(NamedTuple):
    """The sums in offsets from the smallest one; offsets `low` up to `high` are totals 2 to 253."""

    lowest: tuple[int, ...]
    spans: tuple[int, ...]
    low: int
    high: int


def _frame(base: int, steps: Sequence[Step]) -> _Frame:
    lowest = tuple(min(step.deltas) for step in steps)
    spans = tuple(max(step.deltas) - smallest for step, smallest in zip(steps, lowest, strict=True))
    floor = base + sum(lowest)
    return _Frame(lowest, spans, LOWEST + 1 - floor, HIGHEST - 1 - floor)


def _runs(offsets: Sequence[int]) -> list[tuple[int, int, int]]:
    """Offsets as (first, gap, length): a file adds hundreds of multiples of its weight, which doubling makes few."""
    ordered = sorted(offsets)
    runs = []
    at = 0
    while at < len(ordered):
        end = at + 1
        gap = ordered[end] - ordered[at] if end < len(ordered) else 0
        while end < len(ordered) and ordered[end] - ordered[end - 1] == gap:
            end += 1
        if end - at < 4:
            end, gap = at + 1, 0
        runs.append((ordered[at], gap, end - at))
        at = end
    return runs


def _spread(fields: int, width: int, offsets: Sequence[int], join: Join) -> int:
    """`fields` shifted by each of the offsets, joined. Each offset takes part exactly once."""
    result: int | None = None
    for first, gap, length in _runs(offsets):
        run, done, shift = fields, 1, gap * width
        for bit in bin(length)[3:]:
            run, done = join(run, run << done * shift), 2 * done
            if bit == "1":
                run, done = join(fields, run << shift), done + 1
        if first:
            run <<= first * width
        result = run if result is None else join(result, run)
    return fields if result is None else result


def _add(left: int, right: int) -> int:
    return left + right


def _or(left: int, right: int) -> int:
    return left | right


# --- how many combinations ---------------------------------------------------------------------------------------


def count_outcomes(base: int, steps: Sequence[Step]) -> dict[int, int]:
    """How many combinations of the steps' deltas end at each priority from 1 to 254; those with none are absent."""
    frame = _frame(base, steps)
    if frame.high + frame.low > sum(frame.spans):  # the sums that count are nearer to the largest one
        mirrored = count_outcomes(LOWEST + HIGHEST - base, [_signed(step, -1) for step in steps])
        return {LOWEST + HIGHEST - priority: mirrored[priority] for priority in sorted(mirrored, reverse=True)}
    powers, order = _powers(frame, steps)
    combinations = prod([len(step.deltas) for step in steps])
    so_far = prod([len(offsets) ** count for offsets, count in powers])
    remaining = sum([frame.spans[at] for at in order])
    width = so_far.bit_length() // 8 * 8 + _WIDEN
    fields, first, size, below = 1, 0, 1, 0
    if powers:
        first = max(frame.low - remaining, 0)
        size = max(min(frame.high, sum([offsets[-1] * count for offsets, count in powers])) + 1 - first, 0)
        every = [factor for offsets, count in powers for factor in factors(offsets, count)]
        lost, found = coefficients(every, first, first + size)
        below = lost * (combinations // so_far)
        fields = int.from_bytes(b"".join([count.to_bytes(width // 8, "little") for count in found]), "little")
    for at in order:
        so_far *= len(steps[at].deltas)
        if so_far.bit_length() > width:
            fields, width = _widen(fields, size, width, so_far.bit_length() + _WIDEN)
        fields = _spread(fields, width, [delta - frame.lowest[at] for delta in steps[at].deltas], _add)
        size += frame.spans[at]
        remaining -= frame.spans[at]
        slack = size // _SLACK if remaining else 0
        high = min(first + size - 1 - frame.high, size)
        if high > slack:
            size -= high
            fields &= _ones(size * width)
        low = min(frame.low - remaining - first, size)
        if low > slack:
            below += _total(fields & _ones(low * width), low, width) * (combinations // so_far)
            fields >>= low * width
            first, size = first + low, size - low
    counts = {LOWEST: below}
    for at in range(size):
        counts[first + at - frame.low + LOWEST + 1] = fields >> at * width & _ones(width)
    counts[HIGHEST] = combinations - sum(counts.values())
    return {priority: count for priority, count in counts.items() if count}


def _powers(frame: _Frame, steps: Sequence[Step]) -> tuple[list[tuple[tuple[int, ...], int]], list[int]]:
    """What is best counted as powers: the offsets and how often they occur; and the steps that are left, in order.

    The widest steps come first, for each bit that they add to the counts: windows are widest while fields are narrow.
    """
    alike: dict[tuple[int, ...], list[int]] = {}
    for at, step in enumerate(steps):
        alike.setdefault(tuple(sorted([delta - frame.lowest[at] for delta in step.deltas])), []).append(at)
    left = sorted(range(len(steps)), key=lambda at: -frame.spans[at] / log2(len(steps[at].deltas) + 1))
    groups = [(offsets, same) for offsets, same in alike.items() if len(set(offsets)) == len(offsets) and len(same) > 1]
    groups.sort(key=lambda group: -_joins(group[0]) * len(group[1]))
    best, chosen = _cost(frame, steps, (), left), 0
    for number in range(1, min(len(groups), _GROUPS) + 1):
        cost = _cost(frame, steps, groups[:number], left)
        if cost < best:
            best, chosen = cost, number
    inside = {at for _, same in groups[:chosen] for at in same}
    powers = [(offsets, len(same)) for offsets, same in groups[:chosen]]
    return powers, [at for at in left if at not in inside]


def _joins(offsets: Sequence[int]) -> int:
    """How many shifts and joins `_spread` takes."""
    return sum([length.bit_length() + length.bit_count() - 1 for _, _, length in _runs(offsets)]) - 1


def _cost(
    frame: _Frame, steps: Sequence[Step], powers: Sequence[tuple[tuple[int, ...], Sequence[int]]], left: Sequence[int]
) -> float:
    """About how many digits of 30 bits are worked on if these are counted as powers, and the others one by one."""
    inside = {at for _, same in powers for at in same}
    order = [at for at in left if at not in inside]
    remaining = sum([frame.spans[at] for at in order])
    bits = sum([log2(len(offsets)) * len(same) for offsets, same in powers])
    end = min(frame.high, sum([offsets[-1] * len(same) for offsets, same in powers])) + 1
    terms = sum([len(factor.terms) for offsets, same in powers for factor in factors(offsets, len(same))])
    cost = end * terms * (_OVERHEAD + 3 * bits / 30)
    first = max(frame.low - remaining, 0) if powers else 0
    size = max(end - first, 0) if powers else 1
    for at in order:
        remaining -= frame.spans[at]
        size += frame.spans[at]
        size = max(min(first + size, frame.high + 1) - max(first, frame.low - remaining), 0)
        first = max(first, frame.low - remaining)
        deltas = steps[at].deltas
        bits += log2(len(deltas))
        cost += 2 * size * (bits + _WIDEN) / 30 * _joins([delta - frame.lowest[at] for delta in deltas])
    return cost


def _ones(bits: int) -> int:
    return (1 << bits) - 1


def _widen(fields: int, size: int, width: int, needed: int) -> tuple[int, int]:
    """The same fields with room for `needed` bits each; widths are whole bytes, so that this is a copy of bytes."""
    wider = needed // 8 * 8
    old = width // 8
    packed = fields.to_bytes(size * old, "little")
    padding = bytes(wider // 8 - old)
    spaced = padding.join([packed[at : at + old] for at in range(0, len(packed), old)])
    return int.from_bytes(spaced, "little"), wider


def _total(fields: int, size: int, width: int) -> int:
    """The sum of the fields, by folding halves."""
    while size > 1:
        size = (size + 1) // 2
        fields = (fields & _ones(size * width)) + (fields >> size * width)
    return fields


# --- the fewest steps that are not good --------------------------------------------------------------------------


def cheapest_outcomes(base: int, steps: Sequence[Step]) -> dict[int, Picks]:
    """For each priority that can be reached, the fewest steps that are not good then.

    Of several smallest answers, the one whose last step comes first (then the last but one, and so on), and of a
    step's deltas the first.
    """
    picks = _between(base, steps)
    for priority, sign in ((LOWEST, -1), (HIGHEST, 1)):
        beyond = _at_least(sign * (priority - base), [_signed(step, sign) for step in steps])
        if beyond is not None:
            picks[priority] = beyond
    return picks


def _between(base: int, steps: Sequence[Step]) -> dict[int, Picks]:
    """The same for the priorities from 2 to 253.

    Mostly a few steps that are not good reach all of them, and their sums lie near to the sum of the good ones: so few
    are tried before many.
    """
    frame = _frame(base, steps)
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


def _reached(frame: _Frame, steps: Sequence[Step]) -> int:
    """How many of the priorities from 2 to 253 can be reached."""
    fields, first, remaining = 1, 0, sum(frame.spans)
    for step, lowest, span in zip(steps, frame.lowest, frame.spans, strict=True):
        fields = _spread(fields, 1, [delta - lowest for delta in step.deltas], _or)
        remaining -= span
        lost = max(frame.low - remaining - first, 0)
        first += lost
        fields = fields >> lost & _ones(max(frame.high + 1 - first, 0))
    return fields.bit_count()


class _Near(NamedTuple):
    """How far sums can lie from those of the good steps.

    `least` and `largest` are the sums of the first steps while they are good, in offsets; `falls` and `rises` are how
    far so many steps that are not good can move the sum at most.
    """

    frame: _Frame
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


def _near(frame: _Frame, steps: Sequence[Step]) -> _Near:
    least, largest, falls, rises = [0], [0], [], []
    for step, lowest, span in zip(steps, frame.lowest, frame.spans, strict=True):
        good = None if step.good is None else step.good - lowest
        least.append(least[-1] + (0 if good is None else good))
        largest.append(largest[-1] + (span if good is None else good))
        falls.append(0 if good is None else good)
        rises.append(0 if good is None else span - good)
    moved = [list(accumulate(sorted(moves, reverse=True), initial=0)) for moves in (falls, rises)]
    return _Near(frame, least, largest, *moved)


def _signed(step: Step, sign: int) -> Step:
    good = None if step.good is None else sign * step.good
    return Step(good, tuple(sign * delta for delta in step.others))


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

    def __init__(self, frame: _Frame, steps: Sequence[Step], limits: Sequence[tuple[int, int]]) -> None:
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
        each = _ones(full * self.width) // _ones(self.width)
        guards = each << self.width - 1

        def larger(left: int, right: int) -> int:
            difference = (left | guards) - right
            kept = difference & guards
            return right + (difference & kept - (kept >> self.width - 1))

        layers = [layer]
        for at in range(begin, end):
            step, lowest = self.steps[at], self.frame.lowest[at]
            fields = _spread(layer.fields, self.width, [delta - lowest for delta in step.others], larger)
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
        return _Layer(layer.fields >> lost * self.width & _ones(size * self.width), first, size)

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


# --- steps that change nothing -----------------------------------------------------------------------------------


def idle(base: int, steps: Sequence[Step]) -> set[int]:
    """The steps whose deltas all end at the same priority, whatever the others do.

    "The sums of all others" for every kind of step: halve the kinds, add the one half, look into the other.
    """
    frame = _frame(base, steps)
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
                sums = _spread(sums, 1, inside[0], _or)
            spans = max(inside[0])
        lost = max(frame.low - spans - first, 0)
        sums = sums >> lost & _ones(max(frame.high + 1 - first - lost, 0))
        first += lost
        if len(inside) > 1 and sums:
            half = len(inside) // 2
            for part, rest in ((inside[:half], inside[half:]), (inside[half:], inside[:half])):
                grown = sums
                for offsets in rest:
                    for _ in alike[offsets]:
                        grown = _spread(grown, 1, offsets, _or)
                todo.append((part, grown, first))
        else:
            found.update(at for offsets in inside if not sums or not max(offsets) for at in alike[offsets])
    return found
