"""Two files, or two releases: what changes from one to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kalint.analysis.reach.reachable import reaching
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load

if TYPE_CHECKING:
    from kalint.analysis.difference import Change, Comparison
    from kalint.pipeline.reading import Loaded
    from kalint.problem import Kind, Problem


def compare(old: tuple[str, Request], new: tuple[str, Request], findings: bool = True) -> Comparison:
    """What changes from one file and release to another: instances, known bugs, then findings (if wanted).

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
    """
    from kalint.analysis.difference import Comparison, Side, differences
    from kalint.report.cleaned import cleaned

    before, after = (load(path, None, request) for path, request in (old, new))
    reach_before, reach_after = (reaching(loaded.resolved.profile) for loaded in (before, after))
    changes = [*differences(cleaned(before.resolved), cleaned(after.resolved), reach_before, reach_after)]
    changes += _bugs(before, after)
    if findings:
        changes += finding_changes(diagnose(before, old[1]), diagnose(after, new[1]))
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


def _bugs(before: Loaded, after: Loaded) -> Iterator[Change]:
    """Known bugs of the releases that one of the two reaches and the other does not: those lost first."""
    from kalint.analysis.difference import Change
    from kalint.rules.support.bugs import BUGS

    gone, come = _reached(before), _reached(after)
    for bug in BUGS:
        if bug.name in gone and bug.name not in come:
            yield Change("bug", bug.name, bug.told, "")
    for bug in BUGS:
        if bug.name in come and bug.name not in gone:
            yield Change("bug", bug.name, "", bug.told)


def _reached(loaded: Loaded) -> set[str]:
    from kalint.rules.rule import Context
    from kalint.rules.support.bugs import BUGS

    by_kind: dict[Kind, list[Problem]] = {}
    for problem in loaded.problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    context = Context(loaded.meant, by_kind, reaching(loaded.meant.profile), loaded.text.files)
    return {bug.name for bug in BUGS if bug.found(context)}


def finding_changes(before: Iterable[Diagnostic], after: Iterable[Diagnostic]) -> Iterator[Change]:
    """Findings are the same where code and message are: lines move. Known bugs of releases are changes of their own."""
    from kalint.analysis.difference import Change
    from kalint.rules.support.bugs import OWN

    gone = Counter((found.code, found.message) for found in before if found.code != OWN)
    come = Counter((found.code, found.message) for found in after if found.code != OWN)
    for code, message in gone - come:
        yield Change("finding", code, message, "")
    for code, message in come - gone:
        yield Change("finding", code, "", message)
