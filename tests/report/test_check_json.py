"""The document that `kalint check --format json` prints: schema kalint/check/1."""

from __future__ import annotations

import io
import json

from kalint.findings.diagnostic import Diagnostic, Findings, Related
from kalint.findings.secrets import masked_sources
from kalint.report.check_json import render
from kalint.source import Span
from kalint.version import Version

ERROR = Diagnostic(
    "KA210",
    "nopreempt-blocks-weight",
    "error",
    "proven",
    "never preempts",
    Span("a.conf", 14, 5, 14, 15),
    (Related(Span("b.conf", 3, 5, 3, 9), "the weight"),),
    "remove nopreempt",
)
INFO = Diagnostic("KA403", "vrid-default-51", "info", "heuristic", "51", Span("a.conf", 2, 1, 2, 3))


def document(*diagnostics: Diagnostic) -> str:
    stream = io.StringIO()
    render(Findings(Version(2, 2, 7), ("a.conf", "b.conf"), diagnostics, masked_sources({})), stream)
    return stream.getvalue()


def test_every_field_of_the_interface_is_there() -> None:
    assert json.loads(document(ERROR, INFO)) == {
        "schema": "kalint/check/1",
        "keepalived_version": "2.2.7",
        "files": ["a.conf", "b.conf"],
        "diagnostics": [
            {
                "code": "KA210",
                "name": "nopreempt-blocks-weight",
                "severity": "error",
                "confidence": "proven",
                "message": "never preempts",
                "file": "a.conf",
                "line": 14,
                "column": 5,
                "end_line": 14,
                "end_column": 15,
                "related": [{"file": "b.conf", "line": 3, "column": 5, "message": "the weight"}],
                "help": "remove nopreempt",
                "url": "https://github.com/kalint/kalint/blob/main/docs/rules/KA210.md",
                "fix": None,
            },
            {
                "code": "KA403",
                "name": "vrid-default-51",
                "severity": "info",
                "confidence": "heuristic",
                "message": "51",
                "file": "a.conf",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 3,
                "related": [],
                "help": "",
                "url": "https://github.com/kalint/kalint/blob/main/docs/rules/KA403.md",
                "fix": None,
            },
        ],
        "summary": {"error": 1, "warning": 0, "info": 1, "suppressed": 0},
        "unreadable": [],
    }


def test_bytes_that_are_no_text_survive() -> None:
    """A surrogate stands for a byte that is no UTF-8; as an escape it can be written anywhere."""
    odd = INFO._replace(message="byte \udcff", span=INFO.span._replace(file="\udcfe.conf"))
    text = document(odd)
    assert text.isascii()
    assert json.loads(text)["diagnostics"][0]["message"] == "byte \udcff"


def test_a_clean_check_is_a_document_too() -> None:
    assert json.loads(document())["summary"] == {"error": 0, "warning": 0, "info": 0, "suppressed": 0}
