"""Where characters come from: lines, words and spans.

Every word that kalint reads keeps the place that wrote it, through includes, `$definitions`, `~SEQ` and `@id`.
A `Line` knows its place cheaply (most lines are untouched by substitution); a `Word` works out its `Span` only
when somebody asks, since most words are never reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# The same as calling the class, without the detour over its own __new__: these are made by the hundred thousand.
_new = tuple.__new__


FROM_ENVIRONMENT = "${_ENV}"
"""What is shown in place of a value of the environment."""


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

    Without `pieces`, `text[i]` stands at column `column + i` of line `number` of `file`, brought in by `via` where a
    multi-line definition holds the line.
    """

    text: str
    file: str
    number: int
    column: int
    pieces: tuple[Piece, ...] = ()
    via: Span | None = None

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The place of characters `start` up to `end` (default: all)."""
        if end is None:
            end = len(self.text)
        if not self.pieces:
            column = self.column
            return Span(self.file, self.number, column + start, self.number, column + end, self.via)
        first = self._piece(start)
        last = self._piece(max(start, end - 1))
        head = _within(first, start, max(start, end - 1) + 1 if first is last else first.end)
        if first is last:
            return head
        tail = _within(last, last.start, end)
        if (head.file, head.via) != (tail.file, tail.via) or tail[3:5] < head[1:3]:
            return head
        return Span(head.file, head.line, head.column, tail.end_line, tail.end_column, head.via)

    def cut(self, start: int, end: int) -> Line:
        """Characters `start` up to `end`, each of which keeps its place."""
        text, file, number, column, pieces, via = self
        if not pieces:
            return Line(text[start:end], file, number, column + start, (), via)
        kept = self.pieces_at(start, end, 0)
        if len(kept) == 1 and kept[0].literal:
            span = kept[0].span
            return Line(text[start:end], span.file, span.line, span.column, (), span.via)
        return Line(text[start:end], file, number, column, tuple(kept) or pieces[:1], via)

    def pieces_at(self, start: int, end: int, offset: int, via: Span | None = None) -> list[Piece]:
        """The pieces of characters `start` up to `end`, as pieces of a line where these begin at `offset`.

        `via` takes the place of what they name so far as the use that brought them in.
        """
        if start >= end:
            return []
        if not self.pieces:
            number, column = self.number, self.column
            span = _new(Span, (self.file, number, column + start, number, column + end, via or self.via))
            return [_new(Piece, (offset, offset + end - start, span, True, False))]
        kept = []
        shift = offset - start
        for piece in self.pieces:
            first, last, span, literal, secret = piece
            if first >= end or last <= start:
                continue
            if first < start or last > end:
                first, last = max(first, start), min(last, end)
                span = _within(piece, first, last)
            if via is not None:
                span = Span(span[0], span[1], span[2], span[3], span[4], via)
            kept.append(_new(Piece, (first + shift, last + shift, span, literal, secret)))
        return kept

    def shown(self, start: int = 0, end: int | None = None) -> str:
        """Characters `start` up to `end` as a message may print them: values of the environment are masked."""
        text = self.text[start:end]
        for piece in reversed(self.pieces):
            if piece.secret and piece.start < start + len(text) and piece.end > start:
                text = text[: max(0, piece.start - start)] + FROM_ENVIRONMENT + text[max(0, piece.end - start) :]
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
        pieces.extend(part.pieces_at(0, len(part.text), offset))
        offset += len(part.text)
    text = "".join([part.text for part in parts])
    first = parts[0]
    return Line(text, first.file, first.number, first.column, tuple(pieces) or first.pieces, first.via)


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
