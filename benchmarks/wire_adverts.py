"""The adverts of 255 virtual routers that two masters send by turns, for the two benchmarks of the wire."""

from __future__ import annotations

import struct

ROUTERS, INTERVAL = 255, 0.01


def packets() -> list[bytes]:
    """One Ethernet frame of version 3 for each router, padded to 60 bytes, with id and header checksum as zero."""
    return [_frame(router) for router in range(1, ROUTERS + 1)]


def _frame(router: int) -> bytes:
    source, group = bytes((192, 0, 2, 1 + router % 2)), bytes((224, 0, 0, 18))
    advert = struct.pack(">BBBBHH4s", 0x31, router, 100, 1, round(INTERVAL * 100), 0, bytes((10, 1, 0, router)))
    total = _sum(source + group + struct.pack(">HH", 112, len(advert)) + advert)
    advert = advert[:6] + struct.pack(">H", 0xFFFF - total) + advert[8:]
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(advert), 0, 0, 255, 112, 0, source, group)
    return (b"\x01\x00\x5e\x00\x00\x12\x02\x00\x00\x00\x00\x01\x08\x00" + ip + advert).ljust(60, b"\0")


def numbered(frame: bytes, number: int) -> bytes:
    """The frame as the advert of this number: keepalived counts its id, so the checksum of the header changes too."""
    ip_id = number & 0xFFFF
    checksum = 0xFFFF - (_sum(frame[14:34]) + ip_id) % 0xFFFF
    return frame[:18] + struct.pack(">H", ip_id) + frame[20:24] + struct.pack(">H", checksum) + frame[26:]


def _sum(data: bytes) -> int:
    return int.from_bytes(data, "big") % 0xFFFF
