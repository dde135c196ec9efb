"""Which findings are of which virtual router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.report.board import groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.syntax.tree import Node

    Place = tuple[str, int]


def belonging(cluster: Cluster, findings: Sequence[Diagnostic]) -> tuple[list[list[int]], list[int]]:
    """The findings of each router, as places in `findings`, and those of none.

    A finding belongs to the routers whose instances contain it or a place that it names. Otherwise it belongs to the
    only router that uses the block it is in (a script, a sync group).
    """
    routers = groups(cluster)
    inside = _users([[place for member in members for place in _lines(_block(member))] for members in routers])
    beside = _users([[place for member in members for place in _used(member)] for members in routers])
    found: list[list[int]] = [[] for _ in routers]
    rest = []
    for number, each in enumerate(findings):
        spans = [(span.file, span.line) for span in (each.span, *(other.span for other in each.related))]
        users = {user for place in spans for user in inside.get(place, ())}
        if not users:
            users = beside.get(spans[0], set())
            users = users if len(users) == 1 else set()
        for user in users:
            found[user].append(number)
        if not users:
            rest.append(number)
    return found, rest


def _users(places: Sequence[Sequence[Place]]) -> dict[Place, set[int]]:
    found: dict[Place, set[int]] = {}
    for number, some in enumerate(places):
        for place in some:
            found.setdefault(place, set()).add(number)
    return found


def _block(member: Member) -> Node:
    return member.instance.written.node


def _lines(node: Node) -> Iterator[Place]:
    last = (node.closer or node.line).number
    yield from ((node.line.file, number) for number in range(node.line.number, last + 1))


def _used(member: Member) -> Iterator[Place]:
    """The lines of what the instance tracks, and of its sync group."""
    resolved, instance = member.node.resolved, member.instance
    keys = {tracker.key for tracker in instance.trackers}
    for definition in resolved.config.definitions:
        if f"{definition.kind}:{definition.name.text}" in keys:
            yield from _lines(definition.node)
    for group in resolved.sync_groups:
        if group.name == instance.sync_group:
            yield from _lines(group.written.node)
