"""Places as programs name them: paths relative to where one stands, URIs, and columns in UTF-16."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.source import Span


def standing(path: str) -> str:
    """A path relative to where one stands, where the file is in or below that folder; else the whole path."""
    relative = os.path.relpath(path)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return os.path.abspath(path) if outside else relative


def uri(path: str) -> str:
    """A URI reference for a path of `standing`; bytes that a URI does not hold are %-encoded (RFC 3986)."""
    from urllib.parse import quote

    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/~+,;=@")
    return f"file://{encoded}" if path.startswith("/") else encoded


def utf16(sources: Mapping[str, list[str]], span: Span) -> tuple[int, int]:
    """The columns where a span begins and ends, counted in UTF-16 code units from 1."""
    lines = sources.get(span.file, [])
    return _units(lines, span.line, span.column), _units(lines, span.end_line, span.end_column)


def _units(lines: list[str], line: int, column: int) -> int:
    before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else ""
    return column + sum(character > "\uffff" for character in before)
