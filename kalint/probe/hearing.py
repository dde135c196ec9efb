"""What can be heard where the observation listens: interfaces that go away, unicast adverts between other hosts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from kalint.literals import packed
from kalint.probe.facts import ip_of
from kalint.semantics.addresses import is_multicast

if TYPE_CHECKING:
    from kalint.probe.expected import Expected
    from kalint.probe.facts import Router, Seen


class Place:
    """Where an observation listens.

    Args:
        interfaces: those that are listened on; none for a capture.
        local: the addresses of this host; none for a capture.
        live: whether it is the wire itself.
        promiscuous: whether frames for other hosts are taken too.
    """

    def __init__(self, interfaces: Sequence[str], local: Collection[str], live: bool, promiscuous: bool) -> None:
        self.interfaces = tuple(interfaces)
        self.local = frozenset(local)
        self.live = live
        self.promiscuous = promiscuous

    def partly(self, router: Router) -> bool:
        """Whether a router's adverts go from host to host, and this one only overhears a part of them."""
        if not self.live or self.promiscuous or not router.sources:
            return False
        destinations = {copy.destination for source in router.sources for copy in source.copies}
        ends = destinations | {ip_of(source.address) for source in router.sources}
        return not any(is_multicast(packed(each)) for each in destinations) and self.local.isdisjoint(ends)

    def elsewhere(self, members: Sequence[Expected]) -> bool:
        """Whether the adverts of a router that was not heard go from peer to peer, and this host is none of them."""
        if not self.live:
            return False
        ends = {address for each in members for address in (*each.sources, *each.instance.unicast_peers)}
        return all(each.instance.unicast_peers for each in members) and self.local.isdisjoint(ends)

    def listened(self, seen: Seen, members: Sequence[Expected] = (), interface: str = "") -> float | None:
        """Seconds for which the link of a router has been listened to without a break; None while it is away.

        Args:
            seen: the observation.
            members: the instances of a router that was not heard.
            interface: where a router was heard.
        """
        own = {each.instance.interface.value for each in members}
        names = [interface] if interface else [name for name in self.interfaces if name in own] or self.interfaces
        back = [seen.listening.get(name, 0.0) for name in names]
        times = [seen.seconds - since for since in back if since is not None]
        return max(times) if times else (None if names else seen.seconds)
