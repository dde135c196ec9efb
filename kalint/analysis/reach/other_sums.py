"""Which sums of very many independent choices there are in a short range, as bits: also of all choices but a few.

Steps with the same deltas share the work. Mostly a few small steps already come to every sum of a stretch that is
longer than any other step is wide: then every sum between the smallest and the largest is there, but near these two.
Otherwise the sums are added up, a bit for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import gcd

from kalint.analysis.reach.packed_fields import ones, repeated

Deltas = tuple[int, ...]
"""All that a step can add, ascending, each once; as offsets, from the smallest one, which is 0."""

_NEAR = 1 << 11  # sums that are added up without looking for a stretch first
_MOST = 1 << 18  # sums among which a stretch is looked for


class OtherSums:
    """The sums of a base and of all steps but a few.

    Args:
        base: the sum of what does not change.
        steps: the deltas of each step, in any order. One without deltas is never possible, and no sum is.
    """

    def __init__(self, base: int, steps: Iterable[Iterable[int]]) -> None:
        self.base = base
        self.impossible = 0
        found: Counter[Deltas] = Counter()
        for kind, count in Counter(map(kind_of, steps)).items():
            if not kind:
                self.impossible += count
                continue
            self.base += count * kind[0]
            found[_offsets(kind)] += count
        self.width = sum([kind[-1] * count for kind, count in found.items()])
        self.kinds = {kind: found[kind] for kind in sorted(found, key=lambda kind: (_gap(kind), kind[-1]))}
        self._mirrored = {_mirrored(kind): count for kind, count in self.kinds.items()}

    def between(self, low: int, high: int, left_out: Iterable[Iterable[int]] = ()) -> int:
        """The sums from `low` to `high` without the steps that are left out: bit i is the sum `low` + i."""
        base, width, impossible = self.base, self.width, self.impossible
        missing = [kind_of(deltas) for deltas in left_out]
        for kind in missing:
            impossible -= not kind
            base -= kind[0] if kind else 0
            width -= kind[-1] - kind[0] if kind else 0
        if impossible or low > high or high < base or low > base + width:
            return 0
        offsets = [_offsets(kind) for kind in missing if kind]
        if high - base <= base + width - low:
            return _between(_without(self.kinds, offsets), width, low - base, high - base)
        # nearer to the largest sum: the same from there
        kinds = _without(self._mirrored, [_mirrored(kind) for kind in offsets])
        bits = _between(kinds, width, base + width - high, base + width - low)
        return int(f"{bits:0{high - low + 1}b}"[::-1], 2)

    def listed(self, low: int, high: int, left_out: Iterable[Iterable[int]] = ()) -> Iterator[int]:
        """The same, one sum after the other."""
        bits = self.between(low, high, left_out)
        while bits:
            lowest = bits & -bits
            yield low + lowest.bit_length() - 1
            bits ^= lowest


def kind_of(deltas: Iterable[int]) -> Deltas:
    return tuple(sorted(set(deltas)))


def _offsets(kind: Deltas) -> Deltas:
    return tuple([delta - kind[0] for delta in kind])


def _mirrored(kind: Deltas) -> Deltas:
    return tuple([kind[-1] - offset for offset in reversed(kind)])


def _gap(kind: Deltas) -> int:
    """The longest way from one offset to the next; 0: there is one only."""
    return max([after - before for before, after in pairwise(kind)], default=0)


def _without(kinds: Mapping[Deltas, int], missing: Sequence[Deltas]) -> dict[Deltas, int]:
    found = dict(kinds)
    for kind in missing:
        found[kind] -= 1
    return {kind: count for kind, count in found.items() if count and len(kind) > 1}


def _between(kinds: dict[Deltas, int], width: int, low: int, high: int) -> int:
    """The sums from 0, which is the smallest one, up to `width`; `low` may be below that.

    The kinds come in the order of their gaps.
    """
    unit = 0
    for kind in kinds:
        unit = gcd(unit, *kind)
        if unit == 1:
            return _units(kinds, width, max(low, 0), high) << max(-low, 0)
    unit = unit or 1
    kinds = {tuple([offset // unit for offset in kind]): count for kind, count in kinds.items()}
    first, found = max(-(-low // unit), 0), 0
    bits = _units(kinds, width // unit, first, high // unit)
    while bits:
        lowest = bits & -bits
        found |= 1 << (first + lowest.bit_length() - 1) * unit - low
        bits ^= lowest
    return found


def _units(kinds: dict[Deltas, int], width: int, low: int, high: int) -> int:
    wanted = ones(high - low + 1)
    if kinds and high >= _NEAR and _is_full(kinds, width, low, high):
        return wanted
    sums, room = 1, ones(high + 1)
    for kind, count in kinds.items():
        sums = repeated(sums, kind, count) & room
    return sums >> low & wanted


def _is_full(kinds: dict[Deltas, int], width: int, low: int, high: int) -> bool:
    """Whether some of the steps come to a stretch without a gap that carries all others over this range.

    One step after the other of these moves the stretch up by no more than it is long.
    """
    widest = _gap(next(reversed(kinds)))
    for copies in (1, 32, 1024):  # of two kinds it takes as many copies as they are wide
        sums, taken = 1, 0
        for kind, there in kinds.items():
            count = min(there, copies * (widest // _gap(kind) + 1))
            taken += count * kind[-1]
            if taken > _MOST:
                break
            sums = repeated(sums, kind, count)
            first = _stretch(sums, widest)
            if first is not None:
                return first <= low and high <= first + widest - 1 + width - taken
    return False


def _stretch(bits: int, length: int) -> int | None:
    """Where so many bits in a row are set for the first time."""
    done = 1
    while done < length and bits:
        more = min(done, length - done)
        bits &= bits >> more
        done += more
    return (bits & -bits).bit_length() - 1 if bits else None


def idle(base: int, steps: Sequence[Iterable[int]], low: int, high: int) -> set[int]:
    """The steps of which all deltas end at the same place, whatever the others do: below, or above, or all alike.

    Args:
        base: the sum of what does not change.
        steps: the deltas of each.
        low: a sum of this or less is as good as any other such sum.
        high: a sum of this or more too.
    """
    others = OtherSums(base, steps)
    alike: dict[Deltas, list[int]] = {}
    for at, deltas in enumerate(steps):
        alike.setdefault(kind_of(deltas), []).append(at)
    return {
        at
        for kind, places in alike.items()
        if len(kind) == 1 or not others.between(low + 1 - kind[-1], high - 1 - kind[0], (kind,))
        for at in places
    }
