"""Frames built by scapy, so that the decoder is judged by an encoder of other people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.layers.vrrp import VRRP, VRRPv3
from scapy.packet import Packet, Raw

from kalint.wire import Advert, Decoder, Frame, Malformed

GROUP4, GROUP6 = "224.0.0.18", "ff02::12"


@pytest.fixture
def v2() -> Callable[..., Packet]:
    """A version 2 packet over IPv4, as keepalived's defaults have it."""

    def build(ip: dict[str, Any] | None = None, **fields: Any) -> Packet:
        header = IP(**{"src": "192.0.2.1", "dst": GROUP4, "ttl": 255, "id": 7, "proto": 112, **(ip or {})})
        said = {"vrid": 51, "priority": 100, "addrlist": ["192.0.2.100"], "adv": 1, **fields}
        return header / VRRP(version=2, **said)

    return build


@pytest.fixture
def v3() -> Callable[..., Packet]:
    """A version 3 packet over IPv4."""

    def build(ip: dict[str, Any] | None = None, **fields: Any) -> Packet:
        header = IP(**{"src": "192.0.2.1", "dst": GROUP4, "ttl": 255, "id": 7, "proto": 112, **(ip or {})})
        said = {"vrid": 51, "priority": 100, "addrlist": ["192.0.2.100"], "adv": 100, **fields}
        return header / VRRPv3(**said)

    return build


@pytest.fixture
def v3_ip6() -> Callable[..., Packet]:
    """A version 3 packet over IPv6."""

    def build(ip: dict[str, Any] | None = None, **fields: Any) -> Packet:
        header = IPv6(**{"src": "fe80::1", "dst": GROUP6, "hlim": 255, "nh": 112, **(ip or {})})
        said = {"vrid": 51, "priority": 100, "addrlist": ["fe80::100"], "adv": 100, **fields}
        return header / VRRPv3(**said)

    return build


@pytest.fixture
def ethernet() -> Callable[..., Frame]:
    """The frame of a packet, or of bytes that follow an Ethernet header of IPv4."""

    def build(packet: Packet | bytes, **fields: Any) -> Frame:
        if isinstance(packet, bytes):
            packet = Raw(packet)
            fields = {"type": 0x0800, **fields}
        data = bytes(Ether(**{"src": "02:00:00:00:00:01", "dst": "01:00:5e:00:00:12", **fields}) / packet)
        return Frame(1000.0, data, 1, len(data), "eth0")

    return build


@pytest.fixture
def decode(ethernet: Callable[..., Frame]) -> Callable[..., Advert | Malformed | None]:
    """What a frame, or a packet in an Ethernet frame, is decoded to."""

    def run(frame: Frame | Packet | bytes) -> Advert | Malformed | None:
        return Decoder().decode(frame if isinstance(frame, Frame) else ethernet(frame))

    return run


@pytest.fixture
def advert(decode: Callable[..., Advert | Malformed | None]) -> Callable[..., Advert]:
    """The advert that it must be decoded to."""

    def run(frame: Frame | Packet | bytes) -> Advert:
        found = decode(frame)
        assert isinstance(found, Advert), found
        return found

    return run


@pytest.fixture
def malformed(decode: Callable[..., Advert | Malformed | None]) -> Callable[..., str]:
    """The reason why it must be found malformed, with the detail."""

    def run(frame: Frame | Packet | bytes) -> str:
        found = decode(frame)
        assert isinstance(found, Malformed), found
        return f"{found.reason}: {found.detail}"

    return run
