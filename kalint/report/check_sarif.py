"""The findings of a check as SARIF 2.1.0 (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning.

Paths are relative to where one stands, %SRCROOT% for who reads it; columns count UTF-16 code units, as editors do.
What is suppressed is there too, with the reason, so that no reader has to take it for mended.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO, cast

from kalint import __version__
from kalint.findings.fingerprints import Prints
from kalint.report.check_json import rule_url
from kalint.report.explain import terminal_page
from kalint.report.places import standing, uri, utf16
from kalint.report.terminal import printable
from kalint.rules import RULES, internal_error, load
from kalint.rules.cluster import documented
from kalint.rules.page import page_of

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings, Suppressed
    from kalint.findings.fix import Fix
    from kalint.rules.rule import Rule
    from kalint.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/kalint/kalint"
FINGERPRINT = "kalintFinding/v1"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
PRECISIONS = {"proven": "very-high", "heuristic": "medium"}


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a program reads it
    """Write a `Findings` as one log of one run."""
    findings = cast("Findings", result)
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(findings)]}
    json.dump(log, stream, indent=2)
    stream.write("\n")


def _run(findings: Findings) -> dict[str, Any]:
    shown = [*findings.diagnostics, *(each.diagnostic for each in findings.suppressed)]
    codes = sorted({diagnostic.code for diagnostic in shown})
    prints = Prints(findings.sources)
    results = []
    for diagnostic in shown:
        digest = prints.of(diagnostic).digest
        told = {**_result(diagnostic, findings, codes), "partialFingerprints": {FINGERPRINT: digest}}
        if diagnostic.stands_for > 1:
            told["occurrenceCount"] = diagnostic.stands_for
        results.append(told)
    for told, each in zip(results[len(findings.diagnostics) :], findings.suppressed, strict=True):
        told["suppressions"] = [_suppression(each, findings)]
    notices = [
        {"level": "error", "message": {"text": printable(each.reason)}, "locations": [_file(each.path)]}
        for each in findings.refused
    ]
    driver = {
        "name": "kalint",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": _rules(codes),
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "invocations": [{"executionSuccessful": not notices, "toolExecutionNotifications": notices}],
        "artifacts": [{"location": _artifact(name)} for name in findings.sources],
        "results": results,
        "properties": {"keepalivedVersion": str(findings.version)},
    }


def _rules(codes: list[str]) -> list[dict[str, Any]]:
    known = {row.code: row for row in RULES}
    others = (
        {} if known.keys() >= set(codes) else {rule.info.code: rule for rule in (internal_error.RULE, *documented())}
    )
    return [_rule(load(known[code]) if code in known else others[code]) for code in codes]


def _rule(rule: Rule) -> dict[str, Any]:
    info, page = rule.info, page_of(rule)
    return {
        "id": info.code,
        "name": info.name,
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": " ".join(page.title.split())},
        "help": {"text": terminal_page(page, False), "markdown": page.markdown()},
        "helpUri": rule_url(info.code),
        "defaultConfiguration": {"level": LEVELS[info.severity]},
        "properties": {"precision": PRECISIONS[info.confidence], "tags": ["keepalived", "vrrp"]},
    }


def _result(diagnostic: Diagnostic, findings: Findings, codes: list[str]) -> dict[str, Any]:
    text = f"{diagnostic.message}\n{diagnostic.help}" if diagnostic.help else diagnostic.message
    related = [(each.span, each.message) for each in diagnostic.related]
    if diagnostic.span.via is not None:
        related.insert(0, (diagnostic.span.via, "used here"))
    fix = diagnostic.fix
    fixes = {"fixes": [_fix(fix, findings)]} if fix is not None and fix.safe and fix.shown else {}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": LEVELS[diagnostic.severity],
        "message": {"text": "\n".join(map(printable, text.split("\n")))},
        "locations": [_location(diagnostic.span, findings)],
        "relatedLocations": [
            {"id": number, **_location(span, findings), "message": {"text": printable(message)}}
            for number, (span, message) in enumerate(related, 1)
        ],
        **fixes,
    }


def _fix(fix: Fix, findings: Findings) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for span, text in fix.edits:
        replacement = {"deletedRegion": _region(span, findings), "insertedContent": {"text": text}}
        changes.setdefault(span.file, []).append(replacement)
    told = [{"artifactLocation": _artifact(file), "replacements": some} for file, some in changes.items()]
    return {"description": {"text": printable(fix.title)}, "artifactChanges": told}


def _location(span: Span, findings: Findings) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(span.file), "region": _region(span, findings)}}


def _region(span: Span, findings: Findings) -> dict[str, int]:
    column, end_column = utf16(findings.sources, span)
    return {"startLine": span.line, "startColumn": column, "endLine": span.end_line, "endColumn": end_column}


def _file(path: str) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path)}}


def _artifact(path: str) -> dict[str, str]:
    place = uri(standing(path))
    return {"uri": place} if place.startswith("file:") else {"uri": place, "uriBaseId": "%SRCROOT%"}


def _suppression(suppressed: Suppressed, findings: Findings) -> dict[str, Any]:
    """In the source, at its comment, or in a baseline."""
    if suppressed.span is None:
        told: dict[str, Any] = {"kind": "external"}
    else:
        told = {"kind": "inSource", "location": _location(suppressed.span, findings)}
    return {**told, "justification": printable(suppressed.reason)} if suppressed.reason else told
