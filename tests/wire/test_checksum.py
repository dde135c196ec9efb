"""Every form of the checksum that a keepalived sends is told by its name."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.packet import Packet, Raw
from scapy.utils import checksum

from kalint.wire import Advert, Decoder, Frame

Read = Callable[..., Advert]
Wrap = Callable[..., Frame]

PDU3 = bytes.fromhex("31 33 64 01 00 64 0000 c0000264")
PDU2 = bytes.fromhex("21 33 64 01 00 01 0000 c0000264 0000000000000000")
PDU6 = bytes.fromhex("31 33 64 01 00 64 0000 fe800000000000000000000000000100")
SOURCE, GROUP, PEER, OTHER = b"\xc0\0\2\1", b"\xe0\0\0\x12", b"\xc0\0\2\2", b"\xe0\0\0\x2c"
SOURCE6, GROUP6 = b"\xfe\x80" + bytes(13) + b"\1", b"\xff\2" + bytes(13) + b"\x12"


def _pseudo4(destination: bytes, length: int) -> bytes:
    return SOURCE + destination + struct.pack(">BBH", 0, 112, length)


def _pseudo6(length: int) -> bytes:
    return SOURCE6 + GROUP6 + struct.pack(">II", length, 112)


def _packet(destination: bytes, pdu: bytes, covered: bytes, trailer: bytes = b"") -> Packet:
    filled = pdu[:6] + struct.pack(">H", checksum(covered)) + pdu[8:] + trailer
    return IP(src="192.0.2.1", dst=".".join(map(str, destination)), ttl=255, proto=112) / Raw(filled)


@pytest.mark.parametrize(
    ("destination", "pdu", "covered", "form"),
    [
        (GROUP, PDU2, PDU2, "plain"),
        (GROUP, PDU3, _pseudo4(GROUP, 12) + PDU3, "pseudo"),
        (PEER, PDU3, _pseudo4(PEER, 12) + PDU3, "pseudo"),
        (PEER, PDU3, _pseudo4(GROUP, 12) + PDU3, "multicast-pseudo"),
        (OTHER, PDU3, _pseudo4(GROUP, 12) + PDU3, "multicast-pseudo"),
        (GROUP, PDU3, PDU3, "plain"),
        (PEER, PDU3, PDU3, "plain"),
        (GROUP, PDU3, PDU3 + b"\1", "bad"),
        (GROUP, PDU2, PDU2 + b"\1", "bad"),
        (PEER, PDU3, _pseudo4(OTHER, 12) + PDU3, "bad"),
    ],
)
def test_form_over_ipv4(destination: bytes, pdu: bytes, covered: bytes, form: str, advert: Read) -> None:
    """Version 2; version 3 to the group, to a peer, in the old unicast form, with v3_checksum_as_v2, and wrong ones."""
    assert advert(_packet(destination, pdu, covered)).checksum == form


@pytest.mark.parametrize(
    ("pdu", "covered", "form"),
    [
        (PDU6, _pseudo6(24) + PDU6, "pseudo"),
        (b"\x21" + PDU6[1:], _pseudo6(24) + b"\x21" + PDU6[1:], "pseudo"),
        (PDU6, PDU6, "plain"),
        (PDU6, b"", "bad"),
    ],
    ids=["version 3", "version 2", "no pseudo header", "bad"],
)
def test_form_over_ipv6(pdu: bytes, covered: bytes, form: str, advert: Read) -> None:
    """Version 3, and the version 2 that keepalived sends if it is told to."""
    filled = pdu[:6] + struct.pack(">H", checksum(covered)) + pdu[8:]
    assert advert(IPv6(src="fe80::1", dst="ff02::12", hlim=255, nh=112) / Raw(filled)).checksum == form


def test_checksum_of_zero_is_told_from_a_wrong_one(advert: Read) -> None:
    """1.3.5 sends 0 to every second unicast peer, which is wrong, and says which release it is."""
    packet = IP(src="192.0.2.1", dst="192.0.2.2", ttl=255, proto=112) / Raw(PDU3)
    assert advert(packet).checksum == "zero"


def test_bytes_behind_the_packet_may_be_summed(advert: Read) -> None:
    """What follows the addresses is tried as part of the sum; an odd number of bytes is summed with a zero byte."""
    found = advert(_packet(GROUP, PDU3, _pseudo4(GROUP, 15) + PDU3 + b"\1\2\3", b"\1\2\3"))
    assert (found.checksum, found.problems) == ("pseudo+trailer", ("3 bytes follow its end",))


def test_old_unicast_form_of_another_group(ethernet: Wrap) -> None:
    """With old_unicast_checksum, 2.x puts the configured vrrp_mcast_group4 in: a decoder can be told of it."""
    frame = ethernet(_packet(PEER, PDU3, _pseudo4(OTHER, 12) + PDU3))
    found: Any = Decoder(["224.0.0.44"]).decode(frame)
    assert found.checksum == "multicast-pseudo"


TRAILER = struct.pack(">BBHIHH16s", 1, 2, 0, 1795354759, 32768, 3, b"m" * 16)


def test_auth_hmac_over_ipv4(advert: Read) -> None:
    """The trailer is not part of what is summed, nor of the length in the pseudo header; its fields are read."""
    found = advert(_packet(GROUP, PDU3, _pseudo4(GROUP, 12) + PDU3, TRAILER))
    assert (found.checksum, found.auth, found.problems) == ("pseudo", "hmac", ())
    assert found.hmac == (2, 1795354759.5, 3)
    assert found.addresses == ("192.0.2.100",)


def test_auth_hmac_over_ipv6(advert: Read) -> None:
    """There the kernel fills the checksum in, over all there is."""
    whole = PDU6 + TRAILER
    filled = whole[:6] + struct.pack(">H", checksum(_pseudo6(52) + whole)) + whole[8:]
    found = advert(IPv6(src="fe80::1", dst="ff02::12", hlim=255, nh=112) / Raw(filled))
    assert (found.checksum, found.auth, found.problems) == ("pseudo+trailer", "hmac", ())


def test_auth_hmac_key(advert: Read) -> None:
    """The key as the configuration has it, in hex or ASCII; nothing else."""
    import hashlib
    import hmac

    key = b"0123456789abcdef0123456789ABCDEF"
    start = b"\4\3\x33\0" + SOURCE.ljust(16, b"\0") + PDU3 + TRAILER[:12] + bytes(16)
    trailer = TRAILER[:12] + hmac.new(key, start, hashlib.sha256).digest()[:16]
    found = advert(_packet(GROUP, PDU3, _pseudo4(GROUP, 12) + PDU3, trailer))
    assert found.secret is not None
    tried = (key, key.decode(), f"hex:{key.hex()}", key[:-1], "hex:no hex", b"")
    assert [found.secret.matches(text) for text in tried] == [True, True, True, False, False, False]


def test_auth_hmac_with_reserved_bytes(advert: Read) -> None:
    """A receiver rejects a trailer whose reserved bytes are not zero."""
    trailer = TRAILER[:2] + b"\0\1" + TRAILER[4:]
    found = advert(_packet(GROUP, PDU3, _pseudo4(GROUP, 12) + PDU3, trailer))
    assert found.problems == ("the reserved bytes of its auth_hmac trailer are not zero",)
