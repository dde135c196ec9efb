"""The findings of a check as GitLab's code quality report.

Source: "Code Quality report format", docs.gitlab.com/ci/testing/code_quality: an array of objects with `description`,
`check_name`, `fingerprint` (unique in the report), `severity` (info, minor, major, critical or blocker),
`location.path` (relative to the repository) and `location.lines.begin`.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, TextIO, cast

from kalint.findings.fingerprints import Prints
from kalint.report.places import standing
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Findings

SEVERITIES = {"error": "critical", "warning": "major", "info": "info"}


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a program reads it
    """Write a `Findings` as one array; of equal findings, each has its number in its fingerprint."""
    findings = cast("Findings", result)
    prints = Prints(findings.sources)
    seen: Counter[str] = Counter()
    issues = []
    for diagnostic in findings.diagnostics:
        span = diagnostic.span
        path = printable(standing(span.file))
        found = prints.of(diagnostic)
        same = f"{path}\0{found.digest}"
        seen[same] += 1
        place = found._replace(code=f"{diagnostic.code}\0{path}\0{seen[same]}")
        issues.append(
            {
                "description": printable(f"{diagnostic.code} {diagnostic.message}"),
                "check_name": diagnostic.name,
                "fingerprint": place.digest,
                "severity": SEVERITIES[diagnostic.severity],
                "location": {"path": path, "lines": {"begin": span.line, "end": span.end_line}},
            }
        )
    json.dump(issues, stream, indent=2)
    stream.write("\n")
