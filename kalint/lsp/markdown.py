"""Markdown for hovers: what comes from a file is never taken for markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol.types import Hover, MarkupContent, MarkupKind, Range

from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SIGNS = re.compile(r"[\\`*<>|~&\[\]]|(?<![^\W_])_|_(?![^\W_])")
"""What may be markup; a `_` is none between letters or digits (CommonMark, 6.2)."""


def plain(text: str) -> str:
    """A text as it stands."""
    return _SIGNS.sub(r"\\\g<0>", printable(text))


def code(text: str) -> str:
    """A text in the type of code."""
    text = printable(text).replace("`", "'")
    return f"`{text}`" if text else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], most: int) -> str:
    """A table of Markdown cells; rows beyond `most` are only counted, columns that no row uses are left out."""
    rows = list(rows)
    used = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    lines = [_line([heads[at] for at in used]), _line(["---"] * len(used))]
    lines += [_line([row[at] for at in used]) for row in rows[:most]]
    more = f"\n\n{len(rows) - most} more rows" if len(rows) > most else ""
    return "\n".join(lines) + more


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def hover(parts: Iterable[str], place: Range) -> Hover:
    """A hover of paragraphs."""
    value = "\n\n".join(part for part in parts if part)
    return Hover(MarkupContent(MarkupKind.Markdown, value), place)
