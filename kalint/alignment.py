"""Which lines of two long texts are the same, in time that grows as the texts do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeVar

T = TypeVar("T", bound=Hashable)
Tag = Literal["replace", "delete", "insert", "equal"]
Opcode = tuple[Tag, int, int, int, int]

FEW = 4000
"""Lines of both texts that difflib compares at once; of more, its time grows with the square of the changes."""
RUN = 3
"""Lines on which two texts meet again after a change."""
MOST_PAIRS = 1_000_000
"""Pairs of lines of one change that are compared; what is larger is replaced as a whole."""


class Alignment(SequenceMatcher[T]):
    """difflib's matcher, which takes long texts piece by piece: each from a change to where the texts meet again."""

    def __init__(self, old: Sequence[T], new: Sequence[T]) -> None:
        super().__init__(None, old, new)
        self._old, self._new = old, new

    def get_opcodes(self) -> list[Opcode]:
        """As difflib has them: (tag, old start, old end, new start, new end)."""
        if len(self._old) + len(self._new) <= FEW:
            return super().get_opcodes()
        codes: list[Opcode] = []
        for code in self._pieces():
            if codes and codes[-1][0] == code[0] == "equal":
                code = "equal", codes[-1][1], code[2], codes.pop()[3], code[4]
            codes.append(code)
        return codes

    def _pieces(self) -> Iterator[Opcode]:
        old, new = self._old, self._new
        places: dict[tuple[T, ...], list[int]] = {}
        for place in range(len(new) + 1):
            places.setdefault(tuple(new[place : place + RUN]), []).append(place)
        start = begin = 0
        while start < len(old) or begin < len(new):
            end, stop = start, begin
            while end < len(old) and stop < len(new) and old[end] == new[stop]:
                end, stop = end + 1, stop + 1
            if end > start:
                yield "equal", start, end, begin, stop
            start, begin = _meeting(old, places, end, stop)
            yield from _compared(old, new, (end, start, stop, begin))


def _meeting(old: Sequence[T], places: dict[tuple[T, ...], list[int]], start: int, begin: int) -> tuple[int, int]:
    """Where the texts go on together with the fewest lines between: at the latest both end."""
    fewest, found = -1, (start, begin)
    for end in range(start, len(old) + 1):
        if 0 <= fewest <= end - start:
            break
        some = places.get(tuple(old[end : end + RUN]), [])
        index = bisect_left(some, begin)
        if index < len(some) and (fewest < 0 or end - start + some[index] - begin < fewest):
            fewest, found = end - start + some[index] - begin, (end, some[index])
    return found


def _compared(old: Sequence[T], new: Sequence[T], place: tuple[int, int, int, int]) -> Iterator[Opcode]:
    """The changes between two places at which the texts meet."""
    start, end, begin, stop = place
    if end - start and stop - begin and (end - start) * (stop - begin) <= MOST_PAIRS:
        for tag, first, last, other, until in SequenceMatcher(None, old[start:end], new[begin:stop]).get_opcodes():
            yield tag, first + start, last + start, other + begin, until + begin
    elif end > start or stop > begin:
        whole: Tag = "replace" if end > start and stop > begin else "delete" if end > start else "insert"
        yield whole, start, end, begin, stop
