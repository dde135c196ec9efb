"""Which suppression of a file answers a finding, and which ones nothing ever asked, in time that grows with the file.

A file may have a hundred thousand suppressions, each before a block with a hundred thousand findings: nothing here
looks at every suppression for every finding.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.findings.remarks import Remark


class Covering:
    """The suppressions of one file, by the codes that they name and the lines that they cover.

    `remarks` are those of the file in order; their ranges of lines may grow until `fresh` is called. `seen` has the
    lines of all findings that were asked about, by code.
    """

    def __init__(self, remarks: Sequence[Remark]) -> None:
        self.seen: dict[str, set[int]] = {}
        self._sorted: dict[str, list[int]] = {}
        self._names: dict[str, list[str]] = {}
        self._steps: dict[str, tuple[list[int], list[Remark | None]]] = {}
        self._by_name: dict[str, list[Remark]] = {}
        self._whole: dict[str, Remark] = {}
        for remark in remarks:
            for name in remark.offered if remark.works else ():
                if remark.whole:
                    self._whole.setdefault(name, remark)
                else:
                    self._by_name.setdefault(name, []).append(remark)

    def fresh(self) -> None:
        """Take notice of ranges that have grown."""
        self._steps.clear()

    def merge(self, other: Covering) -> None:
        """Take in the findings that another reading of the file has asked about."""
        for code, lines in other.seen.items():
            self.seen.setdefault(code, set()).update(lines)
        self.fresh()

    def answering(self, code: str, line: int) -> Remark | None:
        """The first suppression of the file that covers a line and names a code, or that answers for the whole file."""
        if code not in self._names:
            self._names[code] = [name for name in beginnings(code) if name in self._by_name]
            self.seen.setdefault(code, set())
        self.seen[code].add(line)
        found = [remark for name in self._names[code] if (remark := self._at(name, line)) is not None]
        if not found and self._whole:
            found = [self._whole[name] for name in beginnings(code) if name in self._whole]
        return min(found, key=lambda remark: (remark.line, remark.column)) if found else None

    def names(self, code: str) -> bool:
        """Whether any suppression of the file names a code, so that it may answer a finding of it."""
        return any(name in self._by_name or name in self._whole for name in beginnings(code))

    def used(self, remark: Remark, name: str) -> bool:
        """Whether a finding was asked about that a suppression covers, whose code begins with `name`."""
        return any(code.startswith(name) and self._within(remark, code) for code in self.seen)

    def codes(self, remark: Remark) -> Iterator[str]:
        """The codes of the findings that a suppression covers, whatever it names."""
        return (code for code in self.seen if self._within(remark, code))

    def _within(self, remark: Remark, code: str) -> bool:
        if remark.whole:
            return True
        lines = self._sorted.get(code, [])
        if len(lines) != len(self.seen[code]):
            lines = self._sorted[code] = sorted(self.seen[code])
        index = bisect_left(lines, remark.first)
        return index < len(lines) and lines[index] <= remark.last

    def _at(self, name: str, line: int) -> Remark | None:
        if name not in self._steps:
            self._steps[name] = _steps(self._by_name[name])
        lines, remarks = self._steps[name]
        index = bisect_right(lines, line)
        return remarks[index - 1] if index else None


@cache
def beginnings(code: str) -> tuple[str, ...]:
    """What a suppression may name a code by: `KA`, `KA2`, `KA21` and `KA210`."""
    return tuple(code[:length] for length in range(len("KA"), len(code) + 1))


def _steps(remarks: Sequence[Remark]) -> tuple[list[int], list[Remark | None]]:
    """The lines at which another suppression becomes the first that covers a line, and which one that is."""
    waiting = sorted(range(len(remarks)), key=lambda index: -remarks[index].first)
    bounds = sorted({line for each in remarks if each.first <= each.last for line in (each.first, each.last + 1)})
    first: list[int] = []
    chosen: list[Remark | None] = []
    active: list[int] = []
    for line in bounds:
        while waiting and remarks[waiting[-1]].first <= line:
            heappush(active, waiting.pop())
        while active and remarks[active[0]].last < line:
            heappop(active)
        first.append(line)
        chosen.append(remarks[active[0]] if active else None)
    return first, chosen
