"""What a reload of its own file makes of each node, worked out once for all routers of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.reloading import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.semantics.resolved import Instance, Resolved


class Reloads:
    """The instances of each configuration after its daemon has read it again while nothing was down."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Resolved, Mapping[str, Instance]]] = {}

    def of(self, resolved: Resolved) -> Mapping[str, Instance]:
        """Instances by name. A configuration may have thousands, each a router of its own that asks."""
        known = self._known.get(id(resolved))
        if known is None:  # the configuration is kept, so that no other one gets its number
            instances = {each.name: each for each in running(resolved, resolved).instances}
            known = self._known[id(resolved)] = resolved, instances
        return known[1]
