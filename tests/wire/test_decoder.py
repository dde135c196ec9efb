"""Adverts that scapy has built: what kalint reads is what scapy was told."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import pytest
from scapy.layers.inet import IP, IPOption_Router_Alert
from scapy.layers.inet6 import IPv6, IPv6ExtHdrHopByHop, RouterAlert
from scapy.layers.l2 import CookedLinux, CookedLinuxV2, Dot1AD, Dot1Q, Ether, Loopback
from scapy.packet import Packet, Raw

from kalint.wire import Advert, Decoder, Frame

Build = Callable[..., Packet]
Read = Callable[..., Advert]
Wrap = Callable[..., Frame]


def test_version_2_over_ipv4(v2: Build, advert: Read) -> None:
    """Every field of a usual advert of version 2."""
    found = advert(v2(vrid=51, priority=150, adv=3, addrlist=["192.0.2.100", "192.0.2.101"]))
    assert found == Advert(
        time=1000.0,
        ip_id=7,
        ah=None,
        hmac=None,
        secret=None,
        interface="eth0",
        vlans=(),
        family="ipv4",
        source="192.0.2.1",
        destination="224.0.0.18",
        source_mac="02:00:00:00:00:01",
        ttl=255,
        version=2,
        virtual_router_id=51,
        priority=150,
        addresses=("192.0.2.100", "192.0.2.101"),
        interval=3.0,
        auth="none",
        checksum="plain",
    )


def test_version_3_over_ipv4(v3: Build, advert: Read) -> None:
    """The interval is in centiseconds, of 12 bits: the reserved bits above them mean nothing."""
    found = advert(v3(adv=4095, res=15))
    assert (found.version, found.interval, found.checksum, found.problems) == (3, 40.95, "pseudo", ())


def test_version_3_over_ipv6(v3_ip6: Build, advert: Read) -> None:
    """Addresses of 16 bytes, a hop limit, no id."""
    found = advert(v3_ip6(addrlist=["fe80::100", "2001:db8::100"], adv=50))
    assert (found.family, found.source, found.destination) == ("ipv6", "fe80::1", "ff02::12")
    assert (found.addresses, found.interval) == (("fe80::100", "2001:db8::100"), 0.5)
    assert (found.ip_id, found.ttl, found.checksum, found.problems) == (None, 255, "pseudo", ())


@pytest.mark.parametrize("count", [1, 20, 255])
def test_each_address_is_read(v3_ip6: Build, advert: Read, count: int) -> None:
    """All addresses, up to the 255 that the count can say."""
    addresses = [f"2001:db8::{number:x}" for number in range(1, count + 1)]
    assert advert(v3_ip6(addrlist=addresses)).addresses == tuple(addresses)


def test_priority_0_and_255(v2: Build, v3: Build, advert: Read) -> None:
    """The priority of who leaves, and of the owner."""
    assert (advert(v2(priority=0)).priority, advert(v3(priority=255)).priority) == (0, 255)


def test_password_is_compared_and_never_shown(v2: Build, advert: Read) -> None:
    """Only the first 8 characters count, shorter ones are padded; neither str nor repr tell any."""
    secret = int.from_bytes(b"top5", "big"), int.from_bytes(b"ecr3", "big")
    found = advert(v2(authtype=1, auth1=secret[0], auth2=secret[1]))
    assert (found.auth, found.problems) == ("pass", ())
    assert found.secret is not None
    tried = ("top5ecr3", "top5ecr3-and-more", b"top5ecr3", "top5ecr", "")
    assert [found.secret.matches(text) for text in tried] == [True, True, True, False, False]
    assert "top5" not in repr(found) + str(found) + f"{found.secret}"


def test_password_of_other_bytes(v2: Build, advert: Read) -> None:
    """A password need not be UTF-8: what a file holds as surrogates is compared as its bytes."""
    found = advert(v2(authtype=1, auth1=0xE4F6FC00, auth2=0))
    assert found.secret is not None
    assert found.secret.matches(b"\xe4\xf6\xfc".decode("utf-8", "surrogateescape"))


def test_equal_passwords_are_equal_secrets(v2: Build, advert: Read) -> None:
    """Two adverts of one password can be told from those of another, without knowing either."""
    first, again, other = (advert(v2(authtype=1, auth1=number)).secret for number in (1, 1, 2))
    assert first == again != other
    assert len({first, again, other}) == 2


@pytest.mark.parametrize(("destination", "ttl"), [("224.0.0.18", 255), ("192.0.2.2", 0)])
def test_authentication_header(v2: Build, advert: Read, destination: str, ttl: int) -> None:
    """Its check value covers the TTL where the advert is multicast, and zero instead where it is unicast."""
    ah = b"\x70\4\0\0\xc0\0\2\1" + (9).to_bytes(4, "big") + bytes(12)
    vrrp = bytes(v2({"dst": destination}, authtype=2))[20:]
    header = {"src": "192.0.2.1", "dst": destination, "proto": 51, "id": 7}
    covered = bytes(IP(ttl=ttl, tos=0, chksum=0, **header) / Raw(ah + vrrp))
    value = hmac.new(b"secret77", covered, "md5").digest()[:12]
    found = advert(IP(ttl=255, tos=0xC0, **header) / Raw(ah[:12] + value + vrrp))
    assert (found.auth, found.ah, found.ttl, found.problems) == ("ah", ("192.0.2.1", 9), 255, ())
    assert found.secret is not None
    tried = ("secret77", "secret77-and-more", "secret7", "")
    assert [found.secret.matches(text) for text in tried] == [True, True, False, False]


@pytest.mark.parametrize("padding", [0, 14, 46])
def test_padding_of_the_frame_is_not_read(v3: Build, advert: Read, ethernet: Wrap, padding: int) -> None:
    """Short frames are padded to 60 bytes on real Ethernet: the length is that of the IP header."""
    frame = ethernet(v3())
    longer = frame._replace(data=frame.data + b"\xff" * padding, length=frame.length + padding)
    assert advert(longer)._replace(time=0) == advert(frame)._replace(time=0)


def test_ip_options_are_passed_over(v2: Build, advert: Read, ethernet: Wrap) -> None:
    """An IPv4 header may be longer than 20 bytes."""
    packet = v2({"options": [IPOption_Router_Alert()]})
    found = advert(packet)
    frame, decoder = ethernet(packet), Decoder()
    assert decoder.decode(frame) == decoder.decode(frame) == found
    assert (found.virtual_router_id, found.ip_id, found.checksum, found.problems) == (51, 7, "plain", ())


@pytest.mark.parametrize("alerts", [1, 2, 7])
def test_ipv6_extension_headers_are_passed_over(v3_ip6: Build, advert: Read, alerts: int) -> None:
    """A hop-by-hop header before VRRP, of one to four times 8 bytes."""
    packet = v3_ip6()
    header = IPv6(src="fe80::1", dst="ff02::12", hlim=255) / IPv6ExtHdrHopByHop(
        nh=112, options=alerts * [RouterAlert()]
    )
    found = advert(header / Raw(bytes(packet)[40:]))
    assert (found.virtual_router_id, found.checksum) == (51, "pseudo")


@pytest.mark.parametrize(
    ("tags", "vlans"),
    [
        ([Dot1Q(vlan=100)], (100,)),
        ([Dot1Q(vlan=4094, prio=7)], (4094,)),
        ([Dot1AD(vlan=10), Dot1Q(vlan=20)], (10, 20)),
        ([Dot1Q(vlan=10), Dot1Q(vlan=20), Dot1Q(vlan=30)], (10, 20, 30)),
        ([Dot1Q(vlan=0, prio=6)], ()),
    ],
    ids=["one", "priority", "802.1ad", "three", "priority tag"],
)
@pytest.mark.parametrize("name", ["v2", "v3", "v3_ip6"])
def test_vlan_tags(
    request: pytest.FixtureRequest, name: str, tags: list[Packet], vlans: tuple[int, ...], advert: Read, ethernet: Wrap
) -> None:
    """Tags are followed and told, outermost first; a tag that has a priority only is none."""
    packet = request.getfixturevalue(name)()
    plain = advert(packet)
    for tag in reversed(tags):
        packet = tag.copy() / packet
    assert advert(ethernet(packet)) == plain._replace(vlans=vlans)


@pytest.mark.parametrize("name", ["v2", "v3", "v3_ip6"])
@pytest.mark.parametrize(
    ("link_type", "header", "interface", "mac"),
    [
        (113, CookedLinux(pkttype=2, lladdrlen=6, src=b"\x02\0\0\0\0\x09"), "any", "02:00:00:00:00:09"),
        (276, CookedLinuxV2(ifindex=3, pkttype=2, lladdrlen=6, src=b"\x02\0\0\0\0\x09"), "any#3", "02:00:00:00:00:09"),
        (276, CookedLinuxV2(ifindex=4, lladdrlen=0), "any#4", ""),
        (101, None, "any", ""),
        (12, None, "any", ""),
        (0, Loopback(type=2), "any", ""),
    ],
    ids=["SLL", "SLL2", "SLL2 without address", "raw", "old raw", "null"],
)
def test_link_types(
    request: pytest.FixtureRequest,
    name: str,
    link_type: int,
    header: Packet | None,
    interface: str,
    mac: str,
    advert: Read,
) -> None:
    """Cooked captures (`tcpdump -i any`), raw IP and loopback: the same advert, with what their header tells."""
    packet = request.getfixturevalue(name)()
    plain = advert(packet)
    if header is not None and link_type in (113, 276):
        header = header.copy()
        header.proto = 0x86DD if name == "v3_ip6" else 0x0800
    data = bytes(header / packet) if header else bytes(packet)
    found = advert(Frame(1000.0, data, link_type, len(data), "any"))
    assert found == plain._replace(interface=interface, source_mac=mac)


def test_vlan_tag_in_a_cooked_capture(v2: Build, advert: Read) -> None:
    """`tcpdump -i any` shows the tag behind its own header."""
    data = bytes(CookedLinuxV2(proto=0x8100, ifindex=2) / Dot1Q(vlan=7) / v2())
    assert advert(Frame(0.0, data, 276, len(data))).vlans == (7,)


def test_the_same_advert_again_is_the_same_but_for_time_and_id(v2: Build, ethernet: Wrap) -> None:
    """A decoder that has seen an advert reads the next as one that has not."""
    decoder = Decoder()
    for number, priority in enumerate([100, 100, 100, 90, 100, 0]):
        frame = ethernet(v2({"id": number}, priority=priority))._replace(time=float(number))
        assert decoder.decode(frame) == Decoder().decode(frame)


def test_a_known_advert_with_a_wrong_header_checksum_is_not_known(v2: Build, ethernet: Wrap) -> None:
    """The id may change from one to the next only together with the checksum of the IP header."""
    decoder = Decoder()
    good = ethernet(v2())
    broken = good._replace(data=good.data[:18] + b"\x12\x34" + good.data[20:])
    assert isinstance(decoder.decode(good), Advert)
    found = decoder.decode(broken)
    assert isinstance(found, Advert)
    assert (found.ip_id, found.problems) == (0x1234, ("the checksum of its IPv4 header is wrong",))


def test_one_advert_on_two_interfaces(v2: Build, ethernet: Wrap) -> None:
    """Where it was seen is part of it."""
    decoder = Decoder()
    frame = ethernet(v2())
    found: list[Any] = [decoder.decode(frame._replace(interface=name)) for name in ("eth0", "eth1", "eth0")]
    assert [row.interface for row in found] == ["eth0", "eth1", "eth0"]


def test_memory_is_bounded(v2: Build, ethernet: Wrap) -> None:
    """However many adverts differ, a decoder remembers 2,048 at most."""
    decoder = Decoder()
    frame = ethernet(v2())
    for number in range(5000):
        decoder.decode(frame._replace(interface=f"eth{number}"))
    assert len(decoder._known) <= 2048


def test_what_is_no_vrrp_is_nothing(decode: Callable[..., Any], ethernet: Wrap) -> None:
    """Other protocols are None: not malformed, not an advert."""
    others = [
        bytes(IP(proto=1) / Raw(b"x" * 40)),
        bytes(IP(proto=51) / Raw(b"\x06\x04" + b"x" * 40)),
        IPv6(nh=58) / Raw(b"x" * 40),
        IPv6(nh=51) / Raw(b"\x06\x04" + b"x" * 40),
    ]
    assert [decode(packet) for packet in others] == [None] * 4
    assert decode(ethernet(b"x" * 40, type=0x0806)) is None
    assert decode(Frame(0.0, bytes(Ether())[:10], 1, 10)) is None


def test_an_icmp_error_that_quotes_an_advert_is_none(v2: Build, decode: Callable[..., Any]) -> None:
    """What a unicast peer without keepalived answers holds a VRRP header, but is no advert of anybody."""
    quoted = bytes(v2({"dst": "192.0.2.2"}))
    assert decode(bytes(IP(src="192.0.2.2", dst="192.0.2.1", proto=1) / Raw(b"\x03\x02" + bytes(6) + quoted))) is None
