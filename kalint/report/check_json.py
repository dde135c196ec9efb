"""The findings of a check for programs: schema kalint/check/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO, cast

from kalint.findings.diagnostic import SEVERITIES
from kalint.rules.cluster import MODULES

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.findings.fix import Fix

SCHEMA = "kalint/check/1"
RULE_PAGES = "https://github.com/kalint/kalint/blob/main/docs/rules"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write a `Findings` as one document; what is not ASCII is escaped, so that any bytes of a path or word survive."""
    findings = cast("Findings", result)
    summary: dict[str, int] = {severity: findings.count(severity) for severity in SEVERITIES}
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "keepalived_version": str(findings.version),
        "files": list(findings.files),
        "diagnostics": [document_of(diagnostic) for diagnostic in findings.diagnostics],
        "summary": summary | {"suppressed": findings.answered},
        "unreadable": [{"file": refused.path, "reason": refused.reason} for refused in findings.refused],
    }
    if len(set(findings.versions.values())) > 1:
        document["keepalived_versions"] = {file: str(version) for file, version in findings.versions.items()}
    json.dump(document, stream, indent=2)
    stream.write("\n")


def rule_url(code: str) -> str:
    """The page of a rule."""
    folder = "cluster/" if any(code == each for each, _ in MODULES) else "live/" if code.startswith("KA9") else ""
    return f"{RULE_PAGES}/{folder}{code}.md"


def document_of(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding; its fix is left out where the text of it is secret."""
    span = diagnostic.span
    more: dict[str, Any] = {"config_ids": list(diagnostic.config_ids)} if diagnostic.config_ids else {}
    if diagnostic.stands_for > 1:
        more["stands_for"] = diagnostic.stands_for
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
        "fix": None if diagnostic.fix is None or not diagnostic.fix.shown else _fix(diagnostic.fix),
        **more,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [
        {
            "file": span.file,
            "line": span.line,
            "column": span.column,
            "end_line": span.end_line,
            "end_column": span.end_column,
            "text": text,
        }
        for span, text in fix.edits
    ]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
