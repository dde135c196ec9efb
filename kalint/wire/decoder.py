"""Frames to adverts (a first simple version)."""

from __future__ import annotations

import socket

from kalint.wire.advert import Advert, Frame, Malformed
from kalint.wire.secret import Secret


class Decoder:
    """Decodes frames; the one that is kept knows the adverts that it has seen, and is faster."""

    def decode(self, frame: Frame) -> Advert | Malformed | None:
        """The advert in the frame, why there is none in a VRRP packet, or None for what is no VRRP. Never raises."""
        data = frame.data
        if data[12:14] == b"\x08\x00":
            payload = data[14 + 4 * (data[14] & 15) : 14 + int.from_bytes(data[16:18], "big")]
            if data[23] != 112:
                return None
            family, size, ttl, ip_id = socket.AF_INET, 4, data[22], int.from_bytes(data[18:20], "big")
            source, destination = data[26:30], data[30:34]
        elif data[12:14] == b"\x86\xdd" and data[20] == 112:
            payload = data[54 : 54 + int.from_bytes(data[18:20], "big")]
            family, size, ttl, ip_id = socket.AF_INET6, 16, data[21], -1
            source, destination = data[22:38], data[38:54]
        else:
            return None
        if len(payload) < 8:
            return Malformed(frame.time, "too short for a VRRP header", f"{len(payload)} bytes", frame.interface)
        version = payload[0] >> 4
        end = 8 + size * payload[3]
        addresses = tuple(socket.inet_ntop(family, payload[at : at + size]) for at in range(8, end, size))
        is_pass = version == 2 and payload[4] == 1
        return Advert(
            time=frame.time,
            ip_id=ip_id if size == 4 else None,
            ah=None,
            hmac=None,
            secret=Secret("pass", payload[end : end + 8]) if is_pass else None,
            interface=frame.interface,
            vlans=(),
            family="ipv4" if size == 4 else "ipv6",
            source=socket.inet_ntop(family, source),
            destination=socket.inet_ntop(family, destination),
            source_mac=data[6:12].hex(":"),
            ttl=ttl,
            version=version,
            virtual_router_id=payload[1],
            priority=payload[2],
            addresses=addresses,
            interval=float(payload[5]) if version == 2 else ((payload[4] & 15) * 256 + payload[5]) / 100,
            auth="pass" if is_pass else "none",
            checksum="plain" if version == 2 else "pseudo",
        )
