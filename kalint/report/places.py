"""Places as programs name them: paths relative to where one stands, URIs, and columns in UTF-16."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.report.terminal import inert, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kalint.source import Span


def standing(path: str) -> str:
    """A path relative to where one stands, where the file is in or below that folder; else the whole path."""
    relative = os.path.relpath(path)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return os.path.abspath(path) if outside else relative


def heading(path: str) -> str:
    """A path as the beginning of a line: one that begins as a command to a CI runner does is named by `./`."""
    shown = inert(printable(path))
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def uri(path: str) -> str:
    """A URI reference for a path of `standing`; bytes that a URI does not hold are %-encoded (RFC 3986)."""
    from urllib.parse import quote

    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/~+,;=@")
    return f"file://{encoded}" if path.startswith("/") else encoded


def utf16(sources: Mapping[str, list[str]], span: Span) -> tuple[int, int]:
    """The columns where a span begins and ends, counted in UTF-16 code units from 1."""
    return _columns(sources, span, lambda before: sum(character > "\uffff" for character in before))


def utf8(sources: Mapping[str, list[str]], span: Span) -> tuple[int, int]:
    """The columns where a span begins and ends, counted in bytes from 1: of UTF-8, or as the file has them."""
    return _columns(sources, span, lambda before: len(before.encode("utf-8", "surrogateescape")) - len(before))


def _columns(sources: Mapping[str, list[str]], span: Span, more: Callable[[str], int]) -> tuple[int, int]:
    """Both columns; `more` is how many units a text has beyond its characters."""
    lines = sources.get(span.file, [])

    def units(line: int, column: int) -> int:
        before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else ""
        return column + more(before)

    return units(span.line, span.column), units(span.end_line, span.end_column)
