"""Where an instance's addresses and devices stand, by what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.servers import host_of
from kalint.semantics.values import argument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.semantics.resolved import Instance
    from kalint.semantics.servers import Host
    from kalint.source import Word

SOURCES = ("unicast_src_ip", "mcast_src_ip")
"""The keywords for the node's own address, from which its adverts come."""


class Place(NamedTuple):
    """An address, and the word that has it."""

    host: Host
    word: Word


def virtual(instance: Instance) -> Iterator[Place]:
    """The virtual addresses of an instance, the excluded ones too, that can be read."""
    for address in (*instance.written.addresses, *instance.written.excluded_addresses):
        host = host_of(address.word.text) if address.refused is None else None
        if host is not None:
            yield Place(host, address.word)


def source(instance: Instance) -> Place | None:
    """The node's own address where the instance names it: unicast_src_ip with peers, else mcast_src_ip."""
    for keyword in SOURCES:
        word = argument(instance.written.settings, keyword)
        host = host_of(word.text) if word is not None else None
        if word is not None and host is not None:
            return Place(host, word)
    return None


def peers(instance: Instance) -> Iterator[Place]:
    """The unicast peers that can be read."""
    for node in instance.written.unicast_peers:
        host = host_of(node.words[0].text)
        if host is not None:
            yield Place(host, node.words[0])


def link_local(host: Host) -> bool:
    """Whether it is an IPv6 address of the link (fe80::/10)."""
    family, octets = host
    return family == 6 and octets[0] == 0xFE and octets[1] & 0xC0 == 0x80
