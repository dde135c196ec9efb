"""The blocks of a document: its symbols, and what can be folded."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.findings.secrets import Secrets, values_of
from kalint.lsp.tree import walk
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kalint.lsp.documents import Document
    from kalint.lsp.judging import View
    from kalint.lsp.positions import Positions
    from kalint.lsp.project import Project
    from kalint.syntax.tree import Node

_KINDS = {
    "global_defs": types.SymbolKind.Namespace,
    "vrrp_instance": types.SymbolKind.Class,
    "vrrp_sync_group": types.SymbolKind.Module,
    "vrrp_script": types.SymbolKind.Function,
    "track_file": types.SymbolKind.File,
    "vrrp_track_file": types.SymbolKind.File,
    "vrrp_track_process": types.SymbolKind.Event,
    "bfd_instance": types.SymbolKind.Event,
    "virtual_server": types.SymbolKind.Interface,
    "real_server": types.SymbolKind.Object,
}
_MOST_DEPTH = 64


def symbols(project: Project, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
    """The blocks of a document, each with those inside it."""
    found = _own(project, params.text_document.uri)
    if found is None:
        return None
    document, view = found
    positions = project.positions(document.real)
    secrets = cache(lambda: Secrets(view.text.files, values_of(view.text.lines)))
    return list(_symbols(view.nodes, document.real, positions, view, secrets, 0))


def _symbols(
    nodes: tuple[Node, ...], real: str, positions: Positions, view: View, secrets: Callable[[], Secrets], depth: int
) -> Iterator[types.DocumentSymbol]:
    if depth == _MOST_DEPTH:
        return
    for node in nodes:
        if node.items is None:
            continue
        inside = list(_symbols(node.items, real, positions, view, secrets, depth + 1))
        span = node.span
        if span.via is not None or os.path.realpath(span.file) != real:
            yield from inside  # the head is in another file, and includes this one
            continue
        head = positions.range(span)
        end = _end(node, positions)
        name, detail = _titles(node, view)
        if node.line.pieces:  # of a definition, which may hold a password
            name = secrets().text(name)
        kind = _KINDS.get(node.keyword, types.SymbolKind.Property)
        whole = types.Range(head.start, end if _key(end) > _key(head.end) else head.end)
        yield types.DocumentSymbol(name, kind, whole, head, detail, children=inside)


def _titles(node: Node, view: View) -> tuple[str, str]:
    """`VI_1` and `vrrp_instance`, or the keyword alone."""
    rest = " ".join(view.written(word.shown, word.span) for word in node.words[1:])
    return (rest, node.keyword) if rest.strip() else (node.keyword, "")


def _end(node: Node, positions: Positions) -> types.Position:
    """Where a block ends: after its brace; where that is missing, after its last statement in the file."""
    if node.closer is not None and node.closer.file == node.line.file:
        return positions.range(node.closer.span()).end
    last = node
    for site in walk((node,)):
        if site.node.line.file == node.line.file and site.node.line.number >= last.line.number:
            last = site.node
    return positions.range(last.span).end


def folds(project: Project, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """Blocks, and comments of several lines."""
    found = _own(project, params.text_document.uri)
    if found is None:
        return None
    document, view = found
    positions = project.positions(document.real)
    ranges = []
    for site in walk(view.nodes):
        node = site.node
        span = node.span
        if node.items is None or span.via is not None or os.path.realpath(span.file) != document.real:
            continue
        first, last = positions.range(span).start.line, _end(node, positions).line
        closed = node.closer is not None and node.closer.file == node.line.file
        last -= closed
        if last > first:
            ranges.append(types.FoldingRange(first, last, kind=types.FoldingRangeKind.Region))
    return [*ranges, *_comments(document, positions)]


def _comments(document: Document, positions: Positions) -> Iterator[types.FoldingRange]:
    """Runs of lines that are nothing but comments."""
    lines = document.text.split("\n")
    first = 0
    for number, line in enumerate([*lines, ""], 1):
        comment = bool(line.strip()) and comment_start(line) == len(line) - len(line.lstrip(" \t"))
        if comment and not first:
            first = number
        elif not comment and first:
            if number - first > 1:
                start, end = (positions.position(positions.at(each, 1)).line for each in (first, number - 1))
                yield types.FoldingRange(start, end, kind=types.FoldingRangeKind.Comment)
            first = 0


def _own(project: Project, uri: str) -> tuple[Document, View] | None:
    document = project.documents.get(uri)
    found = None if document is None else project.view(document)
    return None if document is None or found is None else (document, found[1])


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
