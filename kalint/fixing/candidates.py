"""Single edits of a cluster's files that may make requirements hold, the smallest first.

What decides an election are comparisons of priorities. So of all numbers only those are worth trying with which some
priority comes to lie above, at or below one that another node can reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.repair import Repair, live
from kalint.analysis.reach.reachable import reaching
from kalint.findings.fix import Edit, Fix
from kalint.rules.cluster.mending import mending
from kalint.rules.rule import Context
from kalint.rules.support.mending import own_line, replaced, without
from kalint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member, Node, Router
    from kalint.analysis.cluster.results import Cluster
    from kalint.semantics.resolved import Setting

MOST_WEIGHT, HIGHEST = 253, 254
_LINE = 20.0
"""What a line that comes or goes counts as, beside a change of a number by one."""
_TIMES = (0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 10, 15, 20, 30)
"""Seconds that are worth writing."""


class Candidate(NamedTuple):
    """An edit, and how large a change it is: the difference of the numbers."""

    change: float
    fix: Fix


def candidates(cluster: Cluster) -> list[Candidate]:
    """All single edits that are worth trying, the smallest first; of equal ones a weight."""
    found: dict[tuple[Edit, ...], Candidate] = {}
    for answer in cluster.answers:
        for each in (*_weights(answer.router), *_priorities(answer.router), *_intervals(answer.router)):
            found.setdefault(each.fix.edits, each)
        for member in answer.router.members:
            for each in _preempting(member):
                found.setdefault(each.fix.edits, each)
    for node in cluster.nodes:
        for each in _scripts(node):
            found.setdefault(each.fix.edits, each)
    return sorted(found.values(), key=lambda each: each.change)


def _priorities(router: Router) -> Iterator[Candidate]:
    for member in router.members:
        base, nominal = member.instance.base_priority.value, member.reach.nominal
        if member.instance.owner:
            continue
        mine = {reached.priority - (nominal or base) for reached in member.reach.reachable if reached.priority}
        values = {limit - delta for limit in _limits(router, member) for delta in mine}
        for value in sorted(values - {base}):
            if 1 <= value <= HIGHEST:
                repair = Repair(value, (member.node.name,), "priority", abs(value - base))
                yield from _mended(router, repair, "", f"with priority {value} in {member.instance.name} of")


def _weights(router: Router) -> Iterator[Candidate]:
    for member in router.members:
        nominal = member.reach.nominal or 0
        sizes = {abs(nominal - limit) for limit in _limits(router, member)}
        for tracker in member.instance.trackers:
            if tracker.ignored is not None or tracker.origin not in ("instance", "sync_group"):
                continue
            old = tracker.weight.value
            tracking = tuple(
                each.node.name
                for each in router.members
                if any(live(other, tracker.key) for other in each.instance.trackers)
            )
            for size in sorted(size for size in sizes if 0 < size <= MOST_WEIGHT):
                for value in (size, -size):
                    for nodes in dict.fromkeys(((member.node.name,), tracking)):
                        if value != old:
                            repair = Repair(value, nodes, "weight", abs(value - old))
                            what = tracker.key.replace(":", " ", 1)
                            title = f"with weight {value} of {what} in {member.instance.name} of"
                            yield from _mended(router, repair, tracker.key, title)


def _mended(router: Router, repair: Repair, thing: str, title: str) -> Iterator[Candidate]:
    fix = mending(router, repair, thing, f"{title} {' and '.join(repair.nodes)}")
    if fix is not None:
        yield Candidate(float(repair.change), fix)


def _limits(router: Router, member: Member) -> set[int]:
    """All that others can reach, and what is next to it."""
    return {
        reached.priority + step
        for other in router.members
        if other is not member
        for reached in other.reach.reachable
        if reached.priority is not None
        for step in (-1, 0, 1)
    }


def _preempting(member: Member) -> Iterator[Candidate]:
    """Without nopreempt, or with it."""
    preempt, context = member.instance.preempt, _context(member.node)
    where = f"in {member.instance.name} of {member.node.name}"
    if not preempt.value and preempt.word is not None:
        fix = without(context, preempt.word.span, f"without nopreempt {where}", safe=False)
        if fix is not None:
            yield Candidate(_LINE, fix)
    word = member.instance.base_priority.word
    if preempt.value and word is not None and member.instance.state.value != "MASTER":
        line = own_line(context, word.span)
        if line is not None and line.split()[:1] == ["priority"]:
            indent = line[: len(line) - len(line.lstrip())]
            end = Span(word.span.file, word.span.line, 1, word.span.line, 1)
            yield Candidate(_LINE, Fix(f"with nopreempt {where}", (Edit(end, f"{indent}nopreempt\n"),), False, True))


def _scripts(node: Node) -> Iterator[Candidate]:
    """Scripts that notice sooner."""
    for script in node.resolved.scripts:
        for keyword, setting in (("interval", script.interval), ("timeout", script.timeout)):
            for value in _TIMES:
                if value < setting.value and (value >= 1 or setting.value < 1):
                    yield from _written(node, keyword, script.name, setting, f"{value:g}", setting.value - value)
        for count in range(1, script.fall.value):
            yield from _written(node, "fall", script.name, script.fall, str(count), script.fall.value - count)


def _written(
    node: Node, keyword: str, name: str, setting: Setting[float] | Setting[int], new: str, change: float
) -> Iterator[Candidate]:
    if setting.word is not None:
        title = f"with {keyword} {new} of script {name} of {node.name}"
        fix = replaced(_context(node), setting.word.span, setting.word.text, new, title, safe=False, alters=True)
        if fix is not None:
            yield Candidate(change, fix)


def _intervals(router: Router) -> Iterator[Candidate]:
    """A shorter advert interval, on all nodes at once: they reject each other's adverts else."""
    for value in _TIMES:
        edits: list[Edit] = []
        change = 0.0
        for member in router.members:
            interval = member.instance.advert_interval
            if interval.word is None or value >= interval.value or (value < 1 and member.instance.vrrp_version < 3):
                break
            fix = replaced(_context(member.node), interval.word.span, interval.word.text, f"{value:g}", safe=False)
            if fix is None:
                break
            edits += fix.edits
            change = max(change, interval.value - value)
        else:
            title = f"with advert_int {value:g} of router {router.virtual_router_id} on all nodes"
            yield Candidate(change, Fix(title, tuple(dict.fromkeys(edits)), False, True))


def _context(node: Node) -> Context:
    return Context(node.resolved, {}, reaching(node.resolved.profile), node.files)
