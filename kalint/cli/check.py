"""`kalint check`, from its request to its exit code. Imported without click: see `kalint.cli`."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from kalint.cli import INTERNAL_ERROR
from kalint.cli.output import opened, wants_color
from kalint.errors import KalintError, OutOfTimeError, UsageError
from kalint.findings.diagnostic import SEVERITIES, Findings
from kalint.pipeline.checking import check
from kalint.pipeline.reading import STANDARD_INPUT, Asked, Settler
from kalint.report import renderer

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_INPUT = 64 * 1024 * 1024
INTERNAL = "KA000"


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
    baseline: str | None = None
    write_baseline: str | None = None
    fix: bool = False
    diff: bool = False
    unsafe_fixes: bool = False


def run(wanted: CheckRequest) -> int:
    """Check, print, and return the exit code: 0, 1 (findings) or 2 (something could not be read).

    Raises:
        UsageError: a baseline is to be both used and written, or a failover is to be timed without a cluster.
    """
    if wanted.asked.untrusted and wanted.asked.host:
        raise UsageError("--untrusted and --host do not go together: a stranger's file would ask about this machine")
    if wanted.baseline is not None and wanted.write_baseline is not None:
        raise UsageError("--baseline and --write-baseline do not go together: a new baseline has all findings")
    if wanted.fix or wanted.diff or wanted.unsafe_fixes:
        from kalint.cli.fixing import run as run_fixes

        return run_fixes(wanted)
    findings, said = judged(wanted, lambda: sys.stdin.buffer.read(MAX_INPUT))
    return told(findings, said, wanted)


def judged(wanted: CheckRequest, standard_input: Callable[[], bytes]) -> tuple[Findings, tuple[str, ...]]:
    """The findings, and what else there is to say of them (see `kalint.cli.baselines`)."""
    settler = Settler(wanted.asked)
    findings, refused = check(wanted.paths, wanted.asked, lambda: (wanted.stdin_filename, standard_input()), settler)
    findings = findings._replace(refused=refused)
    clusters = settler.clusters
    if wanted.asked.max_failover is not None and not (clusters or wanted.cluster):
        raise UsageError("--max-failover is about the nodes of a cluster: add --cluster")
    if any(each.late for each in refused):
        clusters = []
    elif clusters or wanted.cluster:
        from kalint.cli.nodes import with_clusters

        typed = wanted.stdin_filename if STANDARD_INPUT in wanted.paths else None
        findings = with_clusters(findings, clusters, wanted.asked, wanted.cluster, typed)
    if wanted.fail_on:
        findings = findings._replace(fail_on=dict.fromkeys(findings.sources, wanted.fail_on))
    said: tuple[str, ...] = ()
    complete = not refused and not any(found.code == INTERNAL for found in findings.diagnostics)
    if len(wanted.paths) > 1 and complete and not (clusters or wanted.cluster or wanted.quiet):
        from kalint.cli.together import hint

        with suppress(OutOfTimeError):
            said = hint(wanted.paths, wanted.asked, findings)
    if wanted.baseline is not None or wanted.write_baseline is not None or settler.baselines:
        from kalint.cli.baselines import compared

        findings, compared_with = compared(findings, wanted, settler.baselines)
        said = (*compared_with, *said)
    return findings, said


def told(findings: Findings, said: tuple[str, ...], wanted: CheckRequest) -> int:
    """Print the findings and the summary; return the exit code."""
    if len(findings.diagnostics) > 1:
        from kalint.findings.folding import folded

        findings = findings._replace(diagnostics=folded(findings.diagnostics))
    if budget := sys.modules.get("kalint.cli.budget"):
        budget.stop()  # what was found in time is told, however long that takes
    with opened(wanted.output) as stream:
        renderer("check", wanted.format)(findings, stream, color=wants_color(wanted.color, stream))
        stream.flush()  # the summary comes after the findings, also where both go to one file
    say_refused(findings)
    if not wanted.quiet:
        _summarise(findings, wanted)
        for line in said:
            print(line, file=sys.stderr)
    return exit_code(findings)


def say_refused(findings: Findings) -> None:
    """Say on standard error what could not be judged."""
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
            counts[found.code, found.name] = counts.get((found.code, found.name), 0) + 1
        for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:6}  {code}  {name}", file=sys.stderr)
    files = len(findings.files)
    if not files and findings.refused:
        return
    said = [f"{count} {severity}{'s' * (count != 1)}" for severity in SEVERITIES if (count := findings.count(severity))]
    if findings.suppressed:
        said.append(f"{len(findings.suppressed)} suppressed")
    releases = sorted(set(findings.versions.values())) or [findings.version]
    judged = f"{files} file{'s' * (files != 1)} judged as keepalived {' and '.join(map(str, releases))} reads them"
    parts = (", ".join(said) or "no findings", _fixable(findings), judged)
    print("; ".join(part for part in parts if part), file=sys.stderr)


def _fixable(findings: Findings) -> str:
    """How many findings `--fix` may mend, and how many more with --unsafe-fixes."""
    safe = [found.fix.safe for found in findings.diagnostics if found.fix is not None]
    said = []
    if True in safe:
        said.append(f"{safe.count(True)} fixable with --fix")
    if False in safe:
        said.append(f"{safe.count(False)} {'more with' if said else 'fixable with --fix'} --unsafe-fixes")
    return ", ".join(said)
