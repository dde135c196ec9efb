"""Entries of value blocks: addresses, routes and rules, as far as VRRP hangs on them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kalint.model.config import Address, Route

if TYPE_CHECKING:
    from kalint.source import Word
    from kalint.syntax.tree import Node

_ADDRESS_PARAMETERS = frozenset({"dev", "scope", "broadcast", "brd", "label", "peer", "preferred_lft", "track_group"})
_LABEL_LENGTH = 15
"""IFNAMSIZ of linux/if.h, without the NUL."""


def address(entry: Node) -> Address:
    """An entry of virtual_ipaddress: the address first, then options (vrrp_ipaddress.c, alloc_ipaddress)."""
    words = entry.words
    if len(words) == 1:
        return Address(words[0], None, False, ())
    device: Word | None = None
    refused: Word | None = None
    no_track = False
    position = 1
    while position < len(words):
        option = words[position]
        if option.text in _ADDRESS_PARAMETERS:
            position += 1
            value = words[position] if position < len(words) else None
            if value is None or _refuses(words[0], option.text, value, device):
                refused = refused or option
            elif option.text == "dev":
                device = value
        elif option.text == "no_track":
            no_track = True
        position += 1
    return Address(words[0], device, no_track, words[1:], refused)


def _refuses(address: Word, option: str, value: Word, device: Word | None) -> bool:
    """Whether keepalived drops an address for this option."""
    if option == "dev":
        return device is not None
    if option == "label":
        return len(value.text) > _LABEL_LENGTH
    if option in ("brd", "broadcast"):
        return ":" in address.text or (value.text not in ("-", "+") and not _is_ipv4(value.text))
    return False


def _is_ipv4(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts)


def route(entry: Node) -> Route:
    """An entry of virtual_routes (vrrp_iproute.c, alloc_route): the last `dev`; those of next hops are not tracked."""
    words = entry.words
    end = next((index for index, word in enumerate(words) if word.text == "nexthop"), len(words))
    return _with_devices(entry, words[:end], (("dev", "oif"),))


def rule(entry: Node) -> Route:
    """An entry of virtual_rules (vrrp_iprule.c, alloc_rule): the last incoming and the last outgoing device."""
    return _with_devices(entry, entry.words, (("dev", "iif"), ("oif",)))


def option(entry: Node, keyword: str) -> Word | None:
    """The word after a keyword of an entry."""
    return next((after for word, after in pairwise(entry.words) if word.text == keyword), None)


def _with_devices(entry: Node, words: tuple[Word, ...], sides: tuple[tuple[str, ...], ...]) -> Route:
    devices = []
    for keywords in sides:
        found = [after for word, after in pairwise(words) if word.text in keywords]
        devices += found[-1:]
    return Route(entry, tuple(devices), any(word.text == "no_track" for word in words))
