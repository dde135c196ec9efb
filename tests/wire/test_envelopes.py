"""Adverts in other envelopes come out as they went in; what has none costs no import of scapy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scapy.contrib.chdlc import CHDLC
from scapy.contrib.erspan import ERSPAN_II, ERSPAN_III
from scapy.contrib.geneve import GENEVE
from scapy.contrib.mpls import MPLS
from scapy.layers.dot11 import Dot11, PrismHeader, RadioTap
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, LLC, SNAP, CookedLinux, Dot1AD, Dot1Q, Dot3, Ether
from scapy.layers.ppp import HDLC, PPP, PPPoE
from scapy.layers.vrrp import VRRPv3
from scapy.layers.vxlan import VXLAN
from scapy.packet import Packet, Raw

from kalint.wire import Advert, CaptureWriter, Decoder, Frame, SkippedFrame, read_capture

MAC = "02:00:00:00:00:09"
SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "captures" / "links"


def ipv4() -> Packet:
    return IP(src="192.0.2.1", dst="224.0.0.18", ttl=255, proto=112) / VRRPv3(
        vrid=51, priority=150, addrlist=["192.0.2.100"], adv=100
    )


def ethernet() -> Packet:
    return Ether(src=MAC, dst="01:00:5e:00:00:12") / ipv4()


def tunnel() -> Packet:
    return Ether(src="02:00:00:00:00:aa") / IP(src="198.51.100.1", dst="198.51.100.2")


def wifi(flags: int, *addresses: str) -> Packet:
    names = ("addr1", "addr2", "addr3", "addr4")
    head = Dot11(type=2, subtype=0, FCfield=flags, **dict(zip(names, addresses, strict=False)))
    return head / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(code=0x0800) / ipv4()


FROM_AP = (2, "01:00:5e:00:00:12", "02:00:00:00:00:ff", MAC)
TO_AP = (1, "02:00:00:00:00:ff", MAC, "01:00:5e:00:00:12")

ENVELOPES = {
    "VXLAN": (1, tunnel() / UDP(sport=1, dport=4789) / VXLAN(vni=7) / ethernet(), MAC, ()),
    "GENEVE": (1, tunnel() / UDP(sport=1, dport=6081) / GENEVE(vni=7) / ethernet(), MAC, ()),
    "GRE": (1, tunnel() / GRE() / ipv4(), "02:00:00:00:00:aa", ()),
    "NVGRE with a VLAN": (
        1, tunnel() / GRE(proto=0x6558) / Ether(src=MAC) / Dot1Q(vlan=9) / ipv4(), MAC, (9,),
    ),
    "ERSPAN": (1, tunnel() / GRE(proto=0x88BE, seqnum_present=1) / ERSPAN_II() / ethernet(), MAC, ()),
    "IP in IP": (1, tunnel() / ipv4(), "02:00:00:00:00:aa", ()),
    "GRE over IPv6": (1, Ether(src=MAC) / IPv6(src="fd00::1", dst="fd00::2") / GRE() / ipv4(), MAC, ()),
    "MPLS": (1, Ether(src=MAC, type=0x8847) / MPLS(label=16, s=0) / MPLS(label=17, s=1) / ipv4(), MAC, ()),
    "MPLS in a VLAN": (1, Ether(src=MAC) / Dot1Q(vlan=5, type=0x8847) / MPLS(label=17, s=1) / ipv4(), MAC, (5,)),
    "PPPoE": (1, Ether(src=MAC, type=0x8864) / PPPoE(sessionid=1) / PPP(proto=0x21) / ipv4(), MAC, ()),
    "SNAP": (1, Dot3(src=MAC) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(code=0x0800) / ipv4(), MAC, ()),
    "802.11 from the access point": (105, wifi(*FROM_AP), MAC, ()),
    "802.11 to the access point": (105, wifi(*TO_AP), MAC, ()),
    "radiotap": (127, RadioTap() / wifi(*FROM_AP), MAC, ()),
    "Prism": (119, PrismHeader() / wifi(*FROM_AP), MAC, ()),
    "VXLAN over IPv6": (
        1, Ether(src="02:00:00:00:00:aa") / IPv6(src="fd00::1", dst="fd00::2") / UDP(dport=4789) / VXLAN() / ethernet(),
        MAC, (),
    ),
    "VXLAN with two VLANs": (
        1, tunnel() / UDP(dport=8472) / VXLAN() / (Ether(src=MAC) / Dot1AD(vlan=3) / Dot1Q(vlan=4) / ipv4()), MAC,
        (3, 4),
    ),
    "VXLAN in GRE": (
        1, tunnel() / GRE() / IP(src="10.1.1.1", dst="10.1.1.2") / UDP(dport=4789) / VXLAN() / ethernet(), MAC, (),
    ),
    "ERSPAN III": (1, tunnel() / GRE(proto=0x22EB, seqnum_present=1) / ERSPAN_III() / ethernet(), MAC, ()),
    "an Ethernet pseudowire": (
        1, Ether(src="02:00:00:00:00:aa", type=0x8847) / MPLS(label=16, s=1) / Raw(bytes(4) + bytes(ethernet())),
        MAC, (),
    ),
    "PPPoE in a VLAN": (
        1, Ether(src=MAC) / Dot1Q(vlan=7, type=0x8864) / PPPoE(sessionid=1) / PPP(proto=0x21) / ipv4(), MAC, (7,),
    ),
    "cooked VXLAN": (
        113, CookedLinux(proto=0x0800) / IP(dst="198.51.100.2") / UDP(dport=4789) / VXLAN() / ethernet(), MAC, (),
    ),
    "PPP": (9, PPP(proto=0x21) / ipv4(), "00:00:00:00:00:00", ()),
    "PPP in HDLC": (50, HDLC() / PPP(proto=0x21) / ipv4(), "00:00:00:00:00:00", ()),
    "Cisco HDLC": (104, CHDLC(proto=0x0800) / ipv4(), "00:00:00:00:00:00", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_advert_comes_out_as_it_went_in(name: str) -> None:
    """The same advert as in plain Ethernet, with the inner sender and VLANs; the checksum is right."""
    link_type, packet, mac, vlans = ENVELOPES[name]
    data = bytes(packet)
    found = Decoder().decode(Frame(1.0, data, link_type, len(data), "eth0"))
    plain = Decoder().decode(Frame(1.0, bytes(ethernet()), 1, len(bytes(ethernet())), "eth0"))
    assert isinstance(plain, Advert)
    assert plain.checksum == "pseudo"
    assert isinstance(found, Advert)
    assert found._replace(source_mac=MAC, vlans=(), ip_id=plain.ip_id) == plain
    assert (found.source_mac, found.vlans) == (mac, vlans)


def test_an_advert_over_ipv6_in_vxlan() -> None:
    inner = Ether(src=MAC) / IPv6(src="fe80::1", dst="ff02::12", hlim=255, nh=112)
    packet = tunnel() / UDP(sport=1, dport=4789) / VXLAN() / inner / VRRPv3(vrid=9, priority=1, addrlist=["fe80::9"])
    data = bytes(packet)
    found = Decoder().decode(Frame(1.0, data, 1, len(data), "eth0"))
    assert isinstance(found, Advert)
    assert (found.family, found.source, found.virtual_router_id) == ("ipv6", "fe80::1", 9)


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_cut_or_broken_envelope_is_no_traceback(name: str) -> None:
    """At every length, and with every byte of the head changed."""
    link_type, packet, _, _ = ENVELOPES[name]
    data = bytes(packet)
    decode = Decoder().decode
    for end in range(0, len(data), 3):
        decode(Frame(1.0, data[:end], link_type, len(data), "eth0"))
        decode(Frame(1.0, data[:end] + b"\xff" + data[end + 1 :], link_type, len(data), "eth0"))


@pytest.mark.parametrize(("link_type", "head"), [(105, b""), (127, bytes(RadioTap())), (119, bytes(144))])
def test_encrypted_wifi_is_counted_if_it_goes_to_a_group_of_vrrp(link_type: int, head: bytes) -> None:
    """From the access point the group is the first address, to it the third; other encrypted frames are nothing."""
    names = ("addr1", "addr2", "addr3")
    found = []
    for flags, *addresses in (FROM_AP, TO_AP, (2, "ff:ff:ff:ff:ff:ff", "02:00:00:00:00:ff", MAC)):
        frame = Dot11(type=2, subtype=8, FCfield=flags | 0x40, **dict(zip(names, addresses, strict=True)))
        data = head + bytes(frame) + bytes(60)
        found.append(Decoder().decode(Frame(1.0, data, link_type, len(data), "eth0")))
    sealed = SkippedFrame(1.0, "encrypted 802.11 to a group of VRRP")
    assert found == [sealed, sealed, None]


def test_an_unknown_link_type_is_passed_over() -> None:
    """It is counted by what it is, and no malformed VRRP."""
    assert Decoder().decode(Frame(1.0, b"\x45" * 60, 147, 60)) == SkippedFrame(1.0, "link type 147")


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/captures/links")
@pytest.mark.parametrize(("name", "adverts"), [("vxlan.pcap", 5), ("mpls.pcap", 5), ("llcsnap.pcap", 5),
                                               ("mixedwifi.pcapng", 10)])  # fmt: skip
def test_recorded_envelopes(name: str, adverts: int) -> None:
    decode = Decoder().decode
    found = [decode(item) for item in read_capture(str(SHARED / name)) if isinstance(item, Frame)]
    assert [each.virtual_router_id for each in found if isinstance(each, Advert)] == [51] * adverts
    assert len(found) == adverts


def test_plain_captures_do_not_import_scapy(tmp_path: Path) -> None:
    """`kalint probe --pcap` of Ethernet frames, other traffic among them, starts without scapy."""
    path = tmp_path / "plain.pcap"
    with CaptureWriter(str(path)) as writer:
        for number, packet in enumerate((ethernet(), Ether() / IP() / UDP(dport=53) / (b"\x45" * 40))):
            writer.write(Frame(float(number), bytes(packet), 1, len(bytes(packet))))
    code = (
        "import sys; from kalint.cli import main\n"
        f"sys.argv = ['kalint', 'probe', '--pcap', {str(path)!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('scapy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
