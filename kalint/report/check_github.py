"""The findings of a check as annotations of a GitHub workflow: one workflow command a line.

Source: "Workflow commands for GitHub Actions", docs.github.com; the runner unescapes %25, %0D and %0A everywhere, %3A
and %2C in properties. GitHub shows ten errors, ten warnings and ten notices of a step; the log has all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.check_json import rule_url
from kalint.report.places import standing
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a program reads it
    """Write a `Findings`, and an error without a line for each path that could not be judged."""
    findings = cast("Findings", result)
    for diagnostic in findings.diagnostics:
        stream.write(command(diagnostic))
    for refused in findings.refused:
        place = _property(printable(standing(refused.path)))
        stream.write(f"::error file={place},title=kalint::{_data(printable(refused.reason))}\n")


def command(diagnostic: Diagnostic) -> str:
    """One annotation. GitHub takes columns only of findings on one line."""
    span = diagnostic.span
    properties = {"file": printable(standing(span.file)), "line": str(span.line)}
    if span.end_line == span.line:
        properties |= {"col": str(span.column), "endLine": str(span.line), "endColumn": str(span.end_column)}
    else:
        properties["endLine"] = str(span.end_line)
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    said = [diagnostic.message, *([f"help: {diagnostic.help}"] if diagnostic.help else [])]
    if span.via is not None:
        said.append(f"used at {standing(span.via.file)}:{span.via.line}")
    said += (f"{standing(each.span.file)}:{each.span.line}: {each.message}" for each in diagnostic.related)
    text = "\n".join((*map(printable, said), rule_url(diagnostic.code)))
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[diagnostic.severity]} {told}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
