"""Where the cursor is in a configuration that is being written: the blocks around it, and the words of its line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from kalint.lsp.tree import chain_of
from kalint.pipeline.ids import readings
from kalint.syntax import parse

if TYPE_CHECKING:
    from kalint.lsp.project import Point, Project
    from kalint.model.keywords import Keyword
    from kalint.syntax.tree import Node
    from kalint.version import Version

_WORD = re.compile(r"[^\s\"{}]*\Z")


class Cursor(NamedTuple):
    """What is around the cursor.

    `context` is that of the keyword table, None in a block of values (or an unknown one), of which `block` is the row.
    `before` are the words of the statement so far, `typed` the part of a word before the cursor, `items` what the block
    has up to here.
    """

    root: str
    version: Version
    context: str | None
    block: Keyword | None
    chain: tuple[Node, ...]
    items: tuple[Node, ...]
    before: tuple[str, ...]
    typed: str


def cursor_of(project: Project, point: Point) -> Cursor | None:
    """Read the document up to the word at the cursor, in the configuration that it is part of."""
    line = point.positions.line(point.line)[: point.column - 1]
    found = _WORD.search(line)
    typed = found.group() if found is not None else ""
    text = point.document.text[: point.offset - len(typed)]
    shortened = point.document._replace(text=text)
    for root in project.roots(point.document):
        snapshot = project.snapshot(root)
        if snapshot is None:
            continue
        request = snapshot.request
        overlay = {**request.text.overlay, shortened.real: shortened.content}
        content = None if os.path.isfile(root) else shortened.content
        reading = readings(root, content, request._replace(text=request.text._replace(overlay=overlay)))[0]
        lines = reading.text.lines
        ends = [each.last for each in reading.text.includes if os.path.realpath(each.file) == shortened.real]
        nodes = parse(lines[: ends[0]] if ends else lines)[0]
        chain, block, context = chain_of(nodes)
        items = (chain[-1].items or ()) if chain else nodes
        before: tuple[str, ...] = ()
        if items and (last := items[-1]).items is None:
            span = last.words[-1].span
            if span.line == point.line and os.path.realpath(span.file) == shortened.real:
                before = tuple(word.text for word in last.words)
                items = items[:-1]
        return Cursor(root, request.version, context, block, chain, items, before, typed)
    return None
