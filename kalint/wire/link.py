"""Link types: where in a frame the network layer begins."""

from __future__ import annotations

from typing import NamedTuple

from kalint.wire.advert import Frame

ETHERNET, RAW = 1, 101
LINUX_COOKED, LINUX_COOKED_2 = 113, 276
_RAW_IP = frozenset({12, 14, RAW, 228, 229})
_LOOPBACK = frozenset({0, 108})
LINK_TYPES = frozenset({ETHERNET, LINUX_COOKED, LINUX_COOKED_2}) | _RAW_IP | _LOOPBACK

IPV4, IPV6 = 0x0800, 0x86DD
_TAGS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})


class Link(NamedTuple):
    """What the link layer says: `protocol` is an Ethernet type, and `at` the offset of what follows."""

    protocol: int
    at: int
    vlans: tuple[int, ...]
    source_mac: str
    interface: str


def link_layer(frame: Frame) -> Link | None:
    """Read the link layer; None where the frame ends within it, or its link type is not in LINK_TYPES."""
    data, link_type = frame.data, frame.link_type
    if link_type == ETHERNET and len(data) >= 14:
        return _behind_tags(data, 12, data[6:12].hex(":"), frame.interface)
    if link_type == LINUX_COOKED and len(data) >= 16:
        return _behind_tags(data, 14, _cooked_address(data, int.from_bytes(data[4:6], "big"), 6), frame.interface)
    if link_type == LINUX_COOKED_2 and len(data) >= 20:
        return _cooked_2(frame)
    at = 4 if link_type in _LOOPBACK else 0
    if (at or link_type in _RAW_IP) and len(data) > at:
        return Link({4: IPV4, 6: IPV6}.get(data[at] >> 4, 0), at, (), "", frame.interface)
    return None


def _behind_tags(data: bytes, at: int, mac: str, interface: str) -> Link | None:
    """Follow the VLAN tags (802.1Q, 802.1ad, and the types in use before) from the Ethernet type at `at`."""
    protocol = int.from_bytes(data[at : at + 2], "big")
    at += 2
    vlans = []
    while protocol in _TAGS:
        if len(data) < at + 4:
            return None
        vlans.append((data[at] & 0x0F) << 8 | data[at + 1])
        protocol = data[at + 2] << 8 | data[at + 3]
        at += 4
    return Link(protocol, at, tuple(vlan for vlan in vlans if vlan), mac, interface)


def _cooked_2(frame: Frame) -> Link | None:
    """LINKTYPE_LINUX_SLL2, `tcpdump -i any`: the protocol comes first, and the interface is a number."""
    data = frame.data
    interface = f"{frame.interface}#{int.from_bytes(data[4:8], 'big')}"
    mac = _cooked_address(data, data[11], 12)
    link = _behind_tags(data[:2] + data[20:], 0, mac, interface)
    return link and link._replace(at=link.at + 18)


def _cooked_address(data: bytes, length: int, at: int) -> str:
    return data[at : at + 6].hex(":") if length == 6 else ""
