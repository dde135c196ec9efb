"""The findings of `kalint check`: printed and summarised, and the exit code that follows. Imported without click."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from kalint.cli import INTERNAL_ERROR
from kalint.cli.output import opened, wants_color
from kalint.errors import KalintError
from kalint.findings.counting import MOST
from kalint.findings.diagnostic import SEVERITIES, Findings
from kalint.pipeline.judging import INTERNAL
from kalint.pipeline.request import CheckRequest
from kalint.report import renderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.findings.diagnostic import Diagnostic

MOST_NAMED = 3
MAX_INPUT = 64 * 1024 * 1024
"""Bytes that standard input may have."""


def told(findings: Findings, said: tuple[str, ...], wanted: CheckRequest) -> int:
    """Print the findings and the summary; return the exit code."""
    if len(findings.diagnostics) > 1:
        from kalint.findings.folding import folded

        findings = findings._replace(diagnostics=folded(_listed(findings.diagnostics)))
    if wanted.output is not None:
        from kalint.cli.overwriting import refuse

        refuse([("--output", wanted.output)], findings.files)
    if budget := sys.modules.get("kalint.cli.budget"):
        budget.stop()  # what was found in time is told, however long that takes
    with opened(wanted.output, wanted.format) as stream:
        renderer("check", wanted.format)(findings, stream, color=wants_color(wanted.color, stream))
    say_refused(findings)
    if not wanted.quiet:
        _summarise(findings, wanted)
        if said:
            from kalint.report.terminal import printable
        for line in said:
            print(printable(line), file=sys.stderr)
    return exit_code(findings)


def _listed(found: tuple[Diagnostic, ...]) -> Iterable[Diagnostic]:
    """The findings that are told one by one, in order of place, and those that stand for the others."""
    if len(found) <= MOST:
        return found
    from kalint.findings.counting import counted

    return sorted(counted(found), key=lambda each: each.span[:3])


def say_refused(findings: Findings) -> None:
    """Report on standard error what could not be checked."""
    if not findings.refused:
        return
    from kalint.report.terminal import printable

    for refusal in findings.refused:
        print(f"kalint: {printable(refusal.reason)}", file=sys.stderr)


def exit_code(findings: Findings) -> int:
    """3 where kalint failed, 2 where a path could not be judged, else 1 for findings at or above --fail-on, else 0."""
    if any(found.code == INTERNAL for found in findings.diagnostics):
        return INTERNAL_ERROR
    return KalintError.exit_code if findings.refused else int(any(map(findings.fails, findings.diagnostics)))


def _summarise(findings: Findings, wanted: CheckRequest) -> None:
    if wanted.statistics:
        counts: dict[tuple[str, str], int] = {}
        for found in findings.diagnostics:
            counts[found.code, found.name] = counts.get((found.code, found.name), 0) + found.stands_for
        for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:6}  {code}  {name}", file=sys.stderr)
    files = len(findings.files)
    if not files and findings.refused:
        return
    said = [f"{count} {severity}{'s' * (count != 1)}" for severity in SEVERITIES if (count := findings.count(severity))]
    releases = sorted(set(findings.versions.values())) or [findings.version]
    where = f"in {files} file{'s' * (files != 1)} (keepalived {' and '.join(map(str, releases))})"
    suppressed = f"{findings.answered} suppressed" if findings.suppressed else ""
    parts = (f"{', '.join(said) or 'no findings'} {where}", suppressed, _fixable(findings))
    print("; ".join(part for part in parts if part), file=sys.stderr)
    if findings.passed_over:
        print(f"passed over: {_passed(findings.passed_over)}", file=sys.stderr)


def _passed(files: tuple[tuple[str, str], ...]) -> str:
    """What of a directory was not judged: by name, or the number where they are many."""
    from kalint.report.terminal import printable

    by_reason: dict[str, list[str]] = {}
    for name, why in files:
        by_reason.setdefault(why, []).append(name)
    said = []
    for why, names in by_reason.items():
        many = len(names) > MOST_NAMED
        said.append(f"{f'{len(names)} files' if many else printable(', '.join(names))} ({printable(why)})")
    return "; ".join(said)


def _fixable(findings: Findings) -> str:
    """How many findings `--fix` may mend, and how many more with --unsafe-fixes."""
    safe = [found.fix.safe for found in findings.diagnostics if found.fix is not None]
    said = []
    if True in safe:
        least = "at least " if any(found.stands_for > 1 for found in findings.diagnostics) else ""
        said.append(f"{least}{safe.count(True)} fixable with --fix")
    if False in safe:
        said.append(f"{safe.count(False)} {'more with' if said else 'fixable with --fix'} --unsafe-fixes")
    return ", ".join(said)
