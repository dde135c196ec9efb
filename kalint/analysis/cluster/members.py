"""The nodes of a cluster, and the virtual routers that their instances share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kalint.analysis.reach.reachable import Reach
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.version import Version

Witness = Mapping[str, Mapping[str, str]]
"""What is not good, by node and thing."""

DAEMON, STOPPED = "daemon", "stopped"
"""The failure of a node as a whole, as `Failure.thing` and `Failure.state`."""

RELOADED = "reload"
"""What is no failure: the node's daemon reads its file again, and counts it otherwise than at its start."""

TOGETHER, FAILED = "together", "failed"
"""The failure of things that fail as one, as the kind of `Failure.thing` and as `Failure.state`."""


class Node(NamedTuple):
    """A node of the cluster.

    `addresses` has the source address of each interface, where it is known; `version` is the release that the node
    runs, None where that is not known. `files` has the lines of each file that was read.
    """

    name: str
    resolved: Resolved
    addresses: Mapping[str, str] = {}
    version: Version | None = None
    files: Mapping[str, list[str]] = {}


class Shared(NamedTuple):
    """Things that fail as one, each as node and key; the key `daemon` is the node as a whole."""

    name: str
    things: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """What it is called as a thing: `together:gateway`."""
        return f"{TOGETHER}:{self.name}"


class Member(NamedTuple):
    """A node's instance of a router. `address` is its source address, or None: unknown."""

    node: Node
    instance: Instance
    reach: Reach
    address: str | None


class Router(NamedTuple):
    """A virtual router that nodes share: one VRID of one family on one link. `members` in the order of the nodes.

    `shared` are the things that fail as one and that matter to a member, or to a router that sync groups bind to it.
    """

    virtual_router_id: int
    family: str
    members: tuple[Member, ...]
    shared: tuple[Shared, ...] = ()

    @property
    def links(self) -> dict[str, str]:
        """Each node's own interface, as a thing."""
        return {member.node.name: f"interface:{member.instance.interface.value}" for member in self.members}

    @property
    def key(self) -> tuple[int, str, str]:
        return self.virtual_router_id, self.family, self.members[0].instance.name

    @property
    def reaches(self) -> dict[str, Reach]:
        """Each node's table."""
        return {member.node.name: member.reach for member in self.members}

    @property
    def grouped(self) -> bool:
        """Whether a sync group binds a member to another router."""
        return any(member.instance.sync_group is not None for member in self.members)

    @property
    def nominal(self) -> dict[str, int | None]:
        """Each node's priority while everything is good (None: FAULT)."""
        return {member.node.name: member.reach.nominal for member in self.members}
