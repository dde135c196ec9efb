"""Which findings are of which virtual router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.report.board import groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.semantics.resolved import Resolved
    from kalint.syntax.tree import Node

    Place = tuple[str, int]


def belonging(cluster: Cluster, findings: Sequence[Diagnostic]) -> tuple[list[list[int]], list[int]]:
    """The findings of each router, as places in `findings`, and those of none.

    A finding belongs to the routers whose instances contain it or a place that it names. Otherwise it belongs to the
    only router that uses the block it is in (a script, a sync group).
    """
    routers = groups(cluster)
    blocks = {node.name: _Blocks(node.resolved) for node in cluster.nodes}
    inside = _users([[place for member in members for place in _lines(_block(member))] for members in routers])
    beside = _users(
        [[place for member in members for place in blocks[member.node.name].used(member)] for members in routers]
    )
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


class _Blocks:
    """The blocks of a node's files that its instances use: definitions of what they track, and sync groups."""

    def __init__(self, resolved: Resolved) -> None:
        self._definitions: dict[str, list[Node]] = {}
        for definition in resolved.config.definitions:
            self._definitions.setdefault(f"{definition.kind}:{definition.name.text}", []).append(definition.node)
        self._groups: dict[str | None, list[Node]] = {}
        for group in resolved.sync_groups:
            self._groups.setdefault(group.name, []).append(group.written.node)

    def used(self, member: Member) -> Iterator[Place]:
        """The lines of what the instance tracks, and of its sync group."""
        used = [self._definitions.get(key, []) for key in {tracker.key for tracker in member.instance.trackers}]
        for nodes in (*used, self._groups.get(member.instance.sync_group, [])):
            for node in nodes:
                yield from _lines(node)
