"""Adverts to frames, for captures that are written and never sent: scapy's layers, our checksums and authentication."""

from __future__ import annotations

import hashlib
import hmac
import socket
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.wire.advert import Frame
from kalint.wire.checksum import VRRP_GROUP, words_sum
from kalint.wire.link import ETHERNET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.wire.writer import Opener

_VRRP, _AH = 112, 51
_TOS = 0xC0  # precedence "internetwork control", as keepalived sets it
_HMAC_SHA256 = 1


class Sent(NamedTuple):
    """One advert that somebody would send.

    Attributes:
        time: seconds since 1970.
        interface: the sender's.
        source: its address.
        destination: the multicast group or the peer.
        source_mac: as "02:00:00:00:00:01".
        destination_mac: the peer's, None for a group, whose own it is.
        ttl: TTL or hop limit.
        version: 2 or 3.
        virtual_router_id: 1..255.
        priority: 0..255.
        interval: seconds.
        addresses: the virtual addresses.
        auth: "none", "pass", "ah" or "hmac".
        key: the password, or the key of auth_hmac (an optional `hex:` before it), as bytes of the file.
        key_id: of auth_hmac.
        checksum: "plain", "pseudo" or "multicast-pseudo", see `kalint.wire.checksum`.
        number: the IPv4 identification, and the sequence number of AH: how many adverts this one sent before, and 1.
    """

    time: float
    interface: str
    source: str
    destination: str
    source_mac: str
    destination_mac: str | None
    ttl: int
    version: int
    virtual_router_id: int
    priority: int
    interval: float
    addresses: tuple[str, ...]
    auth: str = "none"
    key: bytes = b""
    key_id: int = 0
    checksum: str = "plain"
    number: int = 1


def encode(sent: Sent) -> Frame:
    """The Ethernet frame of an advert."""
    layers = _layers()
    source, destination = _packed(sent.source), _packed(sent.destination)
    pdu = _with_checksum(sent, source, destination, _pdu(sent, layers))
    trailer = _trailer(sent, source, pdu) if sent.auth == "hmac" else b""
    if trailer and len(source) == 16:
        pdu = _with_checksum(sent, source, destination, pdu + trailer)[: len(pdu)]
    payload = pdu + trailer
    ethernet = layers.Ether(src=sent.source_mac, dst=sent.destination_mac or _group_mac(destination))
    if len(source) == 16:
        ip = layers.IPv6(src=sent.source, dst=sent.destination, hlim=sent.ttl, nh=_VRRP, tc=_TOS)
        data = bytes(ethernet / ip / payload)
    else:
        protocol = _AH if sent.auth == "ah" else _VRRP
        ip = layers.IP(
            src=sent.source, dst=sent.destination, ttl=sent.ttl, proto=protocol, tos=_TOS, id=sent.number & 0xFFFF
        )
        if sent.auth == "ah":
            payload = _authenticated(sent, ip, payload)
        data = bytes(ethernet / ip / payload)
    return Frame(sent.time, data, ETHERNET, len(data), sent.interface)


def _packed(address: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def _group_mac(group: bytes) -> str:
    """The Ethernet address of a multicast group (RFC 1112 section 6.4, RFC 2464 section 7)."""
    packed = b"\x33\x33" + group[12:] if len(group) == 16 else b"\x01\x00\x5e" + bytes((group[1] & 0x7F, *group[2:]))
    return packed.hex(":")


def _pdu(sent: Sent, layers: Any) -> bytes:
    """Header, addresses and authentication data, with a checksum of zero."""
    common = {"vrid": sent.virtual_router_id, "priority": sent.priority, "chksum": 0}
    if sent.version == 2 and ":" not in sent.source:
        kind = {"pass": 1, "ah": 2}.get(sent.auth, 0)
        data = sent.key[:8].ljust(8, b"\0") if kind == 1 else bytes(8)
        first, second = struct.unpack("!II", data)
        advert = layers.VRRP(
            version=2, type=1, authtype=kind, adv=round(sent.interval), auth1=first, auth2=second,
            **({"addrlist": list(sent.addresses)} if sent.addresses else {}), ipcount=len(sent.addresses), **common,
        )  # fmt: skip
        return bytes(advert)
    header = layers.VRRPv3(version=3, type=1, adv=round(sent.interval * 100), ipcount=len(sent.addresses), **common)
    head = bytes(header)[:8]
    if sent.version == 2:  # over IPv6, which scapy has no layer for: whole seconds, no authentication data
        head = bytes((0x21,)) + head[1:4] + bytes((0, round(sent.interval))) + head[6:]
    return head + b"".join(map(_packed, sent.addresses))


def _with_checksum(sent: Sent, source: bytes, destination: bytes, pdu: bytes) -> bytes:
    bare = pdu[:6] + b"\0\0" + pdu[8:]
    total = words_sum(bare)
    if sent.checksum != "plain":
        group = VRRP_GROUP if sent.checksum == "multicast-pseudo" else destination
        total = (total + words_sum(source) + words_sum(group) + _VRRP + len(bare)) % 0xFFFF
    return bare[:6] + ((0xFFFF - total) & 0xFFFF).to_bytes(2, "big") + bare[8:]


def _trailer(sent: Sent, source: bytes, pdu: bytes) -> bytes:
    """auth_hmac of keepalived 2.4.0 (vrrp_auth_hmac.c): scheme, key id, time, counter, HMAC-SHA256-128."""
    seconds, fraction = divmod(sent.time, 1)
    head = struct.pack("!BBHIHH", _HMAC_SHA256, sent.key_id, 0, int(seconds), int(fraction * 65536), 0)
    family = 4 if len(source) == 4 else 6
    pseudo_header = bytes((family, sent.version, sent.virtual_router_id, 0)) + source.ljust(16, b"\0")
    text = pseudo_header + pdu[:6] + b"\0\0" + pdu[8:] + head + bytes(16)
    key = bytes.fromhex(sent.key[4:].decode()) if sent.key.startswith(b"hex:") else sent.key
    return head + hmac.digest(key, text, "sha256")[:16]


def _authenticated(sent: Sent, ip: Any, pdu: bytes) -> bytes:
    """AH before the PDU: HMAC-MD5-96 over the packet, with the TTL as sent for multicast and zero for unicast."""
    head = bytes((_VRRP, 4, 0, 0)) + _packed(sent.source) + sent.number.to_bytes(4, "big")
    whole = bytearray(bytes(ip / (head + bytes(12) + pdu)))
    whole[1], whole[6:8], whole[10:12] = 0, b"\0\0", b"\0\0"
    if sent.destination_mac is not None:
        whole[8] = 0
    key = sent.key[:8].ljust(8, b"\0")
    digest = hmac.new(key, bytes(whole), _md5).digest()
    return head + digest[:12] + pdu


def _md5(data: bytes = b"") -> hashlib._Hash:
    """MD5 as a check value, whatever this host thinks of its safety."""
    return hashlib.md5(data, usedforsecurity=False)


def _layers() -> Any:
    """Scapy's layers, without its remarks about this host."""
    import logging
    import types
    import warnings

    logging.getLogger("scapy").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from scapy.layers.inet import IP
        from scapy.layers.inet6 import IPv6
        from scapy.layers.l2 import Ether
        from scapy.layers.vrrp import VRRP, VRRPv3
    return types.SimpleNamespace(Ether=Ether, IP=IP, IPv6=IPv6, VRRP=VRRP, VRRPv3=VRRPv3)


def write_frames(path: str, adverts: Sequence[Sent], opener: Opener) -> None:
    """Write adverts to a capture file, in their order.

    Raises:
        InputError: it cannot be written.
    """
    from kalint.wire.writer import CaptureWriter

    with CaptureWriter(path, opener) as writer:
        for sent in adverts:
            writer.write(encode(sent))
