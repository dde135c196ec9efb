"""What is said of a configuration that stands in another file: its fixes there, its secrets, what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.hiding import hidden
from kalint.pipeline.templates import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.fix import Edit, Fix
    from kalint.text import Text
    from kalint.text.placed import Placed


def in_carrier(found: Iterable[Diagnostic], text: Text, placed: Placed) -> Iterator[Diagnostic]:
    """The findings with the fixes that can be made in the file itself; without names that another file may define."""
    for finding in found:
        if text.includes_elsewhere and finding.code in NAMES:
            continue
        fix = finding.fix
        if fix is not None:
            fix = _indented(fix, placed.indent) if placed.exact and len(text.files) == 1 else None
        yield finding if fix is finding.fix else finding._replace(fix=fix)


def _indented(fix: Fix, indent: int) -> Fix:
    """A fix whose new lines stand as deep in the file as the text that they become a part of."""
    return fix._replace(edits=tuple(_deeper(edit, indent) for edit in fix.edits))


def _deeper(edit: Edit, indent: int) -> Edit:
    margin = " " * indent
    first, *rest = edit.text.split("\n")
    if edit.span.column <= indent and first and not first.startswith(margin):
        first = margin + first
    lines = [line if not line or line.startswith(margin) else margin + line for line in rest]
    return edit._replace(text="\n".join((first, *lines)))


def own_lines(text: Text, placed: Placed) -> Mapping[str, list[str]]:
    """The lines of the carrier as they may be shown: without secrets that a look at its own lines would not find."""
    path = next(iter(text.files))
    if placed.exact:
        return {path: placed.own}
    shown = list(placed.own)
    logical = [line.text for line in placed.lines]
    for index, ranges in hidden(logical, frozenset()).items():
        line = placed.lines[index]
        for start, end in ranges:
            for at in range(start, min(end, len(line.text))):
                span = line.span(at, at + 1)
                if span.file == path and span.line == span.end_line and not line.text[at].isspace():
                    old = shown[span.line - 1]
                    first, last = span.column - 1, min(span.end_column - 1, len(old))
                    shown[span.line - 1] = old[:first] + "*" * (last - first) + old[last:]
    return {path: shown}
