"""Configurations that stand in another file: a YAML file that carries them, a template that was rendered.

Their lines are those that keepalived reads; each character knows its place in the file that a person edits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kalint.source import Line, Piece, Span

Place = tuple[int, int, int]
"""The line, the column and the end column (1-based) in the file of one character of a text."""


class Placed(NamedTuple):
    """A configuration in another file.

    `name` is what it is called there (`data.keepalived.conf`; "" for the whole file). `lines` are what keepalived
    reads, `visible` the file's lines as rules look at them (blank where they are not of a configuration), `own` those
    that reports show. `exact`: the lines are characters of the file as they stand, so that fixes may be made; the
    first `indent` columns of each are the carrier's. `siblings` are what an include may name: texts of one folder.
    `others` are files that the lines come from too, with their lines. `masked`: placeholders are still in the lines.
    """

    name: str
    lines: tuple[Line, ...]
    visible: list[str]
    own: list[str]
    exact: bool = True
    indent: int = 0
    siblings: Mapping[str, tuple[Line, ...]] = {}
    others: Mapping[str, list[str]] = {}
    masked: bool = False


def line_of(text: str, places: Sequence[Place], file: str) -> Line:
    """A line each character of which has a place; characters side by side in the file are one piece."""
    pieces: list[Piece] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and _beside(places[index - 1], places[index]):
            continue
        first, last = places[start], places[index - 1]
        literal = first[2] - first[1] == 1
        pieces.append(Piece(start, index, Span(file, first[0], first[1], last[0], last[2]), literal))
        start = index
    if not pieces:
        return Line("", file, 1, 1)
    number, column, _ = places[0]
    if len(pieces) == 1 and pieces[0].literal:
        return Line(text, file, number, column)
    return Line(text, file, number, column, tuple(pieces))


def _beside(one: Place, other: Place) -> bool:
    """Whether one character stands right after another, and both as they are read."""
    return one[0] == other[0] and one[2] == other[1] and one[2] - one[1] == 1 == other[2] - other[1]


def whole_line(text: str, span: Span) -> Line:
    """A line of which only the place as a whole is known."""
    return Line(text, span.file, span.line, span.column, (Piece(0, max(1, len(text)), span, False),))
