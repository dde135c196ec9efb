"""Whether places are inside a block, and which block a place is in."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.source import Span
    from kalint.syntax.tree import Node


class Places:
    """Places of one or several files, to ask of many blocks: the time grows with the blocks, not with the places."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._lines: set[tuple[str, int]] = set()
        self._ordered: dict[tuple[str, Span | None], list[tuple[int, int]]] = {}
        for span in spans:
            self._lines.add((span.file, span.line))
            for at in (span, span.via):
                if at is not None:
                    self._ordered.setdefault((at.file, at.via), []).append((at.line, at.column))
        self._files = {file for file, _ in self._lines}
        for each in self._ordered.values():
            each.sort()

    def __bool__(self) -> bool:
        return bool(self._lines)

    def inside(self, block: Node) -> bool:
        """Whether one is in the block: up to its closing brace, or brought in there by a $definition or an include."""
        first = block.words[0].span
        found = self._ordered.get((first.file, first.via), ())
        at = bisect_left(found, (first.line, first.column))
        if at < len(found) and (block.closer is None or found[at] <= block.closer.span()[1:3]):
            return True
        if self._files <= {first.file}:
            return False
        waiting = list(block.items or ())
        while waiting:
            item = waiting.pop()
            if (item.line.file, item.line.number) in self._lines and item.line.file != first.file:
                return True
            waiting += item.items or ()
        return False


class Blocks:
    """Blocks that do not stand in one another, to ask which one a place is in: the time grows with the places."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = tuple(nodes)
        self._ordered: dict[tuple[str, Span | None], list[tuple[int, int, int]]] = {}
        self._elsewhere: dict[str, list[int]] = {}
        for index, node in enumerate(self._nodes):
            first = node.words[0].span
            self._ordered.setdefault((first.file, first.via), []).append((first.line, first.column, index))
            for file in dict.fromkeys(_files(node)):
                if file != first.file:
                    self._elsewhere.setdefault(file, []).append(index)
        for each in self._ordered.values():
            each.sort()

    def around(self, span: Span) -> int | None:
        """Which one has a place, as `Places.inside` knows it: the first by its number."""
        place = Places((span,))
        near = set(self._elsewhere.get(span.file, ()))
        for at in (span, span.via):
            if at is not None:
                near.update(_last(self._ordered.get((at.file, at.via), ()), (at.line, at.column)))
        return next((index for index in sorted(near) if place.inside(self._nodes[index])), None)


def _last(ordered: Sequence[tuple[int, int, int]], place: tuple[int, int]) -> Iterator[int]:
    """The blocks that begin last before a place, or at it: several where a $definition brings them in."""
    line, column = place
    end = bisect_left(ordered, (line, column + 1, 0))
    while end:
        end -= 1
        yield ordered[end][2]
        if not end or ordered[end - 1][:2] != ordered[end][:2]:
            break


def _files(block: Node) -> Iterator[str]:
    """The files of the statements in a block."""
    waiting = list(block.items or ())
    while waiting:
        item = waiting.pop()
        yield item.line.file
        waiting += item.items or ()
