"""Which instances hear each other, and what becomes of an advert on its way."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

from kalint.analysis.cluster.links import match
from kalint.literals import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.results import Member, Node, Router
    from kalint.semantics.resolved import Instance

CUT = 1.0
_PASSWORD = 8  # bytes of it that are sent


class Link:
    """The way from one node to another. `lost` is the share of adverts that do not arrive: 0 none, 1 all.

    Which of them is a matter of chance that is the same in every run and on every machine.
    """

    def __init__(self, sender: str, receiver: str, seed: int) -> None:
        self.lost = 0.0
        self._chance = _chance(f"{seed} {sender} {receiver}")

    def passes(self) -> bool:
        """Whether the next advert arrives."""
        if self.lost <= 0.0:
            return True
        return self.lost < CUT and next(self._chance) >= self.lost


def _chance(seed: str) -> Iterator[float]:
    """Numbers from 0 up to 1 in no order that one could see."""
    for number in count():
        digest = hashlib.sha256(f"{seed} {number}".encode()).digest()
        for at in range(0, len(digest), 4):
            yield int.from_bytes(digest[at : at + 4], "big") / 2**32


def shared(nodes: Sequence[Node]) -> tuple[Router, ...]:
    """The virtual routers of a cluster: those that nodes share, then each instance that stands alone."""
    from kalint.analysis.cluster.results import Router

    routers, alone = match(nodes)
    single = [Router(each.instance.virtual_router_id.value, each.instance.family, (each.member,)) for each in alone]
    return (*routers, *single)


def verdict(receiver: Member, sender: Member) -> str | None:
    """What a node makes of another's adverts: `ok`, `rejected`, `interval`; None: they do not reach it.

    `interval` is the other advert interval in version 2, which releases before 2.0.0 reject as a master only. Source:
    vrrp.c vrrp_check_packet.
    """
    mine, theirs = receiver.instance, sender.instance
    if theirs.unicast_peers and receiver.address is not None:
        peers = [packed(peer) for peer in theirs.unicast_peers]
        if packed(receiver.address) not in peers:
            return None
    if bool(mine.unicast_peers) != bool(theirs.unicast_peers) or mine.vrrp_version != theirs.vrrp_version:
        return "rejected"
    if mine.vrrp_version == 2 and _authentication(mine) != _authentication(theirs):
        return "rejected"
    if receiver.node.resolved.profile.address_list_checked and _addresses(mine) != _addresses(theirs):
        return "rejected"
    if mine.vrrp_version == 2 and mine.advert_interval.value != theirs.advert_interval.value:
        return "interval" if not receiver.node.resolved.profile.computed_on_events else "rejected"
    return "ok"


def _authentication(instance: Instance) -> tuple[str, bytes]:
    kind = instance.auth_type.value if instance.auth_type is not None else ""
    node = instance.written.settings.get("auth_pass")
    word = node.words[1].text if kind and node is not None and len(node.words) > 1 else ""
    return kind, word.encode("utf-8", "surrogateescape")[:_PASSWORD]


def _addresses(instance: Instance) -> set[bytes | None]:
    return {packed(address.split("/")[0]) for address in instance.virtual_addresses}
