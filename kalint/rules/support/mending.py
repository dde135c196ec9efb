"""What the rules' fixes share: edits of characters as they stand in a file, never of what a substitution brought."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.findings.fix import Edit, Fix
from kalint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.rules.rule import Context
    from kalint.syntax.tree import Node

_MARK = re.compile('["#!]')
EXPANDED = ("$", "~")
"""How a line begins whose characters are read more than once, or somewhere else."""


def own_line(context: Context, span: Span) -> str | None:
    """The line of the file that a span is on; None where what stands there is not read once, as it is."""
    lines = context.files.get(span.file)
    if span.via is not None or span.line != span.end_line or lines is None or span.line > len(lines):
        return None
    line = lines[span.line - 1]
    if line.rstrip().endswith("\\") or (span.line > 1 and lines[span.line - 2].rstrip().endswith("\\")):
        return None
    words = line.split(None, 1)
    bare = words[-1] if words and words[0][0] == "@" else line.lstrip()
    return None if bare.startswith(EXPANDED) else line


def replaced(
    context: Context, span: Span, old: str, new: str, title: str = "", *, safe: bool = True, alters: bool = False
) -> Fix | None:
    """A fix that writes `new` for `old`, where just that stands in the file."""
    line = own_line(context, span)
    if line is None or line[span.column - 1 : span.end_column - 1] != old:
        return None
    return Fix(title or f"write {new}", (Edit(span, new),), safe, alters)


def statement(context: Context, span: Span) -> tuple[str, ...] | None:
    """The words of a statement that begins at a span, has its line for itself, and means the same in any place."""
    line = own_line(context, span)
    if line is None or line[: span.column - 1].strip():
        return None
    bare = line[: _comment(line)]
    return None if set(bare) & set("{}$@~") or not bare.strip() else tuple(bare.split())


def without(context: Context, span: Span, title: str, *, safe: bool = True) -> Fix | None:
    """A fix that removes the statement that begins at a span; a comment after it stays."""
    if statement(context, span) is None:
        return None
    line = context.files[span.file][span.line - 1]
    comment = _comment(line)
    if comment < len(line):
        edit = Edit(Span(span.file, span.line, span.column, span.line, comment + 1), "")
    else:
        edit = Edit(Span(span.file, span.line, 1, span.line + 1, 1), "")
    return Fix(title, (edit,), safe)


def repeated(context: Context, span: Span, first: Span, *, safe: bool = True) -> Fix | None:
    """A fix that removes a statement which says word for word what another one of its block says."""
    words = statement(context, span)
    if words is None or words != statement(context, first) or span[:2] == first[:2]:
        return None
    return without(context, span, "remove the repeated line", safe=safe)


def moved(context: Context, node: Node, targets: Iterable[Node]) -> Fix | None:
    """A fix that moves a block, with the comments right above it, before the first of `targets` in its file."""
    block = _extent(context, node)
    places = [
        place for target in targets if (place := _extent(context, target)) and place[0] == node.words[0].span.file
    ]
    if block is None or not places:
        return None
    file, first, last = block
    lines = context.files[file]
    above = min(place[1] for place in places)
    if above >= first:
        return None
    text = lines[first - 1 : last]
    if first > 1 and not lines[first - 2].strip():  # the blank line above goes with it
        first -= 1
        text.append("")
    edits = (
        Edit(Span(file, above, 1, above, 1), "".join(f"{line}\n" for line in text)),
        Edit(Span(file, first, 1, last + 1, 1), ""),
    )
    return Fix(f"move {' '.join(word.text for word in node.words)} up", edits, alters=True)


def _extent(context: Context, node: Node) -> tuple[str, int, int] | None:
    """The file and the lines of a block that shares none of them, with the comments right above it."""
    head = node.words[0].span
    line = own_line(context, head)
    if line is None or node.closer is None or line[: head.column - 1].strip():
        return None
    end = node.closer.span()
    last = own_line(context, end)
    if last is None or end.file != head.file or end.line < head.line:
        return None
    behind = last[end.end_column - 1 :].lstrip()
    if behind and behind[0] not in "#!":
        return None
    lines = context.files[head.file]
    first = head.line
    while first > 1 and lines[first - 2].lstrip().startswith(("#", "!")):
        first -= 1
    if first == 1:  # what the file begins with is about the file
        first = head.line
    return head.file, first, end.line


def _comment(line: str) -> int:
    """Where a comment begins; the end of the line where there is none."""
    if "#" not in line and "!" not in line:
        return len(line)
    quoted = False
    for found in _MARK.finditer(line):
        index = found.start()
        if line[index] == '"':
            quoted = not quoted
        elif not quoted and line[index - 1 : index] != "\\":
            return index
    return len(line)
