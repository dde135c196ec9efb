"""IPv4 and IPv6 (RFC 791, RFC 8200) around a VRRP packet, and the authentication header (RFC 2402) between them."""

from __future__ import annotations

from typing import NamedTuple

from kalint.wire.checksum import words_sum
from kalint.wire.link import IPV4, IPV6

VRRP, AH = 112, 51
_FRAGMENT = 44
_EXTENSIONS = frozenset({0, 43, 60})  # hop-by-hop, routing, destination options
_AH_FIXED = 12


class Packet(NamedTuple):
    """One IP packet that says it carries VRRP or AH.

    `payload` is what the capture has of it; `size` is how long the IP header says that it is.
    """

    source: bytes
    destination: bytes
    ttl: int
    ip_id: int | None
    protocol: int
    header: bytes
    payload: bytes
    size: int
    header_sum: int


class Broken(NamedTuple):
    """A packet that says it carries VRRP, but cannot be read, and why."""

    reason: str
    detail: str = ""
    source: bytes = b""
    destination: bytes = b""


def network_layer(data: bytes, length: int, protocol: int, at: int) -> Packet | Broken | None:
    """The packet at `at` of a frame of `length` bytes; None if it carries neither VRRP nor AH."""
    if protocol == IPV4:
        return _ipv4(data, length, at)
    return _ipv6(data, length, at) if protocol == IPV6 else None


def _ipv4(data: bytes, length: int, at: int) -> Packet | Broken | None:
    if len(data) < at + 10 or data[at + 9] not in (VRRP, AH):
        return None
    if len(data) < at + 20:
        return _missing(length, at + 20, len(data))
    source, destination = data[at + 12 : at + 16], data[at + 16 : at + 20]
    start, total = 4 * (data[at] & 0x0F), int.from_bytes(data[at + 2 : at + 4], "big")
    if data[at] >> 4 != 4 or not 20 <= start <= total:
        detail = f"header of {start}, packet of {total} bytes"
        return Broken("the IP header contradicts itself", detail, source, destination)
    offset = int.from_bytes(data[at + 6 : at + 8], "big") & 0x3FFF
    if offset:
        return _fragment(data[at + 9] == AH, offset & 0x1FFF, source, destination)
    if length < at + total:
        return _missing(length, at + total, len(data))._replace(source=source, destination=destination)
    header = data[at : at + start]
    return Packet(
        source,
        destination,
        data[at + 8],
        int.from_bytes(data[at + 4 : at + 6], "big"),
        data[at + 9],
        header,
        data[at + start : at + total],
        total - start,
        words_sum(header),
    )


def _ipv6(data: bytes, length: int, at: int) -> Packet | Broken | None:
    if len(data) < at + 7:
        return None
    protocol, start = data[at + 6], at + 40
    total = at + 40 + int.from_bytes(data[at + 4 : at + 6], "big")
    source, destination = data[at + 8 : at + 24], data[at + 24 : at + 40]
    while protocol in _EXTENSIONS and len(data) >= start + 8:
        protocol, start = data[start], start + 8 + 8 * data[start + 1]
    if protocol == _FRAGMENT and len(data) >= start + 8 and data[start] in (VRRP, AH):
        offset = int.from_bytes(data[start + 2 : start + 4], "big")
        return _fragment(data[start] == AH, offset >> 3, source, destination)
    if protocol not in (VRRP, AH):
        return None
    if len(data) < at + 40:
        return _missing(length, at + 40, len(data))
    if data[at] >> 4 != 6 or total < start:
        detail = f"headers of {start - at}, packet of {total - at} bytes"
        return Broken("the IP header contradicts itself", detail, source, destination)
    if length < total:
        return _missing(length, total, len(data))._replace(source=source, destination=destination)
    return Packet(
        source, destination, data[at + 7], None, protocol, data[at:start], data[start:total], total - start, 0
    )


def _missing(length: int, needed: int, captured: int) -> Broken:
    """Tell whether the sender or the capture left bytes out."""
    if length < needed:
        return Broken("the frame ends before its packet does", f"{length} of {needed} bytes")
    return Broken("cut short by the capture", f"{captured} of {length} bytes")


def _fragment(is_ah: bool, offset: int, source: bytes, destination: bytes) -> Broken | None:
    """A part of a packet. A later part after AH may be anybody's."""
    if is_ah and offset:
        return None
    return Broken("a fragment", f"offset {8 * offset}", source, destination)


def behind_ah(packet: Packet) -> tuple[bytes, bytes] | Broken | None:
    """The authentication header and what is after it; None if that is not VRRP."""
    payload, source, destination = packet.payload, packet.source, packet.destination
    if not payload or payload[0] != VRRP:
        return None
    end = 4 * (payload[1] + 2) if len(payload) > 1 else _AH_FIXED
    if not _AH_FIXED <= end <= packet.size:
        detail = f"{end} of {packet.size} bytes"
        return Broken("the authentication header does not fit", detail, source, destination)
    if len(payload) < end:
        return Broken("cut short by the capture", f"{len(payload)} of {packet.size} bytes", source, destination)
    return payload[:end], payload[end:]
