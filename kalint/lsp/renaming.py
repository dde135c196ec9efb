"""Renaming a script, an instance, or anything else that the files themselves name."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.errors import UsageError
from kalint.lsp.documents import uris_of
from kalint.lsp.names import DEFINITION, names_of
from kalint.lsp.navigation import named

if TYPE_CHECKING:
    from kalint.lsp.names import Name
    from kalint.lsp.project import Project

_WORD = re.compile(r"[^\s\"'{}#!$@\\~]+")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def prepare(project: Project, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    """The name that would be renamed; None where nothing is."""
    point = project.point(params.text_document.uri, params.position)
    found = None if point is None else named(project, point)
    if found is None or _objection(found[1]):
        return None
    name = found[0]
    return types.PrepareRenamePlaceholder(project.location(name.span).range, name.name)


def rename(project: Project, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The edits that give a name another everywhere, in included files too.

    Raises:
        UsageError: the new name is none, is taken, or cannot be written at each place.
    """
    point = project.point(params.text_document.uri, params.position)
    found = None if point is None else named(project, point)
    if point is None or found is None:
        raise UsageError("nothing here has a name that kalint can change")
    name, places = found
    new = params.new_name
    objection = _objection(places) or _bad(name, new)
    if not objection and any(
        each.defines and each.key == (name.kind, new)
        for snapshot in project.snapshots(point.document)
        for each in names_of(snapshot)
    ):
        objection = f"another {name.kind} has the name {new}"
    if objection:
        raise UsageError(objection)
    edits: dict[str, list[types.TextEdit]] = {}
    for each in places:
        for uri in uris_of(os.path.realpath(each.span.file), project.documents)[:1]:
            edits.setdefault(uri, []).append(types.TextEdit(project.location(each.span).range, new))
    return edit_of(project, edits)


def edit_of(project: Project, edits: dict[str, list[types.TextEdit]]) -> types.WorkspaceEdit:
    """Edits by URI, for the versions that the client has."""
    changes = []
    for uri, some in edits.items():
        document = project.documents.get(uri)
        version = None if document is None else document.version
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        changes.append(types.TextDocumentEdit(identifier, some))
    return types.WorkspaceEdit(changes=dict(edits), document_changes=changes)


def _objection(places: list[Name]) -> str:
    """Why a name cannot be renamed, or ""."""
    name = places[0]
    if not any(each.defines for each in places):
        return f"{name.kind} {name.name} is not defined in these files"
    if not all(each.whole for each in places):
        return f"a part of the name {name.name} comes from elsewhere, such as a $definition: change it there"
    return ""


def _bad(name: Name, new: str) -> str:
    """Why a name is none, or ""."""
    if name.kind == DEFINITION:
        return (
            "" if _IDENTIFIER.fullmatch(new) else f"'{new}' is not a name of a definition: letters, digits and _ only"
        )
    return (
        "" if _WORD.fullmatch(new) else f"'{new}' is not a name: one word without quotes, braces and the signs # ! $ @"
    )
