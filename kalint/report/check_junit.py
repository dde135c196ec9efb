"""The findings of a check as JUnit's XML: a test case for each file, which fails where --fail-on says so.

There is no standard; this is what Jenkins (its junit-10.xsd), GitLab and junitparser read of it: one `failure` at most
a case, `error` where a file could not be judged, `system-out` for what makes no case fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.findings.diagnostic import SEVERITIES
from kalint.report.check_text import blocks
from kalint.report.places import standing
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.findings.diagnostic import Diagnostic, Findings

    Shown = tuple[Diagnostic, str]


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a program reads it
    """Write a `Findings`: the files that were asked for, then those they include."""
    findings = cast("Findings", result)
    by_file: dict[str, list[Shown]] = {name: [] for name in (*findings.files, *findings.sources)}
    told = blocks(findings.diagnostics, findings.sources.line, False)
    for shown in zip(findings.diagnostics, told, strict=True):
        by_file.setdefault(shown[0].span.file, []).append(shown)
    failing = sum(any(findings.fails(each) for each, _ in found) for found in by_file.values())
    tests = len(by_file) + len(findings.refused)
    counts = f'name="kalint" tests="{tests}" failures="{failing}" errors="{len(findings.refused)}"'
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n  <testsuite {counts} skipped="0">\n')
    for name, found in by_file.items():
        stream.write(f"    {_opening(name)}\n")
        stream.writelines(_told(found, findings))
        stream.write("    </testcase>\n")
    for refused in findings.refused:
        reason = _attribute(refused.reason)
        stream.write(
            f'    {_opening(refused.path)}\n      <error type="unreadable" message={reason}/>\n    </testcase>\n'
        )
    stream.write("  </testsuite>\n</testsuites>\n")


def _opening(path: str) -> str:
    return f'<testcase classname="kalint" name={_attribute(standing(path))} time="0">'


def _told(found: list[Shown], findings: Findings) -> Iterator[str]:
    """A case's failure, and below it what does not make it fail."""
    failures = [each for each, _ in found if findings.fails(each)]
    if failures:
        counts = ((sum(each.severity == severity for each in failures), severity) for severity in SEVERITIES)
        said = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for count, severity in counts if count)
        message = said if len(failures) > 1 else f"{failures[0].code} {failures[0].message}"
        text = _text(block for each, block in found if findings.fails(each))
        yield f'      <failure type="{failures[0].code}" message={_attribute(message)}>{text}</failure>\n'
    if len(failures) < len(found):
        text = _text(block for each, block in found if not findings.fails(each))
        yield f"      <system-out>{text}</system-out>\n"


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(printable(text))


def _text(blocks: Iterable[str]) -> str:
    from xml.sax.saxutils import escape

    return escape("\n\n".join("\n".join(map(printable, block.split("\n"))) for block in blocks))
