"""Other protocols that make routers redundant, told from VRRP by their first bytes.

CARP (OpenBSD, pf, ucarp) shares VRRP's protocol number, group and virtual MAC, and calls itself version 2, type 1: its
36 bytes have vhid, skew, 7 (words of authentication), demotion, base, checksum, an 8 byte counter and a SHA-1 HMAC.
HSRP (RFC 2281) and GLBP (Cisco) are UDP.

Source: OpenBSD, sys/netinet/ip_carp.h; RFC 2281; Wireshark, packet-hsrp.c and packet-glbp.c.
"""

from __future__ import annotations

from kalint.wire.link import IPV4

UDP = 17
HSRP, HSRP_IPV6, GLBP = 1985, 2029, 3222
PORTS = {HSRP: "HSRP", HSRP_IPV6: "HSRP", GLBP: "GLBP"}
GROUPS = ("224.0.0.2", "224.0.0.102", "ff02::66")
"""Where they are sent to."""

CARP_SIZE = 36
_CARP_AUTHENTICATION = 7
_TLV_GROUP_STATE = 1


def carp(data: bytes, size: int) -> int | None:
    """The vhid, if a packet of protocol 112 is CARP's; `size` is its length by the IP header."""
    if size == CARP_SIZE and len(data) >= 4 and data[0] == 0x21 and data[3] == _CARP_AUTHENTICATION:
        return data[1]
    return None


def first_hop(data: bytes, protocol: int, at: int) -> tuple[str, bytes, int] | None:
    """Protocol, source address and group of HSRP or GLBP; None for anything else.

    Args:
        data: the frame.
        protocol: the Ethernet type of the packet: IPv4, or IPv6 without extension headers.
        at: where it begins.
    """
    if protocol == IPV4:
        if len(data) < at + 28 or data[at + 9] != UDP or int.from_bytes(data[at + 6 : at + 8], "big") & 0x1FFF:
            return None
        source, start = data[at + 12 : at + 16], at + 4 * (data[at] & 0x0F)
    else:
        if len(data) < at + 48 or data[at + 6] != UDP:
            return None
        source, start = data[at + 8 : at + 24], at + 40
    name = PORTS.get(int.from_bytes(data[start + 2 : start + 4], "big"))
    body = data[start + 8 :]
    if name is None or len(body) < 8:
        return None
    if name == "GLBP":
        return name, source, int.from_bytes(body[2:4], "big")
    if body[0] == _TLV_GROUP_STATE and body[1] >= 40:  # version 2
        return name, source, int.from_bytes(body[6:8], "big")
    return name, source, body[6]
