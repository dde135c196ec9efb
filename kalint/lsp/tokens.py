"""Semantic tokens: what each word of a document is, as keepalived reads it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.lsp.names import DEFINITION, names_of
from kalint.lsp.tree import walk
from kalint.model.keywords.forms import slots
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.lsp.documents import Document
    from kalint.lsp.judging import View
    from kalint.lsp.project import Project
    from kalint.lsp.tree import Site
    from kalint.source import Span

TYPES = ("keyword", "class", "function", "variable", "property", "number", "string", "enumMember", "comment", "macro")
MODIFIERS = ("declaration", "deprecated")
LEGEND = types.SemanticTokensLegend(list(TYPES), list(MODIFIERS))
_DECLARATION, _DEPRECATED = 1, 2
_BY_KIND = {"script": "function", "interface": "variable", "instance": "class", "sync group": "class"}


def tokens(project: Project, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    """All tokens of a document, in the order of the text, each relative to the one before (LSP 3.17)."""
    document = project.documents.get(params.text_document.uri)
    found = None if document is None else project.view(document)
    if document is None or found is None:
        return None
    snapshot, view = found
    placed: dict[tuple[int, int], tuple[int, str, int]] = {}
    for line, column, length, kind, modifiers in _statements(view, document.real):
        placed.setdefault((line, column), (length, kind, modifiers))
    for name in names_of(snapshot):
        span = name.span
        if os.path.realpath(span.file) == document.real and span.line == span.end_line:
            kind = "macro" if name.kind == DEFINITION else _BY_KIND.get(name.kind, "property")
            placed[span.line, span.column] = span.end_column - span.column, kind, _DECLARATION * name.defines
    for line, column, length in _comments(document):
        placed[line, column] = length, "comment", 0
    return types.SemanticTokens(list(_encoded(placed, document, project)))


def _statements(view: View, real: str) -> Iterator[tuple[int, int, int, str, int]]:
    for site in walk(view.nodes):
        deprecated = site.row is not None and bool(site.row.deprecated)
        for index, word in enumerate(site.node.words):
            span = word.span
            if span.via is None and span.line == span.end_line and os.path.realpath(span.file) == real:
                kind = _kind(site, index)
                if kind:
                    modifiers = _DEPRECATED * (deprecated and not index)
                    yield span.line, span.column, _length(span), kind, modifiers


def _kind(site: Site, index: int) -> str:
    """What a word is; "" for what has no colour of its own."""
    if index == 0 and site.row is not None:
        return "keyword"
    word = site.node.words[index]
    if word.quoted:
        return "string"
    if word.text.replace(".", "", 1).lstrip("+-").isdecimal():
        return "number"
    form, first = site.form
    fields = slots(form)
    if first <= index < len(fields) + first and fields[index - first].kind.startswith(("(", "anycase(", "bool")):
        return "enumMember"
    if site.row is None and site.block is None:
        return ""
    return "string" if site.row is not None and "command" in site.row.arguments else "property" if index else ""


def _comments(document: Document) -> Iterator[tuple[int, int, int]]:
    for number, line in enumerate(document.text.split("\n"), 1):
        start = comment_start(line)
        if start >= 0:
            yield number, start + 1, len(line.rstrip("\r")) - start


def _encoded(
    placed: dict[tuple[int, int], tuple[int, str, int]], document: Document, project: Project
) -> Iterator[int]:
    positions = project.positions(document.real)
    before_line = before_start = done = 0
    for (line, column), (length, kind, modifiers) in sorted(placed.items()):
        start = positions.at(line, column)
        if start < done or length <= 0:  # inside the one before
            continue
        done = start + length
        at = positions.between(start, done)
        if at.start.line != at.end.line:
            continue
        if at.start.line != before_line:
            before_start = 0
        yield at.start.line - before_line
        yield at.start.character - before_start
        yield at.end.character - at.start.character
        yield TYPES.index(kind)
        yield modifiers
        before_line, before_start = at.start.line, at.start.character


def _length(span: Span) -> int:
    return span.end_column - span.column
