"""How many combinations of very many steps end at each priority, exactly.

A field of a packed sum is the number of combinations, and ways are joined by adding. Equal steps are a power of one
polynomial (`power_series`) where that is less work. Sums that can no longer end between 2 and 253 are dropped. The work
grows with the sum of the weights times the steps, of which there must be at least one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2, prod
from operator import add

from kalint.analysis.reach.packed_fields import Frame, frame_of, ones, runs, spread
from kalint.analysis.reach.power_series import coefficients, factors
from kalint.analysis.reach.steps import Step
from kalint.semantics.priority import HIGHEST, LOWEST

MOST = 1_000_000_000
"""At most this many digits of 30 bits are worked on: one to two seconds. More combinations are not counted."""

_WIDEN = 64  # bits that a field grows by
_GROUPS = 16  # kinds of equal steps that are tried as powers
_OVERHEAD = 400  # what one term of a power costs beside its digits, in digits of the packed ways
_SLACK = 16  # unused fields are cut when they are one of this many


def count_outcomes(base: int, steps: Sequence[Step]) -> dict[int, int] | None:
    """How many combinations of the steps' deltas end at each priority from 1 to 254; those with none are absent.

    None: more than MOST digits would have to be worked on, which is known beforehand.
    """
    frame = frame_of(base, steps)
    if frame.high + frame.low > sum(frame.spans):  # the sums that count are nearer to the largest one
        mirrored = count_outcomes(LOWEST + HIGHEST - base, [step.signed(-1) for step in steps])
        return mirrored and {
            LOWEST + HIGHEST - priority: mirrored[priority] for priority in sorted(mirrored, reverse=True)
        }
    powers, order, cost = _powers(frame, steps)
    if cost > MOST:
        return None
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
        fields = spread(fields, width, [delta - frame.lowest[at] for delta in steps[at].deltas], add)
        size += frame.spans[at]
        remaining -= frame.spans[at]
        slack = size // _SLACK if remaining else 0
        high = min(first + size - 1 - frame.high, size)
        if high > slack:
            size -= high
            fields &= ones(size * width)
        low = min(frame.low - remaining - first, size)
        if low > slack:
            below += _total(fields & ones(low * width), low, width) * (combinations // so_far)
            fields >>= low * width
            first, size = first + low, size - low
    counts = {LOWEST: below}
    for at in range(size):
        counts[first + at - frame.low + LOWEST + 1] = fields >> at * width & ones(width)
    counts[HIGHEST] = combinations - sum(counts.values())
    return {priority: count for priority, count in counts.items() if count}


def _powers(frame: Frame, steps: Sequence[Step]) -> tuple[list[tuple[tuple[int, ...], int]], list[int], float]:
    """What is best counted as powers, the offsets and how often they occur; the steps that are left; and the cost.

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
    return powers, [at for at in left if at not in inside], best


def _joins(offsets: Sequence[int]) -> int:
    """How many shifts and joins `spread` takes."""
    return sum([length.bit_length() + length.bit_count() - 1 for _, _, length in runs(offsets)]) - 1


def _cost(
    frame: Frame, steps: Sequence[Step], powers: Sequence[tuple[tuple[int, ...], Sequence[int]]], left: Sequence[int]
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
        fields = (fields & ones(size * width)) + (fields >> size * width)
    return fields
