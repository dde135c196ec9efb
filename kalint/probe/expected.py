"""What each node's file predicts of its adverts, and what it makes the node accept from others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach.reachable import reaching
from kalint.semantics.addresses import canonical, source_of
from kalint.semantics.adverts import endpoint
from kalint.semantics.priority import LOWEST
from kalint.semantics.timers import SECOND, timers_of
from kalint.semantics.values import address_family

if TYPE_CHECKING:
    from typing import Literal

    from kalint.analysis.cluster.members import Node
    from kalint.analysis.reach.reachable import Reach
    from kalint.semantics.adverts import Endpoint, Hmac, Key
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.version import Version

    Known = Literal[
        "given",  # by the command line or the settings
        "installed",  # on this machine, which is that node
        "taken from here",  # installed on this machine, which is another node of the cluster, or may be
        "newest",  # nobody has said it
    ]


class Release(NamedTuple):
    """The release that a node is taken to run, and where that is known from."""

    version: Version
    known: Known


class Expected(NamedTuple):
    """One node's instance, as far as the wire can tell.

    Attributes:
        node: its name.
        instance: what the release makes of the file.
        reach: every priority that it can advertise.
        resolved: the node's whole configuration.
        endpoint: what its adverts say, and which it accepts.
        sources: the addresses that it can send from, as far as they are known.
        local: whether it runs on this host.
        excluded: the addresses that it holds and its adverts do not list (virtual_ipaddress_excluded).
        release_known: where its release is known from.
    """

    node: str
    instance: Instance
    reach: Reach
    resolved: Resolved
    endpoint: Endpoint
    sources: frozenset[str]
    local: bool = False
    excluded: frozenset[str] = frozenset()
    release_known: Known = "given"

    @property
    def sure(self) -> bool:
        """Whether somebody has said which release it runs."""
        return self.release_known in ("given", "installed")

    @property
    def addresses(self) -> frozenset[str]:
        """The virtual addresses that its adverts list, without prefix lengths."""
        return self.endpoint.addresses

    @property
    def auth(self) -> str:
        """How it signs: "none", "pass", "ah" or "hmac"."""
        return self.endpoint.auth

    @property
    def password(self) -> Key | None:
        """Of `authentication`, None without."""
        return self.endpoint.password

    @property
    def hmac(self) -> Hmac | None:
        """None without auth_hmac."""
        return self.endpoint.hmac

    @property
    def group(self) -> str | None:
        """The multicast group, None with unicast peers."""
        return self.endpoint.group

    @property
    def ttl(self) -> int | None:
        """Its own TTL where that is known."""
        return None if self.endpoint.kernel_ttl else self.endpoint.ttl

    @property
    def checksum(self) -> frozenset[str]:
        """The forms in which it sends its checksum (see `kalint.wire.checksum`)."""
        return self.endpoint.checksum

    @property
    def profile(self) -> Profile:
        """The node's release."""
        return self.resolved.profile

    @property
    def name(self) -> str:
        """`VI_1 of lb1`."""
        return f"{self.instance.name} of {self.node}"

    @property
    def place(self) -> tuple[str, int]:
        """What makes it a virtual router, but for the link."""
        return self.instance.family, self.instance.virtual_router_id.value

    def down_interval(self, priority: int | None = None, interval: float | None = None) -> float:
        """Seconds until it, as a backup, takes a master for dead; by default at its lowest priority.

        Args:
            priority: its effective priority then.
            interval: the master's advert interval, which version 3 takes over.
        """
        if priority is None:
            priority = self.reach.reachable[0].priority if self.reach.reachable else None
        heard = None if interval is None else round(interval * SECOND)
        return timers_of(self.instance, self.profile).master_down(priority or LOWEST, heard) / SECOND


ByPlace = Mapping[tuple[str, int], Sequence[Expected]]
"""Instances by their `place`."""


def expect(nodes: Sequence[Node], local: frozenset[str] = frozenset()) -> tuple[Expected, ...]:
    """Every instance of every node; `local` are the addresses of this host."""
    found = []
    for node in nodes:
        reach = reaching(node.resolved.profile)
        found += [_expected(node, instance, reach(instance), local) for instance in node.resolved.instances]
    return _with_peers(found)


def _expected(node: Node, instance: Instance, reach: Reach, local: frozenset[str]) -> Expected:
    of_interface = node.addresses.get(instance.interface.value)
    known = (of_interface, source_of(instance))
    sources = frozenset(
        canonical(each) for each in known if each is not None and address_family(each) == instance.family
    )
    found = endpoint(instance, node.resolved, of_interface)
    excluded = frozenset(canonical(each.word.text) for each in instance.written.excluded_addresses)
    here = not sources.isdisjoint(local)
    return Expected(node.name, instance, reach, node.resolved, found, sources, here, excluded)


def by_place(expected: Iterable[Expected]) -> ByPlace:
    """The instances of each virtual router, wherever its links are."""
    found: dict[tuple[str, int], list[Expected]] = {}
    for each in expected:
        found.setdefault(each.place, []).append(each)
    return found


def _with_peers(found: Sequence[Expected]) -> tuple[Expected, ...]:
    """With what unicast peers tell: an address that all others send to, and none of them has, is the last one's."""
    told: dict[int, frozenset[str]] = {}
    for members in by_place(found).values():
        taken = {address for member in members for address in member.sources}
        for member in members:
            others = [other for other in members if other.node != member.node and other.instance.unicast_peers]
            if member.sources or not others:
                continue
            named = frozenset.intersection(*[frozenset(map(canonical, o.instance.unicast_peers)) for o in others])
            left = named - taken - frozenset(map(canonical, member.instance.unicast_peers))
            if len(left) == 1:
                told[id(member)] = left
    return tuple(each._replace(sources=told.get(id(each), each.sources)) for each in found)
