"""The findings of a check for reviewdog (`-f=rdjsonl`): its Diagnostic as JSON, one a line.

Source: "Reviewdog Diagnostic Format", proto/rdf/reviewdog.proto of github.com/reviewdog/reviewdog: columns count bytes
of UTF-8 from 1, an end is exclusive, and a suggestion is one text for one range.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TextIO, cast

from kalint.report.check_json import rule_url
from kalint.report.places import standing, utf8
from kalint.report.terminal import JSON, inert, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.findings.fix import Edit, Fix
    from kalint.findings.sources import Sources
    from kalint.source import Span

HOME = "https://github.com/kalint/kalint"
SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}
SOURCE = {"name": "kalint", "url": HOME}


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a program reads it
    """Write a `Findings`, and an error without a line for each path that could not be judged."""
    findings = cast("Findings", result)
    for found in findings.diagnostics:
        stream.write(_line(_diagnostic(found, findings.sources)))
    for refused in findings.refused:
        location = {"path": printable(standing(refused.path))}
        told = {"message": printable(refused.reason), "location": location, "severity": "ERROR", "source": SOURCE}
        stream.write(_line(told))


def _line(told: dict[str, Any]) -> str:
    """One line of JSON, in which a runner that shows the log finds no command: it looks for `##[` anywhere."""
    return inert(json.dumps(told), JSON[1]) + "\n"


def _diagnostic(found: Diagnostic, sources: Sources) -> dict[str, Any]:
    text = f"{found.message}\nhelp: {found.help}" if found.help else found.message
    related = [(each.span, each.message) for each in found.related]
    if found.span.via is not None:
        related.insert(0, (found.span.via, "used here"))
    told: dict[str, Any] = {
        "message": "\n".join(map(printable, text.split("\n"))),
        "location": _location(found.span, sources),
        "severity": SEVERITIES[found.severity],
        "source": SOURCE,
        "code": {"value": found.code, "url": rule_url(found.code)},
    }
    suggestion = None if found.fix is None else _suggestion(found.fix, found.span.file, sources)
    if suggestion is not None:
        told["suggestions"] = [suggestion]
    if related:
        told["related_locations"] = [
            {"message": printable(message), "location": _location(span, sources)} for span, message in related
        ]
    return told


def _location(span: Span, sources: Sources) -> dict[str, Any]:
    return {"path": printable(standing(span.file)), "range": _range(span, sources)}


def _range(span: Span, sources: Sources) -> dict[str, Any]:
    column, end_column = utf8(sources, span)
    return {"start": {"line": span.line, "column": column}, "end": {"line": span.end_line, "column": end_column}}


def _suggestion(fix: Fix, file: str, sources: Sources) -> dict[str, Any] | None:
    """A safe fix as one text for one range, with what stands between its edits; None where that cannot be told."""
    edits = sorted(fix.edits, key=lambda edit: edit.span[1:5])
    first, last = edits[0].span, edits[-1].span
    if not fix.safe or not fix.shown or any(edit.span.file != file for edit in edits):
        return None
    if not sources.masked(file).keys().isdisjoint(range(first.line, last.end_line + 1)):
        return None  # the text between may be a password, and stars count differently
    text = _joined(edits, sources[file])
    if any("\ud800" <= character <= "\udfff" for character in text):
        return None  # JSON has no bytes that are no UTF-8
    return {"range": _range(first._replace(end_line=last.end_line, end_column=last.end_column), sources), "text": text}


def _joined(edits: Sequence[Edit], source: Sequence[str]) -> str:
    """The texts of edits in order of place, with what the file has between them; its line ends in all of it."""
    newline = "\r\n" if source and source[0].endswith("\r") else "\n"
    text = edits[0].text.replace("\n", newline)
    for before, after in pairwise(edits):
        lines = list(source[before.span.end_line - 1 : after.span.line])
        lines[-1] = lines[-1][: after.span.column - 1]
        lines[0] = lines[0][before.span.end_column - 1 :]
        text += "\n".join(lines) + after.text.replace("\n", newline)
    return text
