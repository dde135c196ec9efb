"""The findings of a check for programs: schema kalint/check/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO, cast

from kalint.diagnostic import SEVERITIES

if TYPE_CHECKING:
    from kalint.diagnostic import Diagnostic, Findings

SCHEMA = "kalint/check/1"
RULE_PAGES = "https://github.com/kalint/kalint/blob/main/docs/rules"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write a `Findings` as one document; what is not ASCII is escaped, so that any bytes of a path or word survive."""
    findings = cast("Findings", result)
    document = {
        "schema": SCHEMA,
        "keepalived_version": str(findings.version),
        "files": list(findings.files),
        "diagnostics": [document_of(diagnostic) for diagnostic in findings.diagnostics],
        "summary": {severity: findings.count(severity) for severity in SEVERITIES},
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def rule_url(code: str) -> str:
    """The page of a rule."""
    return f"{RULE_PAGES}/{'cluster/' if code.startswith('KA8') else ''}{code}.md"


def document_of(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "confidence": diagnostic.confidence,
        "message": diagnostic.message,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "related": [
            {
                "file": related.span.file,
                "line": related.span.line,
                "column": related.span.column,
                "message": related.message,
            }
            for related in diagnostic.related
        ],
        "help": diagnostic.help,
        "url": rule_url(diagnostic.code),
    }
