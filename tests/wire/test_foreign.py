"""CARP, HSRP and GLBP are told from VRRP."""

from __future__ import annotations

import struct

import pytest

from kalint.wire import Advert, Decoder, Foreign, Frame, Malformed

MAC = bytes.fromhex("01005e00001200005e0001330800")


def ipv4(protocol: int, payload: bytes, source: bytes = b"\x0a\x00\x00\x03", to: bytes = b"\xe0\x00\x00\x12") -> Frame:
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 255, protocol, 0, source, to)
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    data = MAC + head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:] + payload
    return Frame(1.0, data, 1, len(data), "eth0")


def udp(port: int, payload: bytes) -> bytes:
    return struct.pack("!HHHH", port, port, 8 + len(payload), 0) + payload


def carp(length: int = 36, words: int = 7, kind: int = 0x21) -> Frame:
    """As OpenBSD's struct carp_header: version and type, vhid, advskew, authlen, demote, advbase, checksum, then 28."""
    return ipv4(112, (bytes((kind, 51, 10, words, 0, 1, 0, 0)) + bytes(range(100, 128)))[:length])


HSRP_1 = bytes((0, 0, 16, 3, 10, 100, 7, 0)) + b"cisco\0\0\0" + bytes((10, 0, 0, 9))
HSRP_2 = bytes((1, 40, 2, 0, 6, 4)) + struct.pack("!H", 300) + bytes(34)
GLBP = bytes((1, 0)) + struct.pack("!H", 9) + bytes(20)


@pytest.mark.parametrize(
    ("frame", "protocol", "group"),
    [
        (carp(), "CARP", 51),
        (ipv4(17, udp(1985, HSRP_1)), "HSRP", 7),
        (ipv4(17, udp(1985, HSRP_2)), "HSRP", 300),
        (ipv4(17, udp(3222, GLBP)), "GLBP", 9),
    ],
)
def test_each_is_named_with_its_group(frame: Frame, protocol: str, group: int) -> None:
    found = Decoder().decode(frame)
    assert found == Foreign(1.0, protocol, "eth0", (), "ipv4", "10.0.0.3", group)


def test_hsrp_over_ipv6() -> None:
    payload = udp(2029, HSRP_2)
    head = struct.pack("!IHBB", 0x6C000000, len(payload), 17, 255) + bytes.fromhex(
        "fe80000000000000000000000000000aff020000000000000000000000000066"
    )
    data = MAC[:12] + b"\x86\xdd" + head + payload
    assert Decoder().decode(Frame(1.0, data, 1, len(data), "eth0")) == Foreign(
        1.0, "HSRP", "eth0", (), "ipv6", "fe80::a", 300
    )


@pytest.mark.parametrize("frame", [carp(35), carp(words=5), carp(36, 7, 0x31)])
def test_what_is_nearly_carp_is_none(frame: Frame) -> None:
    """Another length, another authentication byte, or another version are VRRP, right or broken."""
    assert isinstance(Decoder().decode(frame), (Advert, Malformed))


@pytest.mark.parametrize("frame", [ipv4(17, udp(53, HSRP_1)), ipv4(17, udp(1985, b"\0")), ipv4(17, b"\0\0")])
def test_other_udp_is_nothing(frame: Frame) -> None:
    assert Decoder().decode(frame) is None
