"""`kalint check`, from its request to its exit code. Imported without click: see `kalint.cli`."""

from __future__ import annotations

import sys
from typing import NamedTuple

from kalint.cli.output import opened, wants_color
from kalint.diagnostic import SEVERITIES, Findings, Refused
from kalint.errors import KalintError
from kalint.pipeline import Asked, Settler, check
from kalint.report import renderer

MAX_INPUT = 64 * 1024 * 1024
DEFAULT_FAIL_ON = "warning"


class CheckRequest(NamedTuple):
    """All that the command line can say of a check."""

    paths: tuple[str, ...]
    asked: Asked = Asked()
    format: str = "text"
    output: str | None = None
    color: str = "auto"
    fail_on: str | None = None
    quiet: bool = False
    statistics: bool = False
    stdin_filename: str = "<stdin>"
    cluster: bool = False


def run(wanted: CheckRequest) -> int:
    """Check, print, and return the exit code: 0, 1 (findings) or 2 (something could not be read)."""
    settler = Settler(wanted.asked)
    findings, refused = check(
        wanted.paths, wanted.asked, lambda: (wanted.stdin_filename, sys.stdin.buffer.read(MAX_INPUT)), settler
    )
    findings = findings._replace(refused=refused)
    clusters = settler.clusters
    if clusters or wanted.cluster:
        from kalint.cli.nodes import with_clusters

        findings = with_clusters(findings, clusters, wanted.asked, wanted.cluster)
        refused = findings.refused
    with opened(wanted.output) as stream:
        renderer("check", wanted.format)(findings, stream, color=wants_color(wanted.color, stream))
        stream.flush()  # the summary comes after the findings, also where both go to one file
    for refusal in refused:
        print(f"kalint: {refusal.reason}", file=sys.stderr)
    if not wanted.quiet:
        _summarise(findings, refused, wanted)
    return exit_code(findings, refused, wanted.fail_on)


def exit_code(findings: Findings, refused: tuple[Refused, ...], fail_on: str | None) -> int:
    """2 where a path could not be judged, else 1 for findings at or above `fail_on`, else 0.

    Without `fail_on` each file has the one of its settings, or the default.
    """
    if refused:
        return KalintError.exit_code
    return int(
        any(
            diagnostic.severity in serious(fail_on or findings.fail_on.get(diagnostic.span.file, DEFAULT_FAIL_ON))
            for diagnostic in findings.diagnostics
        )
    )


def serious(fail_on: str) -> tuple[str, ...]:
    """The severities that end a command with 1."""
    return () if fail_on == "never" else SEVERITIES[: SEVERITIES.index(fail_on) + 1]


def _summarise(findings: Findings, refused: tuple[Refused, ...], wanted: CheckRequest) -> None:
    if wanted.statistics:
        counts: dict[tuple[str, str], int] = {}
        for found in findings.diagnostics:
            counts[found.code, found.name] = counts.get((found.code, found.name), 0) + 1
        for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:6}  {code}  {name}", file=sys.stderr)
    files = len(findings.files)
    if not files and refused:
        return
    said = [f"{count} {severity}{'s' * (count != 1)}" for severity in SEVERITIES if (count := findings.count(severity))]
    if findings.suppressed:
        said.append(f"{len(findings.suppressed)} suppressed")
    releases = sorted(set(findings.versions.values())) or [findings.version]
    judged = f"{files} file{'s' * (files != 1)} judged as keepalived {' and '.join(map(str, releases))} reads them"
    print(f"{', '.join(said) or 'no findings'}; {judged}", file=sys.stderr)
