"""What the routers of a cluster ask of a node's configuration, worked out once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.reloading import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.semantics.resolved import Group, Instance, Resolved


class _Known(NamedTuple):
    """`resolved` is kept, so that no other configuration gets its number."""

    resolved: Resolved
    groups: Mapping[str | None, Group]
    members: Mapping[str | None, list[Instance]]
    reloaded: dict[str, Instance]


class Configurations:
    """The configurations of a cluster's nodes, each of which may have thousands of instances that ask."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    def reloaded(self, resolved: Resolved) -> Mapping[str, Instance]:
        """The instances by name, after their daemon has read its file again while nothing was down."""
        known = self._of(resolved)
        if not known.reloaded:
            known.reloaded.update((each.name, each) for each in running(resolved, resolved).instances)
        return known.reloaded

    def group(self, resolved: Resolved, name: str | None) -> Group | None:
        """The sync group of a name."""
        return self._of(resolved).groups.get(name)

    def members(self, resolved: Resolved, name: str | None) -> list[Instance]:
        """The instances of a sync group, in the order of the file."""
        return self._of(resolved).members.get(name, [])

    def _of(self, resolved: Resolved) -> _Known:
        known = self._known.get(id(resolved))
        if known is None:
            members: dict[str | None, list[Instance]] = {}
            for instance in resolved.instances:
                members.setdefault(instance.sync_group, []).append(instance)
            groups: dict[str | None, Group] = {group.name: group for group in resolved.sync_groups}
            known = self._known[id(resolved)] = _Known(resolved, groups, members, {})
        return known
