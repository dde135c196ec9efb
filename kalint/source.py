"""Where characters come from: lines, words and spans.

Every word that kalint reads keeps the place that wrote it, through includes, `$definitions`, `~SEQ` and `@id`.
A `Line` knows its place cheaply (most lines are untouched by substitution); a `Word` works out its `Span` only
when somebody asks, since most words are never reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Span(NamedTuple):
    """Characters of one file: from (line, column) up to, not including, (end_line, end_column); all 1-based.

    `via` is the place that brought the characters in: the `$NAME` that was replaced by them.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    via: Span | None = None


class Piece(NamedTuple):
    """Characters `start` to `end` of a line's text that came from `span`.

    `literal` pieces are characters as they stand in the file (offsets into them are exact); the others were put
    there whole by a substitution without characters of its own (a predefined value), and any part of them is `span`.
    `secret` pieces came from the environment, and nothing may print them.
    """

    start: int
    end: int
    span: Span
    literal: bool
    secret: bool = False


class Line(NamedTuple):
    """A logical line: one statement, or a lone `{` or `}`, after comments, definitions and includes.

    Without `pieces`, `text[i]` stands at column `column + i` of line `number` of `file`.
    """

    text: str
    file: str
    number: int
    column: int
    pieces: tuple[Piece, ...] = ()

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The place of characters `start` up to `end` (default: all)."""
        if end is None:
            end = len(self.text)
        if not self.pieces:
            column = self.column
            return Span(self.file, self.number, column + start, self.number, column + end)
        first = self._piece(start)
        last = self._piece(max(start, end - 1))
        head = _within(first, start, max(start, end - 1) + 1 if first is last else first.end)
        if first is last:
            return head
        tail = _within(last, last.start, end)
        if (head.file, head.via) != (tail.file, tail.via) or (tail.end_line, tail.end_column) < (head.line, head.column):
            return head
        return Span(head.file, head.line, head.column, tail.end_line, tail.end_column, head.via)

    def cut(self, start: int, end: int) -> Line:
        """Characters `start` up to `end`, each of which keeps its place."""
        text, file, number, column, pieces = self
        if not pieces:
            return Line(text[start:end], file, number, column + start)
        kept = [
            Piece(max(piece.start, start) - start, min(piece.end, end) - start, *_clipped(piece, start, end))
            for piece in pieces
            if piece.start < end and piece.end > start
        ]
        return Line(text[start:end], file, number, column, tuple(kept) or pieces[:1])

    def shown(self, start: int = 0, end: int | None = None) -> str:
        """Characters `start` up to `end` as a message may print them: values of the environment are masked."""
        text = self.text[start:end]
        for piece in reversed(self.pieces):
            if piece.secret and piece.start < start + len(text) and piece.end > start:
                text = text[: max(0, piece.start - start)] + "${_ENV}" + text[max(0, piece.end - start) :]
        return text

    def _piece(self, offset: int) -> Piece:
        for piece in self.pieces:
            if piece.start <= offset < piece.end:
                return piece
        return self.pieces[-1]


def join(parts: Sequence[Line]) -> Line:
    """Lines one after the other as one line, each character of which keeps its place; `parts` is not empty."""
    pieces: list[Piece] = []
    offset = 0
    for part in parts:
        for start, end, span, literal, secret in part.pieces or (Piece(0, len(part.text), part.span(), True),):
            if start < end:
                pieces.append(Piece(offset + start, offset + end, span, literal, secret))
        offset += len(part.text)
    first = parts[0]
    text = "".join([part.text for part in parts])
    return Line(text, first.file, first.number, first.column, tuple(pieces) or first.pieces)


def _clipped(piece: Piece, start: int, end: int) -> tuple[Span, bool, bool]:
    """Span, literal and secret of what characters `start` up to `end` of the line leave of a piece."""
    return _within(piece, max(piece.start, start), min(piece.end, end)), piece.literal, piece.secret


def _within(piece: Piece, start: int, end: int) -> Span:
    """The part of a piece's place that characters `start` up to `end` of the line have."""
    span = piece.span
    if not piece.literal:
        return span
    column = span.column + (start - piece.start)
    return Span(span.file, span.line, column, span.line, column + (end - start), span.via)


class Word(NamedTuple):
    """One word of a logical line; `text` is without the double quotes that `start` and `end` include."""

    text: str
    line: Line
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.line.span(self.start, self.end)

    @property
    def shown(self) -> str:
        """The text as a message may print it: values of the environment are masked."""
        return self.line.shown(self.start, self.end).strip('"') if self.line.pieces else self.text

    @property
    def quoted(self) -> bool:
        return self.line.text[self.start : self.start + 1] == '"'
