"""Names of instances that stand in a sync group without its `group { }`: one mistake, which KA104 tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalint.model.config import SyncGroup
    from kalint.semantics.resolved import Resolved
    from kalint.source import Span, Word


def bare(group: SyncGroup, known: frozenset[str]) -> list[Word]:
    """The names in a group without members that are those of instances (`known`), outside a `group` block."""
    items = () if group.members or group.name is None else group.node.items or ()
    return [item.words[0] for item in items if item.keyword in known]


def bare_spans(resolved: Resolved) -> frozenset[Span]:
    """Where such names stand in all groups."""
    known = frozenset(instance.name for instance in resolved.instances)
    return frozenset(word.span for group in resolved.config.sync_groups for word in bare(group, known))
