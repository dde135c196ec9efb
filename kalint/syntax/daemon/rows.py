"""Logical lines to the rows of words that process_stream works on.

Source: read_line and alloc_strvec of lib/parser.c, keepalived 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.source import Word
from kalint.syntax.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.source import Line
    from kalint.text.profile import TextProfile

BRACES = ("{", "}")


class Row(NamedTuple):
    """The words of one line as keepalived has them, never empty.

    They come from the logical lines `line` (from 0) up to, not including, `end`.
    """

    words: tuple[Word, ...]
    line: int
    end: int


class Rows(NamedTuple):
    """All rows in order, and of each included file the first row and the row after its last."""

    rows: list[Row]
    includes: list[tuple[int, int]]


def rows_of(lines: Sequence[Line], includes: Sequence[tuple[int, int]], profile: TextProfile) -> Rows:
    """The rows of a configuration; `includes` are the same pairs as those of the result, of logical lines."""
    cut = _cut if profile.cuts_at_braces else _whole
    rows: list[Row] = []
    starts = [0] * (len(lines) + 1)
    for first, last, made in cut(lines, {start for pair in includes for start in pair}):
        starts[first:last] = [len(rows)] * (last - first)
        rows += [Row(found, first, last) for found in made if found]
    starts[len(lines)] = len(rows)
    return Rows(rows, sorted(((starts[first], starts[last]) for first, last in includes), key=_outer_first))


def _outer_first(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[0], -pair[1]


def _cut(lines: Sequence[Line], _: set[int]) -> Iterator[tuple[int, int, list[tuple[Word, ...]]]]:
    """Cut at each brace outside quotes; most lines are cut already."""
    for index, line in enumerate(lines):
        text = line.text
        if text in BRACES:
            yield index, index + 1, [(Word(text, line, 0, 1),)]
        elif "{" in text or "}" in text:
            yield index, index + 1, [words(part) for part in _parts(line)]
        else:
            yield index, index + 1, [words(line)]


def _parts(line: Line) -> Iterator[Line]:
    """A line that still holds braces (those of a template, or of a name that is not defined); keepalived cuts there."""
    text = line.text
    start = position = 0
    while position < len(text):
        character = text[position]
        if character == '"':
            end = text.find('"', position + 1)
            if end < 0:
                break
            position = end
        elif character in BRACES:
            if position > start:
                yield line.cut(start, position)
            yield line.cut(position, position + 1)
            start = position + 1
        position += 1
    if start < len(text):
        yield line.cut(start, len(text))


def _whole(lines: Sequence[Line], borders: set[int]) -> Iterator[tuple[int, int, list[tuple[Word, ...]]]]:
    """The lines as they stand in the file: what was cut is put together again, and braces touch words as written."""
    index = 0
    while index < len(lines):
        end = index + 1
        while end < len(lines) and end not in borders and _continues(lines[end - 1], lines[end]):
            end += 1
        made: list[Word] = []
        for line in lines[index:end]:
            for word in words(line):
                if made and _touches(made[-1], word):
                    before = made.pop()
                    word = Word(before.text + word.text, before.line, before.start, before.end)
                made.append(word)
        yield index, end, [tuple(made)]
        index = end


def _continues(before: Line, line: Line) -> bool:
    """Whether a line stood after the one before it on the same line of a file, cut off at a brace."""
    return (
        (before.file, before.number, before.via) == (line.file, line.number, line.via)
        and (before.text in BRACES or line.text in BRACES)
        and before.column + len(before.text) <= line.column
    )


def _touches(before: Word, word: Word) -> bool:
    """Whether nothing but a brace's edge is between two words."""
    if before.line is word.line or before.line.pieces or word.line.pieces:
        return False
    brace = before.text in BRACES or word.text in BRACES or before.text[-1:] in BRACES
    return brace and before.line.column + before.end == word.line.column + word.start
