"""Where a name is defined and used, and which files an include names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.lsp.documents import uris_of
from kalint.lsp.names import name_at, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.lsp.judging import Snapshot
    from kalint.lsp.names import Name
    from kalint.lsp.project import Point, Project
    from kalint.text import Include


def named(project: Project, point: Point) -> tuple[Name, list[Name]] | None:
    """The name at a place, and every place of it in the configurations that the document is part of."""
    every: dict[Name, None] = {}
    for snapshot in project.snapshots(point.document):
        every.update(dict.fromkeys(names_of(snapshot)))
    found = name_at(every, point.document.real, point.line, point.column)
    return None if found is None else (found, [each for each in every if each.key == found.key])


def definition(project: Project, params: types.DefinitionParams) -> list[types.Location] | None:
    """Where what stands here is defined; of an include the files that it brings in."""
    point = project.point(params.text_document.uri, params.position)
    if point is None:
        return None
    files = list(included(project, point))
    if files:
        start = types.Position(0, 0)
        return [types.Location(uris_of(file, project.documents)[0], types.Range(start, start)) for file in files]
    found = named(project, point)
    return None if found is None else [project.location(each.span) for each in found[1] if each.defines]


def references(project: Project, params: types.ReferenceParams) -> list[types.Location] | None:
    """Every place of the name that stands here."""
    point = project.point(params.text_document.uri, params.position)
    found = None if point is None else named(project, point)
    if found is None:
        return None
    wanted = params.context.include_declaration
    return [project.location(each.span) for each in found[1] if wanted or not each.defines]


def highlights(project: Project, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    """The places of the name in this document."""
    point = project.point(params.text_document.uri, params.position)
    found = None if point is None else named(project, point)
    if point is None or found is None:
        return None
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(project.location(each.span).range, kinds.Write if each.defines else kinds.Read)
        for each in found[1]
        if os.path.realpath(each.span.file) == point.document.real
    ]


def links(project: Project, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """The includes of a document, each with the first file that it brings in."""
    document = project.documents.get(params.text_document.uri)
    if document is None:
        return None
    found: dict[tuple[int, int], types.DocumentLink] = {}
    for include in _includes(project.snapshots(document), document.real):
        target = uris_of(os.path.realpath(include.file), project.documents)[0]
        place = include.span.line, include.span.column
        found.setdefault(place, types.DocumentLink(project.location(include.span).range, target=target))
    return list(found.values())


def included(project: Project, point: Point) -> Iterator[str]:
    """The real paths of the files of the include at a place."""
    seen = set()
    for include in _includes(project.snapshots(point.document), point.document.real):
        real = os.path.realpath(include.file)
        span = include.span
        if span.line == point.line and span.column <= point.column <= span.end_column and real not in seen:
            seen.add(real)
            yield real


def _includes(snapshots: tuple[Snapshot, ...], real: str) -> list[Include]:
    """The includes that stand in a file, in the order of the file."""
    every = {include for snapshot in snapshots for view in snapshot.views for include in view.text.includes}
    inside = [each for each in every if os.path.realpath(each.span.file) == real]
    return sorted(inside, key=lambda each: (each.span[:5], each.first, each.file))
