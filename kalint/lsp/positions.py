"""Places of a text, between kalint and a client.

kalint counts lines (they end in LF only) and columns (in characters) from 1. A client counts lines (they end in LF,
CR LF or CR) from 0 and columns from 0, in the units that were negotiated: LSP 3.17, PositionEncodingKind.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from lsprotocol.types import Position, PositionEncodingKind, Range

if TYPE_CHECKING:
    from kalint.source import Span

_ENDS = re.compile(r"\r\n|\n|\r")
_WIDE: dict[PositionEncodingKind | str, str] = {
    PositionEncodingKind.Utf8: "[^\0-\x7f]",
    PositionEncodingKind.Utf16: "[\U00010000-\U0010ffff]",
}
"""Characters of more than one unit, by encoding; in UTF-32 there are none."""


class Positions:
    """The places of one text."""

    def __init__(self, text: str, encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16) -> None:
        self.text = text
        self._encoding = encoding
        ends = [(found.start(), found.end()) for found in _ENDS.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._stops = [*(start for start, _ in ends), len(text)]
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        wide = "" if text.isascii() else _WIDE.get(encoding, "")
        self._wide = [found.start() for found in re.finditer(wide, text)] if wide else []
        more = (self._units(text[place]) - 1 for place in self._wide)
        self._more = list(accumulate(more, initial=0))

    def offset(self, position: Position) -> int:
        """The character that stands at a client's position; beyond the end of a line it is that end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, stop = self._starts[position.line], self._stops[position.line]
        places = range(start, stop + 1)
        # A position inside a character is where this begins.
        after = bisect_right(places, position.character, key=lambda place: self._between(start, place))
        return start + max(0, after - 1)

    def position(self, offset: int) -> Position:
        """A client's position of a character."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._between(self._starts[line], min(offset, self._stops[line])))

    def place(self, offset: int) -> tuple[int, int]:
        """Kalint's line and column of a character."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def at(self, line: int, column: int) -> int:
        """The character at kalint's line and column; places after the end are the end."""
        if line > len(self._lines):
            return len(self.text)
        stop = self._lines[line] - 1 if line < len(self._lines) else len(self.text)
        return min(self._lines[line - 1] + column - 1, stop)

    def range(self, span: Span) -> Range:
        """A client's range of a span."""
        start = self.at(span.line, span.column)
        return self.between(start, max(start, self.at(span.end_line, span.end_column)))

    def between(self, start: int, end: int) -> Range:
        """A client's range of the characters from `start` up to `end`."""
        return Range(self.position(start), self.position(end))

    def line(self, number: int) -> str:
        """The characters of kalint's line, without its end; "" after the last."""
        if number > len(self._lines):
            return ""
        return self.text[self._lines[number - 1] : self.at(number + 1, 1)].rstrip("\r\n")

    def _between(self, start: int, end: int) -> int:
        """The units of the characters from `start` up to `end`: a line may be long, and is asked for word by word."""
        more = self._more[bisect_left(self._wide, end)] - self._more[bisect_left(self._wide, start)]
        return end - start + more

    def _units(self, character: str) -> int:
        if self._encoding == PositionEncodingKind.Utf8:
            return len(character.encode("utf-8", "surrogateescape"))
        return 2
