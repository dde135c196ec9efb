"""The VRRP packet itself: version 2 (RFC 3768) and 3 (RFC 5798), and the auth_hmac trailer of keepalived 2.4."""

from __future__ import annotations

from typing import NamedTuple

from kalint.wire.advert import Hmac
from kalint.wire.packet import Broken

HEADER = 8
_AUTHENTICATION = 8
_ADVERTISEMENT = 1
_TRAILER = 28
_HMAC_SHA256 = 1
_AUTH_TYPES = {0: "none", 1: "pass", 2: "ah", 254: "md5"}
"""254 is no type of RFC 2338: Wireshark's dissector calls it "Cisco VRRP MD5 authentication"."""


class Pdu(NamedTuple):
    """A VRRP packet taken apart; `data` is the PDU and `trailer` what follows it, both as far as captured."""

    version: int
    virtual_router_id: int
    priority: int
    addresses: tuple[bytes, ...]
    interval: float
    auth: str
    authentication: bytes
    data: bytes
    trailer: bytes
    hmac: Hmac | None
    problems: tuple[str, ...]


def parse(data: bytes, size: int, width: int) -> Pdu | Broken:
    """Take a VRRP packet apart.

    Args:
        data: what the capture has of it.
        size: its length by the IP header, at least that of `data`.
        width: bytes of an address: 4 for IPv4, 16 for IPv6.
    """
    wrong = _unreadable(data, size)
    if wrong:
        return wrong
    version, virtual_router_id, priority, count = data[0] >> 4, data[1], data[2], data[3]
    authentication = _AUTHENTICATION if version == 2 and width == 4 else 0
    room = max(0, (size - HEADER - authentication) // width)
    there = min(count, room)
    after = HEADER + there * width
    end = min(after + authentication, size)
    hmac = _hmac(data[end:]) if size - end == _TRAILER else None
    problems = [*_misfits(data, size, count, room, end, hmac), *_field_problems(data, version, width)]
    if version == 2 and data[4] not in (1, 254) and any(data[after:end]):
        problems.append("there is authentication data, though its type has none")
    if end < after + authentication:
        problems.append("the 8 bytes of authentication data are missing")
    return Pdu(
        version,
        virtual_router_id,
        priority,
        tuple(data[at : at + width] for at in range(HEADER, min(after, len(data) - width + 1), width)),
        float(data[5]) if version == 2 else ((data[4] & 0x0F) << 8 | data[5]) / 100,
        _auth(version, data[4], hmac),
        data[after:end],
        data[:end] if count == there else data,
        data[end:] if count == there else b"",
        hmac,
        tuple(problems),
    )


def _unreadable(data: bytes, size: int) -> Broken | None:
    if size < HEADER:
        return Broken("too short for a VRRP header", f"{size} bytes")
    if data and data[0] >> 4 not in (2, 3):
        return Broken("neither VRRP version 2 nor 3", f"version {data[0] >> 4}")
    if data and data[0] & 0x0F != _ADVERTISEMENT:
        return Broken("not an advertisement", f"type {data[0] & 0x0F}")
    if len(data) < HEADER:
        return Broken("cut short by the capture", f"{len(data)} of {size} bytes")
    return None


def _misfits(data: bytes, size: int, count: int, room: int, end: int, hmac: Hmac | None) -> list[str]:
    problems = []
    if count > room:
        problems.append(f"its address count is {count}, but there is room for {room}")
    elif end < size == len(data) and not hmac:
        problems.append(f"{size - end} bytes follow its end")
    if hmac and data[end + 2 : end + 4] != b"\0\0":
        problems.append("the reserved bytes of its auth_hmac trailer are not zero")
    return problems


def _field_problems(data: bytes, version: int, width: int) -> list[str]:
    problems = []
    if data[1] == 0:
        problems.append("its virtual router id is 0")
    if (data[5] if version == 2 else (data[4] & 0x0F) << 8 | data[5]) == 0:
        problems.append("its interval is 0")
    if data[3] == 0 and (version == 3 or width == 16):
        problems.append("it has no address")
    return problems


def _auth(version: int, kind: int, hmac: Hmac | None) -> str:
    if hmac:
        return "hmac"
    return _AUTH_TYPES.get(kind, f"type {kind}") if version == 2 else "none"


def _hmac(trailer: bytes) -> Hmac | None:
    """The trailer's fields, if it is one: its first byte is the scheme, and all of it was captured."""
    if len(trailer) < _TRAILER or trailer[0] != _HMAC_SHA256:
        return None
    seconds, fraction = int.from_bytes(trailer[4:8], "big"), int.from_bytes(trailer[8:10], "big")
    return Hmac(trailer[1], seconds + fraction / 65536, int.from_bytes(trailer[10:12], "big"))
