"""What would mend a finding on a cluster, as edits of its nodes' files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.repair import live
from kalint.analysis.reach.reachable import reaching
from kalint.findings.fix import Edit, Fix
from kalint.rules.rule import Context
from kalint.rules.support.mending import own_line, replaced
from kalint.source import Span

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member, Router
    from kalint.analysis.cluster.repair import Repair
    from kalint.semantics.resolved import Tracker
    from kalint.source import Word


def mending(router: Router, repair: Repair, thing: str, title: str) -> Fix | None:
    """The edits that give some nodes a new weight or priority; None where the files have no single word for it."""
    edits: list[Edit] = []
    for member in router.members:
        if member.node.name not in repair.nodes:
            continue
        fix = _weight(member, thing, repair.value) if repair.keyword == "weight" else _priority(member, repair.value)
        if fix is None:
            return None
        edits += fix.edits
    return Fix(title, tuple(dict.fromkeys(edits)), safe=False, alters=True)


def _weight(member: Member, thing: str, value: int) -> Fix | None:
    trackers = [tracker for tracker in member.instance.trackers if live(tracker, thing)]
    if len(trackers) != 1:
        return None
    (tracker,) = trackers
    word = tracker.weight.word
    if word is not None:
        return _written(member, word, value)
    return _appended(member, tracker, value)


def _priority(member: Member, value: int) -> Fix | None:
    word = member.instance.base_priority.word
    return None if word is None else _written(member, word, value)


def _written(member: Member, word: Word, value: int) -> Fix | None:
    return replaced(_context(member), word.span, word.text, str(value), safe=False, alters=True)


def _appended(member: Member, tracker: Tracker, value: int) -> Fix | None:
    """A weight after the name where the line has none."""
    span = tracker.where.span
    if own_line(_context(member), span) is None or tracker.origin not in ("instance", "sync_group"):
        return None
    end = Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)
    return Fix("", (Edit(end, f" weight {value}"),), safe=False, alters=True)


def _context(member: Member) -> Context:
    resolved = member.node.resolved
    return Context(resolved, {}, reaching(resolved.profile), member.node.files)
