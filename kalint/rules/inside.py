"""Whether places are inside a block."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
