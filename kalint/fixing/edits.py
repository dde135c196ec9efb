"""Edits on the bytes of a file: what no edit names stays as it is, whatever its encoding and line endings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.findings.fix import Edit
    from kalint.source import Span


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """A file's bytes after the edits, which are all about this file and do not overlap; equal ones count once.

    A line feed in new text becomes the line end of the file. Places after the end are the end.
    """
    text = content.decode("utf-8", "surrogateescape")
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    newline = "\r\n" if text[: text.find("\n")].endswith("\r") else "\n"

    def offset(line: int, column: int) -> int:
        return min(starts[line - 1] + column - 1, len(text)) if line <= len(starts) else len(text)

    places = {
        (offset(span.line, span.column), offset(span.end_line, span.end_column), new)
        for span, new in dict.fromkeys(edits)
    }
    parts = []
    done = 0
    for start, end, new in sorted(places, key=lambda place: place[:2]):
        parts += [text[done:start], new.replace("\n", newline)]
        done = max(start, end)
    parts.append(text[done:])
    return "".join(parts).encode("utf-8", "surrogateescape")


def overlap(one: Span, other: Span) -> bool:
    """Whether two edits of a file cannot both be made: they share characters, or one is inside the other."""
    if (one.line, one.column) > (other.line, other.column):
        one, other = other, one
    return (other.line, other.column) < (one.end_line, one.end_column)
