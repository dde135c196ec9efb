"""Two files, or two releases: what changes from one to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.analysis.reach.reachable import reaching
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.checking import diagnose
from kalint.pipeline.reading import Request, load

if TYPE_CHECKING:
    from kalint.analysis.difference import Change, Comparison


def compare(old: tuple[str, Request], new: tuple[str, Request]) -> Comparison:
    """What changes from one file and release to another: instances first, then findings that came and went.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
    """
    from kalint.analysis.difference import Comparison, Side, differences
    from kalint.report.cleaned import cleaned

    before, after = (load(path, None, request) for path, request in (old, new))
    reach_before, reach_after = (reaching(loaded.resolved.profile) for loaded in (before, after))
    changes = [*differences(cleaned(before.resolved), cleaned(after.resolved), reach_before, reach_after)]
    changes += _findings(diagnose(before, old[1]), diagnose(after, new[1]))
    return Comparison(Side(old[0], old[1].version), Side(new[0], new[1].version), tuple(changes))


def compare_reload(old: tuple[str, Request], new: tuple[str, Request]) -> Comparison:
    """What a daemon that runs the old file becomes when it reloads the new one.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
    """
    from kalint.analysis.difference import Comparison, Side
    from kalint.analysis.reload import reload_changes
    from kalint.report.cleaned import cleaned

    before, after = (load(path, None, request) for path, request in (old, new))
    changes = tuple(reload_changes(cleaned(before.resolved), cleaned(after.resolved)))
    return Comparison(Side(old[0], old[1].version), Side(new[0], new[1].version), changes, reload=True)


def _findings(before: list[Diagnostic], after: list[Diagnostic]) -> Iterator[Change]:
    """Findings are the same where code and message are: lines move."""
    from kalint.analysis.difference import Change

    gone = Counter((found.code, found.message) for found in before)
    come = Counter((found.code, found.message) for found in after)
    for code, message in gone - come:
        yield Change("finding", code, message, "")
    for code, message in come - gone:
        yield Change("finding", code, "", message)
