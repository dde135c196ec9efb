"""`kalint check --fix` and `--diff`: the files mended, or what would be."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kalint.cli.check import MAX_INPUT, exit_code, judged, say_refused, told
from kalint.cli.output import opened, wants_color
from kalint.errors import KalintError, UsageError
from kalint.fixing.trying import Judge, Mended, mend, write
from kalint.pipeline.checking import resolutions
from kalint.pipeline.reading import STANDARD_INPUT
from kalint.report.fixes_diff import render
from kalint.report.patch import patch
from kalint.report.show_json import document_of
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from typing import TextIO

    from kalint.cli.check import CheckRequest
    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.fixing.trying import Block, Contents

BLOCKS = ("instances", "scripts", "sync_groups")
MOST_REFUSED = 20
ABOUT_PLACES = ("location", "dropped_trackers")


def run(wanted: CheckRequest) -> int:
    """Mend, print what is left (--fix) or what would be changed (--diff), and return the exit code.

    Raises:
        UsageError: the options do not go together, or a file cannot be written.
    """
    _sensible(wanted)
    given: Contents = {}
    if STANDARD_INPUT in wanted.paths:
        given = {os.path.realpath(wanted.stdin_filename): sys.stdin.buffer.read(MAX_INPUT)}
    judge = _judge(wanted)
    mended = mend(judge, given, lambda found: _chosen(found, wanted))
    wanted = wanted._replace(asked=wanted.asked._replace(overlay={**mended.original, **mended.contents}))
    findings, said = judged(wanted, lambda: _standard_input(wanted))
    if wanted.diff:
        return _shown(mended, findings, wanted)
    if not given:
        write(mended)
    else:
        path = os.path.realpath(wanted.stdin_filename)
        write(mended._replace(contents={name: text for name, text in mended.contents.items() if name != path}))
        sys.stdout.buffer.write(_standard_input(wanted))
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
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if wanted.write_baseline is not None:
        raise UsageError("--write-baseline does not go with --fix and --diff: fix first, then write what is left")
    if wanted.diff and wanted.format != "text":
        raise UsageError(f"--diff prints a diff, not {wanted.format}")


def _judge(wanted: CheckRequest) -> Judge:
    """Every finding counts as a new one, whatever --select says; what a block resolves to is looked at, too."""
    everything = wanted._replace(asked=wanted.asked._replace(select=(), ignore=()))

    def over(contents: Contents) -> CheckRequest:
        return everything._replace(asked=everything.asked._replace(overlay=contents))

    def findings(contents: Contents) -> Findings:
        request = over(contents)
        return judged(request, lambda: _standard_input(request))[0]

    def resolved(contents: Contents) -> dict[Block, dict[str, object]]:
        request = over(contents)
        found: dict[Block, dict[str, object]] = {}
        standard_input = (wanted.stdin_filename, contents.get(os.path.realpath(wanted.stdin_filename), b""))
        for name, each in resolutions(wanted.paths, request.asked, lambda: standard_input).items():
            document = document_of(each)
            for kind in BLOCKS:
                for block in document[kind]:
                    bare = {key: value for key, value in block.items() if key not in ABOUT_PLACES}
                    found[name, kind, str(block["name"])] = bare
        return found

    return Judge(findings, resolved)


def _standard_input(wanted: CheckRequest) -> bytes:
    return wanted.asked.overlay[os.path.realpath(wanted.stdin_filename)]


def _chosen(found: Diagnostic, wanted: CheckRequest) -> bool:
    asked = wanted.asked
    counts = found.code.startswith(asked.select or "") and not found.code.startswith(asked.ignore)
    return counts and found.fix is not None and (found.fix.safe or wanted.unsafe_fixes)


def _shown(mended: Mended, findings: Findings, wanted: CheckRequest) -> int:
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


def _say(mended: Mended, summary: str) -> None:
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
