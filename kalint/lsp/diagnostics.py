"""Findings as a client shows them: by file, with the help in the text, the page of the rule after the code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.report.check_json import rule_url
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.findings.diagnostic import Diagnostic
    from kalint.lsp.judging import DocumentAnalysis
    from kalint.lsp.project import Project

SOURCE = "kalint"
MOST_RELATED = 16
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
_TAGS = {
    "KA011": types.DiagnosticTag.Deprecated,
    "KA103": types.DiagnosticTag.Unnecessary,
    "KA201": types.DiagnosticTag.Unnecessary,
}
"""Rules about what is deprecated, or does nothing: clients strike it out, or fade it."""


def by_file(judgements: Iterable[DocumentAnalysis], project: Project) -> dict[str, list[types.Diagnostic]]:
    """Everything that was found, by the real path of the file that it is in, each finding once."""
    found: dict[str, dict[object, types.Diagnostic]] = {}
    for judgement in judgements:
        root = os.path.realpath(judgement.root)
        found.setdefault(root, {})
        for reason in judgement.refused:
            found[root][reason] = _refused(reason, judgement.findings is None)
        for diagnostic in judgement.findings.diagnostics if judgement.findings is not None else ():
            real = os.path.realpath(diagnostic.span.file)
            one = shown(diagnostic, project)
            start, end = one.range.start, one.range.end
            key = one.code, start.line, start.character, end.line, end.character, one.message
            found.setdefault(real, {})[key] = one
    return {real: list(some.values()) for real, some in found.items()}


def shown(diagnostic: Diagnostic, project: Project) -> types.Diagnostic:
    """One finding."""
    message = printable(diagnostic.message)
    if diagnostic.help:
        message = f"{message}\nhelp: {printable(diagnostic.help)}"
    return types.Diagnostic(
        range=project.location(diagnostic.span).range,
        message=message,
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        code_description=types.CodeDescription(rule_url(diagnostic.code)),
        source=SOURCE,
        tags=[_TAGS[diagnostic.code]] if diagnostic.code in _TAGS else None,
        related_information=list(_related(diagnostic, project)) or None,
    )


def _related(diagnostic: Diagnostic, project: Project) -> Iterable[types.DiagnosticRelatedInformation]:
    if diagnostic.span.via is not None:
        yield types.DiagnosticRelatedInformation(project.location(diagnostic.span.via), "used here")
    for related in diagnostic.related[:MOST_RELATED]:
        yield types.DiagnosticRelatedInformation(project.location(related.span), printable(related.message))


def _refused(reason: str, wrong: bool) -> types.Diagnostic:
    """Why nothing could be judged, at the beginning of the document. `wrong`: of no file, for the settings are."""
    start = types.Position(0, 0)
    severity = types.DiagnosticSeverity.Error if wrong else types.DiagnosticSeverity.Information
    return types.Diagnostic(types.Range(start, start), printable(reason), severity=severity, source=SOURCE)
