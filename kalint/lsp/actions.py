"""Code actions: what mends a finding, what suppresses it, and all safe fixes of a document at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.alignment import Alignment
from kalint.findings.remarks import remarks_of
from kalint.lsp import diagnostics, suppressing
from kalint.lsp.documents import overlay_of, uris_of
from kalint.lsp.judging import request_of
from kalint.lsp.positions import Positions
from kalint.lsp.renaming import edit_of
from kalint.pipeline.fixing import fixable_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.lsp.documents import Document
    from kalint.lsp.project import Project

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.kalint"
MOST_TRIED = 16
"""Findings whose fixes are tried alone, each with a check of its own; of more there is only the fix of all at once."""
KINDS: list[types.CodeActionKind | str] = [types.CodeActionKind.QuickFix, FIX_ALL]


def answer(project: Project, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """The actions for a range of a document."""
    document = project.documents.get(params.text_document.uri)
    if document is None:
        return None
    only = params.context.only
    actions: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix.value, only):
        here = [each for each in _findings(project, document) if _touches(project, each, params.range)]
        for each in here if len(here) <= MOST_TRIED else ():
            actions += _mending(project, document, each)
        for each in here:
            actions += _suppressing(project, document, each)
    if _wanted(FIX_ALL, only) and (only or any(each.fix and each.fix.safe for each in _findings(project, document))):
        actions += _everything(project, document)
    return actions


def _wanted(kind: str, only: object) -> bool:
    """Whether a client asks for a kind: by its name, by one above it, or by none at all."""
    if not isinstance(only, (list, tuple)) or not only:
        return True
    asked = [each.value if isinstance(each, types.CodeActionKind) else str(each) for each in only]
    return any(not each or kind == each or kind.startswith(f"{each}.") for each in asked)


def _findings(project: Project, document: Document) -> list[Diagnostic]:
    """The findings at places of a document, of all configurations that it is part of, each once."""
    found: dict[Diagnostic, None] = {}
    for root in project.roots(document):
        findings = project.judgement(root).findings
        for each in findings.diagnostics if findings is not None else ():
            if os.path.realpath(each.span.file) == document.real:
                found.setdefault(each)
    return list(found)


def _touches(project: Project, diagnostic: Diagnostic, asked: types.Range) -> bool:
    """Whether a finding is at the range, or on the line of an empty one."""
    place = project.location(diagnostic.span).range
    if asked.start == asked.end:
        return place.start.line <= asked.start.line <= place.end.line
    start, end = (place.start.line, place.start.character), (place.end.line, place.end.character)
    first, last = (asked.start.line, asked.start.character), (asked.end.line, asked.end.character)
    return start <= last and first <= end


def _mending(project: Project, document: Document, found: Diagnostic) -> Iterator[types.CodeAction]:
    """The fix of a finding, where it is safe and `kalint check --fix` would make it without any other."""
    if found.fix is None or not found.fix.safe or not _fixable(project, document, found):
        return
    edits: dict[str, list[types.TextEdit]] = {}
    for edit in dict.fromkeys(found.fix.edits):
        place = project.location(edit.span)
        edits.setdefault(place.uri, []).append(types.TextEdit(place.range, edit.text))
    yield types.CodeAction(
        f"{found.fix.title} ({found.code})",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostics.shown(found, project)],
        edit=edit_of(project, edits),
        is_preferred=True,
    )


def _fixable(project: Project, document: Document, found: Diagnostic) -> bool:
    """Whether a fix can be made alone in every configuration that has the finding."""
    overlay = overlay_of(project.documents)
    for root in project.roots(document):
        findings = project.judgement(root).findings
        if findings is not None and found in findings.diagnostics:
            request = request_of(root, project.options.asked, project.documents)
            if not fixable_alone(request, overlay, found):
                return False
    return True


def _suppressing(project: Project, document: Document, found: Diagnostic) -> Iterator[types.CodeAction]:
    """A comment that answers for a finding, on its line or for the whole file."""
    positions = project.positions(document.real)
    line = positions.line(found.span.line)
    offset, text = suppressing.comment(positions, found.span.line, found.code)
    column = positions.place(offset)[1] - 1
    written = line[:column] + text + line[column:]
    # After a `\` or an open quote there is no comment.
    if not line.rstrip().endswith("\\") and any(found.code in each.offered for each in remarks_of("", [written])):
        yield _comment(project, document, found, f"Ignore {found.code} on this line", offset, text)
    whole = f"# kalint: ignore-file[{found.code}]\n"
    yield _comment(project, document, found, f"Ignore {found.code} in this file", 0, whole)


def _comment(
    project: Project, document: Document, found: Diagnostic, title: str, offset: int, text: str
) -> types.CodeAction:
    place = project.positions(document.real).between(offset, offset)
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostics.shown(found, project)],
        edit=edit_of(project, {document.uri: [types.TextEdit(place, text)]}),
    )


def _everything(project: Project, document: Document) -> Iterator[types.CodeAction]:
    """All safe fixes that go together, as `kalint check --fix` makes them."""
    edits: dict[str, list[types.TextEdit]] = {}
    for root in project.roots(document):
        for path, content in project.mended(root).items():
            uri = uris_of(path, project.documents)[0]
            if uri not in edits:
                edits[uri] = list(_changes(project.positions(path), content.decode("utf-8", "surrogateescape")))
    if edits:
        yield types.CodeAction("Fix all that kalint can fix safely", kind=FIX_ALL, edit=edit_of(project, edits))


def _changes(positions: Positions, new: str) -> Iterator[types.TextEdit]:
    """What changes from one text to another, line by line."""
    old, lines = positions.text.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for each in old:
        starts.append(starts[-1] + len(each))
    for tag, first, last, begin, end in Alignment(old, lines).get_opcodes():
        if tag != "equal":
            yield types.TextEdit(positions.between(starts[first], starts[last]), "".join(lines[begin:end]))
