"""A Python integer that holds one field for each possible sum: all of them are worked on at once.

Field i is at bit i * width. A shift is then "add this delta" for all sums, and what is joined decides what a field is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import or_
from typing import NamedTuple

from kalint.analysis.reach.steps import Step
from kalint.semantics.priority import HIGHEST, LOWEST

Join = Callable[[int, int], int]
"""Joins the ways to sums: the fields of one integer with those of the other."""


class Frame(NamedTuple):
    """The sums in offsets from the smallest one; offsets `low` up to `high` are totals 2 to 253.

    `lowest` has the smallest delta of each step, `spans` how far its largest one is from that.
    """

    lowest: tuple[int, ...]
    spans: tuple[int, ...]
    low: int
    high: int


def frame_of(base: int, steps: Sequence[Step]) -> Frame:
    """The sums of the steps, beside a base priority."""
    lowest = tuple(min(step.deltas) for step in steps)
    spans = tuple(max(step.deltas) - smallest for step, smallest in zip(steps, lowest, strict=True))
    floor = base + sum(lowest)
    return Frame(lowest, spans, LOWEST + 1 - floor, HIGHEST - 1 - floor)


def runs(offsets: Sequence[int]) -> list[tuple[int, int, int]]:
    """Offsets as (first, gap, length): a file adds hundreds of multiples of its weight, which doubling makes few."""
    ordered = sorted(offsets)
    found = []
    at = 0
    while at < len(ordered):
        end = at + 1
        gap = ordered[end] - ordered[at] if end < len(ordered) else 0
        while end < len(ordered) and ordered[end] - ordered[end - 1] == gap:
            end += 1
        if end - at < 4:
            end, gap = at + 1, 0
        found.append((ordered[at], gap, end - at))
        at = end
    return found


def spread(fields: int, width: int, offsets: Sequence[int], join: Join) -> int:
    """`fields` shifted by each of the offsets, joined. Each offset takes part exactly once."""
    result: int | None = None
    for first, gap, length in runs(offsets):
        run, done, shift = fields, 1, gap * width
        for bit in bin(length)[3:]:
            run, done = join(run, run << done * shift), 2 * done
            if bit == "1":
                run, done = join(fields, run << shift), done + 1
        if first:
            run <<= first * width
        result = run if result is None else join(result, run)
    return fields if result is None else result


def repeated(sums: int, offsets: Sequence[int], count: int) -> int:
    """Bits of sums, with one of these ascending offsets from 0 added so many times, each time any of them."""
    gap = offsets[1] if len(offsets) > 1 else 0
    if all(offset == at * gap for at, offset in enumerate(offsets)):
        return run_of(sums, gap, (len(offsets) - 1) * count + 1)
    for _ in range(count):
        sums = spread(sums, 1, offsets, or_)
    return sums


def run_of(sums: int, gap: int, length: int) -> int:
    """Bits of sums, with 0, 1, ... or `length - 1` times a gap added."""
    done = 1
    while done < length:
        more = min(done, length - done)
        sums |= sums << more * gap
        done += more
    return sums


def ones(bits: int) -> int:
    """So many bits, all set: a mask."""
    return (1 << bits) - 1
