"""`kalint check --fix` and `--diff`: the files mended, or what would be."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kalint.cli.findings import MAX_INPUT, exit_code, say_refused, told
from kalint.cli.output import opened, wants_color
from kalint.errors import KalintError, UsageError
from kalint.fixing.trying import write
from kalint.pipeline.fixing import fixed, standard_input
from kalint.pipeline.reading import STANDARD_INPUT
from kalint.report.fixes_diff import render
from kalint.report.patch import patch
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from typing import TextIO

    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.fixing.trying import Contents, FixResult
    from kalint.pipeline.request import CheckRequest

MOST_REFUSED = 20


def run(wanted: CheckRequest) -> int:
    """Mend, print what is left (--fix) or what would be changed (--diff), and return the exit code.

    Raises:
        UsageError: the options do not go together, or a file cannot be written.
    """
    _sensible(wanted)
    given: Contents = {}
    if STANDARD_INPUT in wanted.paths:
        given = {os.path.realpath(wanted.stdin_filename): sys.stdin.buffer.read(MAX_INPUT)}
    mended, findings, said, wanted = fixed(wanted, given)
    if wanted.diff:
        return _shown(mended, findings, wanted)
    if not given:
        write(mended)
    else:
        path = os.path.realpath(wanted.stdin_filename)
        write(mended._replace(contents={name: text for name, text in mended.contents.items() if name != path}))
        sys.stdout.buffer.write(standard_input(wanted))
        sys.stdout.flush()
    if given and wanted.output is None:
        say_refused(findings)
        status = exit_code(findings)
    else:
        status = told(findings, said, wanted)
    if not wanted.quiet:
        _say(mended, f"{_findings(len(mended.fixed))} fixed")
    return status


def _sensible(wanted: CheckRequest) -> None:
    if wanted.fix and wanted.diff:
        raise UsageError("--fix writes what --diff only shows: choose one of them")
    if not wanted.fix and not wanted.diff:
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if wanted.write_baseline is not None:
        raise UsageError("--write-baseline cannot be combined with --fix or --diff: fix first, then write the baseline")
    if wanted.diff and wanted.format != "text":
        raise UsageError(f"--diff prints a diff, not {wanted.format}")


def _shown(mended: FixResult, findings: Findings, wanted: CheckRequest) -> int:
    """Print the diff; 1 where there is one."""
    names = {os.path.realpath(name): name for name in findings.sources}
    with opened(wanted.output) as stream:
        for path in sorted(mended.contents, key=lambda path: names.get(path, path)):
            _write_diff(
                names.get(path, path),
                (mended.original[path], mended.contents[path]),
                stream,
                wanted.color,
                findings.hidden | mended.hidden,
            )
    say_refused(findings)
    if not wanted.quiet:
        _say(mended, f"{_findings(len(mended.fixed))} would be fixed")
    return KalintError.exit_code if findings.refused else int(bool(mended.contents))


def _write_diff(name: str, contents: tuple[bytes, bytes], stream: TextIO, color: str, hidden: frozenset[str]) -> None:
    """One that `patch` takes, byte by byte; in colours, or where a line that changes holds a secret, one to read."""
    painted = wants_color(color, stream)
    found = None if painted else patch(name, *contents, hidden)
    if found is None:
        render(name, *contents, stream, color=painted, hidden=hidden)
        stream.flush()
    else:
        stream.flush()
        stream.buffer.write(found)
        stream.buffer.flush()


def _say(mended: FixResult, summary: str) -> None:
    """On standard error: how many, which of them change what keepalived does, and what was left alone."""
    files = len(mended.contents)
    print(f"{summary} in {files} file{'s' * (files != 1)}" if files else "nothing to fix", file=sys.stderr)
    for found in mended.fixed:
        if found.fix is not None and not found.fix.safe:
            print(f"{_place(found)}: changes the meaning: {printable(found.fix.title)}", file=sys.stderr)
    for found, why in mended.refused[:MOST_REFUSED]:
        print(f"{_place(found)}: left alone: {printable(why)}", file=sys.stderr)
    if len(mended.refused) > MOST_REFUSED:
        print(f"and {len(mended.refused) - MOST_REFUSED} more left alone", file=sys.stderr)


def _place(found: Diagnostic) -> str:
    return f"{printable(found.span.file)}:{found.span.line}: {found.code}"


def _findings(count: int) -> str:
    return f"{count} finding{'s' * (count != 1)}"
