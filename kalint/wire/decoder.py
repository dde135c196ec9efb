"""Frames to adverts."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from kalint.wire.advert import Advert, Ah, Foreign, Frame, Malformed, SkippedFrame
from kalint.wire.checksum import VRRP_GROUP, matching_form, words_sum
from kalint.wire.envelopes import LINK_TYPES as ENVELOPES
from kalint.wire.envelopes import is_sealed, may_carry, passenger
from kalint.wire.foreign import carp, first_hop
from kalint.wire.link import ETHERNET, IPV4, IPV6, LINK_TYPES, LINUX_COOKED, LINUX_COOKED_2, Link, link_layer
from kalint.wire.packet import AH, Broken, Packet, behind_ah, network_layer
from kalint.wire.secret import Secret
from kalint.wire.vrrp import Pdu, parse

_KNOWN_AT_MOST = 2048
_ADDRESSES_AT_MOST = 16384
"""Of all adverts that are remembered together."""
_NETWORK_LAYER_AT = {ETHERNET: 14, LINUX_COOKED: 16, LINUX_COOKED_2: 20}

_FAMILIES = {IPV4: "ipv4", IPV6: "ipv6"}

Decoded = Advert | Malformed | Foreign | SkippedFrame | None

_Key = tuple[bytes, int, int, str]


class Decoder:
    """Decodes frames, and remembers up to 2,048 adverts: a router repeats itself, so the next one needs one look-up."""

    def __init__(self, groups: Sequence[str] = ()) -> None:
        """Decode; `groups` are the IPv4 multicast groups in use beside 224.0.0.18 (vrrp_mcast_group4)."""
        self._groups = (VRRP_GROUP, *(socket.inet_pton(socket.AF_INET, group) for group in groups))
        self._known: dict[_Key, tuple[int, tuple[Any, ...]]] = {}
        self._addresses = 0

    def decode(self, frame: Frame) -> Decoded:
        """The advert in the frame, why there is none in a VRRP packet, CARP, HSRP or GLBP, else None. Never raises."""
        time, data, link_type, length, interface = frame
        at = 18 if data[12:14] == b"\x81\x00" and link_type == ETHERNET else _NETWORK_LAYER_AT.get(link_type, 0)
        if data[at : at + 1] != b"\x45":
            key = (data, link_type, length, interface)
            known = self._known.get(key)
            if known is not None:
                return tuple.__new__(Advert, (time, None, None, None, *known[1]))
            return self._learn(frame, key, -1)
        # IPv4 without options: only its id and its checksum change from one packet to the next
        key = (data[: at + 4] + data[at + 6 : at + 10] + data[at + 12 :], link_type, length, interface)
        known = self._known.get(key)
        if known is not None:
            ip_id = data[at + 4] << 8 | data[at + 5]
            if (known[0] + ip_id + (data[at + 10] << 8 | data[at + 11])) % 0xFFFF == 0:
                return tuple.__new__(Advert, (time, ip_id, None, None, *known[1]))
        return self._learn(frame, key, at)

    def _learn(self, frame: Frame, key: _Key, at: int) -> Decoded:
        """Decode the frame, and remember it if another with this key would be decoded to the same."""
        link = link_layer(frame)
        advert = _decode(frame, link, self._groups)
        if link is None and is_sealed(frame):
            return SkippedFrame(frame.time, "encrypted 802.11 to a group of VRRP")
        if advert is None and may_carry(frame, link):
            inside = passenger(frame)
            if inside is None:
                return None
            inner = frame._replace(data=inside.data, length=inside.length, link_type=ETHERNET)
            return _decode(inner, link_layer(inner), self._groups)
        if link is None or not isinstance(advert, Advert) or advert.ah or advert.hmac:
            return advert
        header = frame.data[at : at + 20] if at >= 0 else b""
        if advert.family == "ipv6" if at < 0 else at == link.at and advert.family == "ipv4" and words_sum(header) == 0:
            self._addresses += len(advert.addresses)
            if len(self._known) >= _KNOWN_AT_MOST or self._addresses > _ADDRESSES_AT_MOST:
                self._known.clear()
                self._addresses = len(advert.addresses)
            self._known[key] = (words_sum(header[:4] + header[6:10] + header[12:]), advert[4:])
        return advert


def _decode(frame: Frame, link: Link | None, groups: Sequence[bytes]) -> Decoded:
    if link is None:
        if frame.link_type in LINK_TYPES or frame.link_type in ENVELOPES:
            return None
        return SkippedFrame(frame.time, f"link type {frame.link_type}")
    packet = network_layer(frame.data, max(frame.length, len(frame.data)), link.protocol, link.at)
    if packet is None:
        other = first_hop(frame.data, link.protocol, link.at) if link.protocol in _FAMILIES else None
        return _foreign(frame, link, *other) if other is not None else None
    if isinstance(packet, Broken):
        return _malformed(frame, link, packet)
    header, behind = b"", packet.payload
    if packet.protocol == AH:
        layers = behind_ah(packet)
        if layers is None or isinstance(layers, Broken):
            return layers and _malformed(frame, link, layers)
        header, behind = layers
    vhid = carp(behind, packet.size) if not header else None
    if vhid is not None:
        return _foreign(frame, link, "CARP", packet.source, vhid)
    pdu = parse(behind, packet.size - len(header), len(packet.source))
    if isinstance(pdu, Broken):
        return _malformed(frame, link, pdu._replace(source=packet.source, destination=packet.destination))
    return _advert(frame, link, packet, header, pdu, groups)


def _foreign(frame: Frame, link: Link, protocol: str, source: bytes, group: int) -> Foreign:
    family = _FAMILIES[link.protocol]
    return Foreign(frame.time, protocol, link.interface, link.vlans, family, _address(source), group)


def _malformed(frame: Frame, link: Link, broken: Broken) -> Malformed:
    return Malformed(
        frame.time,
        broken.reason,
        broken.detail,
        link.interface,
        link.vlans,
        _FAMILIES.get(link.protocol, ""),
        _address(broken.source),
        _address(broken.destination),
        link.source_mac,
    )


def _advert(frame: Frame, link: Link, packet: Packet, ah: bytes, pdu: Pdu, groups: Sequence[bytes]) -> Advert:
    whole = len(packet.payload) == packet.size
    form = matching_form(pdu.version, packet.source, packet.destination, pdu.data, pdu.trailer, groups)
    problems = pdu.problems
    if packet.header_sum:
        problems += ("the checksum of its IPv4 header is wrong",)
    if ah and pdu.auth != "ah":
        problems += (f"it came in an authentication header, but its authentication type is {pdu.auth}",)
    elif not ah and pdu.auth == "ah":
        problems += ("its authentication type is AH, but it came in no authentication header",)
    return Advert(
        time=frame.time,
        ip_id=packet.ip_id,
        ah=Ah(_address(ah[4:8]), int.from_bytes(ah[8:12], "big")) if ah else None,
        hmac=pdu.hmac,
        secret=_secret(packet, ah, pdu) if whole else None,
        interface=link.interface,
        vlans=link.vlans,
        family=_FAMILIES[link.protocol],
        source=_address(packet.source),
        destination=_address(packet.destination),
        source_mac=link.source_mac,
        ttl=packet.ttl,
        version=pdu.version,
        virtual_router_id=pdu.virtual_router_id,
        priority=pdu.priority,
        addresses=tuple(map(_address, pdu.addresses)),
        interval=pdu.interval,
        auth="ah" if ah else pdu.auth,
        checksum=form if whole else "cut",
        problems=problems,
    )


def _secret(packet: Packet, ah: bytes, pdu: Pdu) -> Secret | None:
    if ah:
        return Secret("ah", ah[12:], _covered_by_ah(packet, ah))
    if pdu.hmac:
        return Secret("hmac", pdu.trailer[12:28], (_covered_by_hmac(packet, pdu),))
    return Secret("pass", pdu.authentication) if pdu.auth == "pass" and len(pdu.authentication) == 8 else None


def _covered_by_ah(packet: Packet, ah: bytes) -> tuple[bytes, ...]:
    """The packet with TOS, fragment field, header checksum and check value as zero (RFC 2402 section 3.3.3.1).

    RFC 2402 has the TTL as zero too; keepalived only for unicast (vrrp_in_chk_ipsecah of every release).
    """
    ip, vrrp = packet.header, packet.payload[len(ah) :]
    if packet.ip_id is None:
        return ()
    rest = ip[12:] + ah[:12].ljust(len(ah), b"\0") + vrrp
    start = ip[:1] + b"\0" + ip[2:6] + b"\0\0"
    return tuple(start + ttl + ip[9:10] + b"\0\0" + rest for ttl in (ip[8:9], b"\0"))


def _covered_by_hmac(packet: Packet, pdu: Pdu) -> bytes:
    """Pseudo header, PDU without its checksum, trailer without its HMAC (keepalived 2.4.0, vrrp_auth_hmac.c)."""
    family = 4 if len(packet.source) == 4 else 6
    pseudo_header = bytes((family, pdu.version, pdu.virtual_router_id, 0)) + packet.source.ljust(16, b"\0")
    return pseudo_header + pdu.data[:6] + b"\0\0" + pdu.data[8:] + pdu.trailer[:12] + bytes(16)


def _address(packed: bytes) -> str:
    """The address as text, empty where the capture does not have all of it."""
    if len(packed) == 4:
        return socket.inet_ntop(socket.AF_INET, packed)
    return socket.inet_ntop(socket.AF_INET6, packed) if len(packed) == 16 else ""
