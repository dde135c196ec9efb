"""`kalint check`, from its request to its exit code. Imported without click: see `kalint.cli`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kalint.cli.findings import MAX_INPUT, told
from kalint.cli.output import progressing
from kalint.errors import UsageError
from kalint.pipeline.judging import judged
from kalint.pipeline.reading import STANDARD_INPUT
from kalint.pipeline.request import CheckRequest


def run(wanted: CheckRequest) -> int:
    """Check, print, and return the exit code: 0, 1 (findings) or 2 (something could not be read).

    Raises:
        UsageError: a baseline is both used and written, or a failover is timed without a cluster, or a node is named.
    """
    if not wanted.cluster:
        _without_nodes(wanted.paths)
    if wanted.asked.untrusted and wanted.asked.host:
        raise UsageError("--untrusted and --host cannot be combined: an untrusted file must not probe this machine")
    if wanted.baseline is not None and wanted.write_baseline is not None:
        raise UsageError("--baseline and --write-baseline cannot be combined: a new baseline lists all findings")
    if wanted.fix or wanted.diff or wanted.unsafe_fixes:
        if wanted.as_name is not None:
            raise UsageError("--as cannot be combined with --fix or --diff: fix the file under its own name")
        from kalint.cli.fixing import run as run_fixes

        return run_fixes(wanted)
    if wanted.as_name is not None:
        wanted, content = _renamed(wanted, wanted.as_name)
        return told(*judged(wanted, lambda: content), wanted)
    with progressing() as progress:
        wanted = wanted._replace(progress=progress)
        findings, said = judged(wanted, lambda: sys.stdin.buffer.read(MAX_INPUT))
    return told(findings, said, wanted)


def _without_nodes(paths: Sequence[str]) -> None:
    """Refuse `NAME=FILE` where no cluster is checked."""
    for path in paths:
        file = path.partition("=")[2]
        if file and not os.path.lexists(path) and os.path.isfile(file):
            raise UsageError(f"{path}: NAME=FILE names a node of a cluster: add --cluster, or pass {file}")


def _renamed(wanted: CheckRequest, name: str) -> tuple[CheckRequest, bytes]:
    """A request for the one path's bytes under another name, as if they came from standard input."""
    from kalint.text import Options
    from kalint.text.reading import opened

    if len(wanted.paths) != 1:
        raise UsageError("--as names one file: pass one PATH")
    path = wanted.paths[0]
    content = sys.stdin.buffer.read(MAX_INPUT) if path == STANDARD_INPUT else opened(path, None, Options())[0]
    return wanted._replace(paths=(STANDARD_INPUT,), stdin_filename=name), content
