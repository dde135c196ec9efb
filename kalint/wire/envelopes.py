"""IP packets in other envelopes: tunnels, labels, Wi-Fi. scapy takes the envelopes off; our decoder reads the packet.

Ethernet, VLAN, Linux cooked and raw captures never come here, so scapy is imported only when a capture needs it. This
is the one module of what reads the wire that may import it (setup.cfg, importlinter).

Source: scapy 2.5 to 2.8 for VXLAN (RFC 7348), GENEVE (RFC 8926), GRE (RFC 2784), ERSPAN, MPLS (RFC 3032), PPPoE (RFC
2516) and SNAP (RFC 1042). It also reads 802.11 with radiotap and Prism headers, PPP, and IP in IP.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.wire.link import ETHERNET, IPV4, IPV6

if TYPE_CHECKING:
    from kalint.wire.advert import Frame
    from kalint.wire.link import Link

LINK_TYPES = frozenset({9, 50, 51, 104, 105, 119, 127})
"""PPP, PPP in HDLC-like framing, PPPoE, Cisco HDLC, 802.11, with a Prism, with a radiotap header."""

_WIFI, _PRISM, _RADIOTAP = 105, 119, 127
_GROUPS = (b"\x01\x00\x5e\x00\x00\x12", b"\x33\x33\x00\x00\x00\x12")
_IP_PROTOCOLS = frozenset({4, 41, 47})  # IP in IP, IPv6 in IP, GRE
_UDP = 17
_UDP_PORTS = frozenset({4789, 4790, 8472, 6081, 37008})  # VXLAN, VXLAN-GPE, VXLAN of old Linux, GENEVE, TZSP
_PASSENGER = re.compile(rb"[\x45-\x4f].{8}[\x70\x33]|[\x60-\x6f].{5}[\x70\x33\x00\x2b\x2c\x3c]", re.DOTALL)
"""What looks like an IPv4 or IPv6 header before VRRP or AH: nothing else is worth a look by scapy."""


class InnerFrame(NamedTuple):
    """The frame that was inside; `data` begins with an Ethernet header."""

    data: bytes
    length: int


def may_carry(frame: Frame, link: Link | None) -> bool:
    """Whether a frame that is no VRRP may have some in an envelope that only scapy takes off."""
    data = frame.data
    if link is None:
        return frame.link_type in LINK_TYPES and _PASSENGER.search(data) is not None
    at = link.at
    if link.protocol in (IPV4, IPV6):
        start = at + (4 * (data[at] & 0x0F) if link.protocol == IPV4 else 40) if len(data) > at else len(data)
        if len(data) < start + 8:
            return False
        protocol = data[at + 9] if link.protocol == IPV4 else data[at + 6]
        inside = protocol in _IP_PROTOCOLS or (
            protocol == _UDP and int.from_bytes(data[start + 2 : start + 4], "big") in _UDP_PORTS
        )
        return inside and _PASSENGER.search(data, start) is not None
    return _PASSENGER.search(data, at) is not None


def is_sealed(frame: Frame) -> bool:
    """Whether it is an encrypted 802.11 data frame to a multicast group of VRRP, in which nothing can be read.

    Source: IEEE 802.11, 9.2.4.1: the type is 2 in bits 2 and 3, "protected frame" is bit 14; addresses are in clear.
    """
    data, at = frame.data, 0
    if frame.link_type == _RADIOTAP:
        at = int.from_bytes(data[2:4], "little")
    elif frame.link_type == _PRISM:
        at = 144
    elif frame.link_type != _WIFI:
        return False
    control, addresses = data[at : at + 2], data[at + 4 : at + 22]
    if len(control) < 2 or control[0] & 0x0C != 0x08 or not control[1] & 0x40:
        return False
    return any(group in (addresses[:6], addresses[12:]) for group in _GROUPS)


def passenger(frame: Frame) -> InnerFrame | None:
    """The innermost VRRP packet of a frame, after an Ethernet header with its VLAN tags; None without one."""
    scapy = _scapy()
    outer = scapy.link_types.get(frame.link_type)
    if outer is None:
        return None
    try:
        layer = outer(frame.data)
        return _innermost(layer, scapy, len(frame.data) < frame.length)
    except Exception:
        return None


def _innermost(layer: Any, scapy: _Scapy, is_cut: bool) -> InnerFrame | None:
    found: InnerFrame | None = None
    mac, tags = b"", b""
    while layer:
        if isinstance(layer, scapy.ethernet):
            mac, tags = _mac(getattr(layer, "src", "")), b""
        elif isinstance(layer, scapy.wifi):
            mac, tags = _mac(_sender(layer)), b""
        elif isinstance(layer, scapy.tags):
            tags += b"\x81\x00" + layer.vlan.to_bytes(2, "big")
        elif isinstance(layer, scapy.ip):
            is_ipv4 = layer.version == 4
            packet = bytes(layer.original)
            carries = (layer.proto if is_ipv4 else layer.nh) in (112, 51, 0, 43, 44, 60)
            if carries:
                kind = (IPV4 if is_ipv4 else IPV6).to_bytes(2, "big")
                data = bytes(6) + (mac or bytes(6)) + tags + kind + packet
                size = layer.len if is_ipv4 else layer.plen + 40
                found = InnerFrame(data, len(data) + max(0, size - len(packet)) if is_cut else len(data))
        layer = layer.payload
    return found


def _sender(layer: Any) -> str | None:
    """The source of an 802.11 frame: which address field has it, the direction says (IEEE 802.11, table 9-30)."""
    to_ds, from_ds = int(layer.FCfield) & 1, int(layer.FCfield) & 2
    address = (layer.addr4 if to_ds else layer.addr3) if from_ds else layer.addr2
    return str(address) if address else None


def _mac(text: str | None) -> bytes:
    try:
        return bytes.fromhex((text or "").replace(":", ""))
    except ValueError:
        return b""


class _Scapy(NamedTuple):
    link_types: dict[int, Any]
    ethernet: tuple[Any, ...]
    wifi: Any
    tags: tuple[Any, ...]
    ip: tuple[Any, ...]


@cache
def _scapy() -> _Scapy:
    """Scapy's classes; it is told to keep its remarks about this host to itself."""
    import logging
    import warnings

    logging.getLogger("scapy").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import scapy.contrib.chdlc
        import scapy.contrib.erspan
        import scapy.contrib.geneve
        import scapy.contrib.mpls
        import scapy.contrib.tzsp
        import scapy.layers.dot11
        import scapy.layers.inet
        import scapy.layers.inet6
        import scapy.layers.l2
        import scapy.layers.ppp
        import scapy.layers.vxlan
    l2, inet, inet6, dot11, ppp = (
        scapy.layers.l2,
        scapy.layers.inet,
        scapy.layers.inet6,
        scapy.layers.dot11,
        scapy.layers.ppp,
    )
    link_types = {
        ETHERNET: _ethernet_or_802_3(l2),
        9: ppp.PPP,
        50: ppp.HDLC,
        51: l2.Ether if not hasattr(ppp, "PPPoE") else ppp.PPPoE,
        104: scapy.contrib.chdlc.CHDLC,
        105: dot11.Dot11,
        119: dot11.PrismHeader,
        127: dot11.RadioTap,
        101: inet.IP,
        113: l2.CookedLinux,
        276: l2.CookedLinuxV2 if hasattr(l2, "CookedLinuxV2") else l2.CookedLinux,
    }
    tags = tuple(getattr(l2, name) for name in ("Dot1Q", "Dot1AD") if hasattr(l2, name))
    return _Scapy(link_types, (l2.Ether, l2.Dot3), dot11.Dot11, tags, (inet.IP, inet6.IPv6))


def _ethernet_or_802_3(l2: Any) -> Any:
    """Ethernet II, or 802.3 where the type is a length."""

    def dissect(data: bytes) -> Any:
        return (l2.Ether if int.from_bytes(data[12:14], "big") > 1500 else l2.Dot3)(data)

    return dissect
