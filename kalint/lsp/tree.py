"""The statements of a configuration with what the keyword table knows of each, and the one at a place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from kalint.model.keywords import keywords

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.model.keywords import Keyword
    from kalint.source import Span, Word
    from kalint.syntax.tree import Node


class Site(NamedTuple):
    """A statement, or an entry of a block of values.

    `row` is what the table says of its first word, None for an entry and for an unknown word. `outer` are the blocks
    around it, the outermost first, and `block` the row of the innermost, None at the top level and in unknown blocks.
    """

    node: Node
    row: Keyword | None
    block: Keyword | None
    outer: tuple[Node, ...]

    @property
    def form(self) -> tuple[str, int]:
        """The form of its words (`kalint.model.keywords.forms`), and the first word that the form speaks of."""
        if self.row is not None:
            return self.row.arguments, 1
        return (self.block.entries, 0) if self.block is not None else ("", 0)


def walk(nodes: Iterable[Node]) -> Iterator[Site]:
    """Every statement and entry, in the order of the file."""
    yield from _walk(nodes, "", None, ())


def _walk(nodes: Iterable[Node], context: str | None, block: Keyword | None, outer: tuple[Node, ...]) -> Iterator[Site]:
    for node in nodes:
        row = None if context is None else keywords(context).get(node.keyword)
        yield Site(node, row, block, outer)
        if node.items:
            inside = row.block if row is not None and row.block else None
            yield from _walk(node.items, inside, row, (*outer, node))


def chain_of(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], Keyword | None, str | None]:
    """The blocks that are still open where the nodes end, the row of the innermost, and its context (None: unknown)."""
    chain: list[Node] = []
    context: str | None = ""
    row: Keyword | None = None
    while nodes and nodes[-1].items is not None and nodes[-1].closer is None:
        node = nodes[-1]
        chain.append(node)
        row = None if context is None else keywords(context).get(node.keyword)
        context = row.block if row is not None and row.block else None
        nodes = node.items or ()
    return tuple(chain), row, context


class Found(NamedTuple):
    """A word at a place: its site, its number there, and where it stands."""

    site: Site
    number: int
    span: Span

    @property
    def word(self) -> Word:
        return self.site.node.words[self.number]


def word_at(nodes: Iterable[Node], real: str, line: int, column: int) -> Found | None:
    """The word that stands at kalint's line and column of a file (its real path), or ends just before them."""
    near: Found | None = None
    same: dict[str, bool] = {}
    for site in walk(nodes):
        for index, word in enumerate(site.node.words):
            if not word.line.pieces and word.line.number != line:
                break
            span = word.span
            if not span.line <= line <= span.end_line or not span.column <= column <= span.end_column:
                continue
            if span.file not in same:
                same[span.file] = os.path.realpath(span.file) == real
            if same[span.file]:
                if column < span.end_column:
                    return Found(site, index, span)
                near = near or Found(site, index, span)
    return near
