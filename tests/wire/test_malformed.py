"""What is wrong with a packet is said, never raised."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment
from scapy.packet import Packet, Raw

from kalint.wire import Advert, Decoder, Frame

Build = Callable[..., Packet]
Read = Callable[..., Advert]
Wrap = Callable[..., Frame]
Reason = Callable[..., str]

PDU = bytes.fromhex("31 33 64 01 00 64 0000 c0000264")


def _ip(payload: bytes, **fields: object) -> Packet:
    return IP(**{"src": "192.0.2.1", "dst": "224.0.0.18", "ttl": 255, "proto": 112, **fields}) / Raw(payload)


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (_ip(b""), "too short for a VRRP header: 0 bytes"),
        (_ip(PDU[:7]), "too short for a VRRP header: 7 bytes"),
        (_ip(b"\x11" + PDU[1:]), "neither VRRP version 2 nor 3: version 1"),
        (_ip(b"\xf1" + PDU[1:]), "neither VRRP version 2 nor 3: version 15"),
        (_ip(b"\x32" + PDU[1:]), "not an advertisement: type 2"),
        (_ip(PDU, flags="MF"), "a fragment: offset 0"),
        (_ip(PDU, frag=3), "a fragment: offset 24"),
        (_ip(PDU, len=19), "the IP header contradicts itself: header of 20, packet of 19 bytes"),
        (_ip(PDU, ihl=4), "the IP header contradicts itself: header of 16, packet of 32 bytes"),
        (_ip(PDU, version=5), "the IP header contradicts itself: header of 20, packet of 32 bytes"),
        (_ip(PDU, len=100), "the frame ends before its packet does: 46 of 114 bytes"),
        (_ip(PDU, ihl=8, len=60), "the frame ends before its packet does: 46 of 74 bytes"),
        (_ip(b"\x70\x04" + bytes(6), proto=51), "the authentication header does not fit: 24 of 8 bytes"),
        (_ip(b"\x70\x00" + bytes(40), proto=51), "the authentication header does not fit: 8 of 42 bytes"),
        (_ip(b"\x70", proto=51), "the authentication header does not fit: 12 of 1 bytes"),
        (_ip(b"\x70\x04" + bytes(22), proto=51), "too short for a VRRP header: 0 bytes"),
        (_ip(b"\x70\x04" + bytes(22), proto=51, flags="MF"), "a fragment: offset 0"),
        (IPv6(nh=112) / Raw(b"\x31\x33"), "too short for a VRRP header: 2 bytes"),
        (IPv6(nh=112, plen=50) / Raw(PDU), "the frame ends before its packet does: 66 of 104 bytes"),
        (IPv6(nh=44) / IPv6ExtHdrFragment(nh=112, offset=2, m=1) / Raw(PDU), "a fragment: offset 16"),
        (
            IPv6(nh=0, plen=4) / Raw(b"\x70\0" + bytes(14)),
            "the IP header contradicts itself: headers of 48, packet of 44 bytes",
        ),
    ],
)
def test_reason(packet: Packet, reason: str, malformed: Reason) -> None:
    """One sentence for each kind, with the numbers behind it."""
    assert malformed(packet) == reason


def test_later_fragment_behind_ah_may_be_anybodys(decode: Callable[..., object]) -> None:
    """What follows an authentication header cannot be known from a later fragment: it is left alone."""
    assert decode(_ip(b"\x70\x04" + bytes(40), proto=51, frag=3)) is None


def test_who_sent_it_is_told(ethernet: Wrap) -> None:
    """A malformed packet has its source, so that it can be found."""
    found = Decoder().decode(ethernet(_ip(PDU[:7])))
    assert found is not None
    assert (found.family, found.source, found.destination, found.source_mac) == (
        "ipv4", "192.0.2.1", "224.0.0.18", "02:00:00:00:00:01",
    )  # fmt: skip


@pytest.mark.parametrize("kept", range(24, 60))
def test_each_snap_length(kept: int, v3: Build, ethernet: Wrap) -> None:
    """A frame that was cut is said to be cut, or read with an unknown checksum; from 46 bytes on it is whole."""
    frame = ethernet(v3())
    found = Decoder().decode(frame._replace(data=frame.data[:kept]))
    if kept < 42:
        assert isinstance(found, tuple)
        assert getattr(found, "reason", None) == "cut short by the capture"
    else:
        assert isinstance(found, Advert)
        assert (found.checksum, len(found.addresses)) == (("cut", 0) if kept < 46 else ("pseudo", 1))
        assert found.problems == ()


def test_a_header_alone_that_is_cut(ethernet: Wrap) -> None:
    """Where the sender sent no more than a header, it is still the capture that cut it."""
    frame = ethernet(_ip(b""))
    found = Decoder().decode(frame._replace(data=frame.data[:30]))
    assert (getattr(found, "reason", ""), getattr(found, "detail", "")) == (
        "cut short by the capture",
        "30 of 34 bytes",
    )


def test_options_that_are_cut(v2: Build, ethernet: Wrap) -> None:
    """The capture may end within the options of the IP header."""
    frame = ethernet(v2({"options": b"\x94\x04\0\0"}))
    found = Decoder().decode(frame._replace(data=frame.data[:36]))
    assert getattr(found, "reason", "") == "cut short by the capture"


@pytest.mark.parametrize("kept", range(12, 30))
def test_tags_that_are_cut(kept: int, ethernet: Wrap) -> None:
    """A frame that ends among its VLAN tags cannot be known to be VRRP."""
    frame = ethernet(_ip(PDU))
    data = frame.data[:12] + 4 * b"\x81\0\0\5" + frame.data[12:]
    assert Decoder().decode(frame._replace(data=data[:kept])) is None


@pytest.mark.parametrize("kept", [100, 120, 121])
def test_a_cut_trailer_is_not_guessed_at(kept: int, ethernet: Wrap) -> None:
    """Where the capture hides the end, nothing is said of what is there."""
    frame = ethernet(_ip(PDU + b"\1" + bytes(27)))
    found = Decoder().decode(frame._replace(data=frame.data[: kept - 60]))
    assert isinstance(found, Advert) or kept - 60 < 42
    if isinstance(found, Advert):
        assert (found.checksum, found.secret, found.problems) == ("cut", None, ())


@pytest.mark.parametrize(
    ("pdu", "problem", "addresses"),
    [
        (PDU[:3] + b"\2" + PDU[4:], "its address count is 2, but there is room for 1", 1),
        (PDU[:3] + b"\0" + PDU[4:], "it has no address", 0),
        (PDU[:3] + b"\xff" + PDU[4:8], "its address count is 255, but there is room for 0", 0),
        (PDU + b"\1\2\3\4", "4 bytes follow its end", 1),
        (PDU + bytes(28), "28 bytes follow its end", 1),
        (PDU[:1] + b"\0" + PDU[2:], "its virtual router id is 0", 1),
        (PDU[:4] + b"\0\0" + PDU[6:], "its interval is 0", 1),
        (b"\x21" + PDU[1:], "its address count is 1, but there is room for 0", 0),
        (b"\x21\x33\x64\x00\0\1" + PDU[6:8], "the 8 bytes of authentication data are missing", 0),
        (
            b"\x21" + PDU[1:5] + b"\1" + PDU[6:] + b"password",
            "there is authentication data, though its type has none",
            1,
        ),
        (
            b"\x21" + PDU[1:4] + b"\2\1" + PDU[6:] + b"password",
            "there is authentication data, though its type has none",
            1,
        ),
        (
            b"\x21" + PDU[1:4] + b"\2\1" + PDU[6:] + bytes(8),
            "its authentication type is AH, but it came in no authentication header",
            1,
        ),
    ],
)
def test_what_can_be_read_is_read(pdu: bytes, problem: str, addresses: int, advert: Read) -> None:
    """A count that does not fit, bytes too many and the like: an advert, with what is wrong about it."""
    found = advert(_ip(pdu))
    assert problem in found.problems
    assert len(found.addresses) == addresses


def test_ipv6_of_1_2_13(advert: Read) -> None:
    """1.2.13 sends 8 bytes of version 2 over IPv6: no address follows, whatever it counts, and no pseudo header."""
    pdu = bytearray(b"\x21\x33\x64\x02\0\1\0\0")
    pdu[6:8] = struct.pack(">H", 0xFFFF - sum(struct.unpack(">4H", pdu)) % 0xFFFF)
    found = advert(IPv6(src="fe80::1", dst="ff02::12", hlim=255, nh=112) / Raw(bytes(pdu)))
    assert (found.version, found.addresses, found.checksum) == (2, (), "plain")
    assert found.problems == ("its address count is 2, but there is room for 0",)


def test_unknown_authentication_type(v2: Build, advert: Read) -> None:
    """A type that no RFC has is named by its number."""
    assert advert(v2(authtype=9)).auth == "type 9"
    assert advert(v2(authtype=254)).auth == "md5"  # Cisco IOS


def test_ah_around_another_type(advert: Read) -> None:
    """An authentication header around an advert that says it has none."""
    pdu = bytes.fromhex("21 33 64 01 00 01 ba77 c0000264 0000000000000000")
    found = advert(_ip(b"\x70\x04" + bytes(22) + pdu, proto=51))
    assert found.auth == "ah"
    assert found.problems == ("it came in an authentication header, but its authentication type is none",)
