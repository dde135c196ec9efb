"""Where each character of a rendering comes from: marks that ride along with the text of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_MARK = re.compile("\uf8f0(\\d+)\uf8f1")
Run = tuple[int, str, int, int, int, bool]
"""Characters of a rendered line: how many, their file, its line, the columns from and up to, and whether they stand
there one by one."""


class Source(NamedTuple):
    """A template as it is read: its file, its text, and how many lines of the file are before it."""

    file: str
    text: str
    before: int = 0

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character, 1-based, in the file."""
        line = self.text.count("\n", 0, offset) + 1
        return line + self.before, offset - (self.text.rfind("\n", 0, offset) + 1) + 1


class _Part:
    """Text of a template, or a `{{ }}` in it: from where to where."""

    def __init__(self, source: Source, start: int, end: int, literal: bool) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.literal = literal


class Marking(Extension):
    """Puts a mark before each text and each `{{ }}`; `sources` and `parts` are attributes of the environment.

    A template in a variable has no name, and no marks: what it gives belongs to the `{{ }}` that shows it.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Keep the text of a template."""
        known: dict[str, Source] = self.environment.sources  # type: ignore[attr-defined]
        lines = re.split(r"\r\n|\r|\n", source)
        if name is not None and name not in known:
            known[name] = Source(filename or name, "\n".join(lines))
        return source

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens with marks between them."""
        if stream.name is None:
            yield from stream
            return
        environment: Any = self.environment
        source: Source = environment.sources[stream.name]
        starts = [0, *(found.end() for found in re.finditer("\n", source.text))]
        parts: list[_Part] = environment.parts
        ends = {"variable_end": environment.variable_end_string, "block_end": environment.block_end_string}
        at = 0
        shown: _Part | None = None
        for token in stream:
            at = max(at, starts[min(token.lineno, len(starts)) - 1])
            if token.type == "data":
                start = source.text.find(str(token.value), at)
                start = at if start < 0 else start
                parts.append(_Part(source, start, start + len(str(token.value)), literal=True))
                at = start + len(str(token.value))
                yield Token(token.lineno, "data", f"\uf8f0{len(parts) - 1}\uf8f1{token.value}")
                continue
            if token.type == "variable_begin":
                start = source.text.find(environment.variable_start_string, at)
                shown = _Part(source, at if start < 0 else start, max(at, start) + 1, literal=False)
                parts.append(shown)
                yield Token(token.lineno, "data", f"\uf8f0{len(parts) - 1}\uf8f1")
            elif token.type in ends:
                end = source.text.find(ends[token.type], at)
                at = at if end < 0 else end + len(ends[token.type])
                if token.type == "variable_end" and shown is not None:
                    shown.end = max(at, shown.end)
            yield token


def unmarked(text: str) -> str:
    """The rendering without marks."""
    return _MARK.sub("", text)


def rows(text: str, parts: list[_Part]) -> list[list[Run]]:
    """The lines of a rendering with marks: what each one is made of."""
    found: list[list[Run]] = [[]]
    part: _Part | None = None
    at = 0
    pieces = _MARK.split(text)
    for index, piece in enumerate(pieces):
        if index % 2:
            part = parts[int(piece)]
            at = part.start
            continue
        for line_number, line in enumerate(piece.split("\n")):
            if line_number:
                found.append([])
                at = _behind(part, at)
            at = _add(found[-1], line, part, at)
    return found


def _behind(part: _Part | None, at: int) -> int:
    """Where a text goes on after a line end."""
    if part is None or not part.literal:
        return at
    return at + 1 if part.source.text[at : at + 1] == "\n" else part.source.text.find("\n", at, part.end) + 1 or at


def _add(row: list[Run], line: str, part: _Part | None, at: int) -> int:
    """Add characters of one line; returns where the text of the template goes on."""
    if not line or part is None:
        return at
    source = part.source
    number, column = source.place(at if part.literal else part.start)
    if part.literal and source.text.startswith(line, at):
        row.append((len(line), source.file, number, column, column + len(line), True))
        return at + len(line)
    if part.literal:  # a filter has changed it: the line is known
        end = source.text.find("\n", at)
        row.append(
            (len(line), source.file, number, column, column + (end if end >= 0 else len(source.text)) - at, False)
        )
        return at if end < 0 else end
    end_number, end = source.place(part.end)
    if end_number != number:
        stop = source.text.find("\n", part.start)
        end = column + (stop - part.start)
    row.append((len(line), source.file, number, column, max(end, column + 1), False))
    return at
