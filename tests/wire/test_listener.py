"""Live capture on a veth pair: frames are sent into one end, and heard at the other.

Each test has a network namespace of its own. That needs root: skipped without, and failing then where
KALINT_REQUIRE_DAEMON=1 asks for all there is.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrHopByHop, RouterAlert
from scapy.layers.l2 import Dot1AD, Dot1Q, Ether
from scapy.packet import Packet, Raw

from kalint.errors import CaptureError
from kalint.wire import Advert, Decoder, Frame, Listener, Notice, read_capture

HERE = Path(__file__).parent / "captures"
SHARED = Path(__file__).parents[3] / "shared" / "captures"
CLONE_NEWNET = 0x40000000
TPACKET_STATISTICS = 6

pytestmark = pytest.mark.daemon


def _missing() -> str | None:
    if os.geteuid() != 0:
        return "needs root, for a network namespace"
    if shutil.which("ip") is None:
        return "needs ip (iproute2)"
    return None


@pytest.fixture
def isolated() -> Callable[[Callable[[], None]], None]:
    """Runs a function in a thread that has a network namespace of its own, with the pair near-far."""
    reason = _missing()
    if reason is not None and os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but a test {reason}")
    if reason is not None:
        pytest.skip(reason)

    def run(body: Callable[[], None]) -> None:
        errors: list[BaseException] = []

        def inside() -> None:
            try:
                if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "cannot make a network namespace")
                _pair()
                body()
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=inside)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]

    return run


def _pair() -> None:
    """Both ends, once the kernel sends: until it has seen that they are up it drops frames, and says nothing of it."""
    for arguments in ("link add near type veth peer name far", "link set far up", "link set near up"):
        _ip(arguments)
    end = time.monotonic() + 20
    while subprocess.run(["ip", "-o", "link"], check=True, capture_output=True, text=True).stdout.count("state UP") < 2:
        if time.monotonic() > end:
            raise RuntimeError("the pair never came up")
        time.sleep(0.02)


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True)


def _sender(name: str = "far") -> socket.socket:
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    opened.bind((name, 0))
    return opened


def _heard(listener: Listener, frames: int, more: float = 0.3) -> list[Frame | Notice]:
    """What comes in until so many frames are there, and a little longer, so that one too many is seen."""
    found: list[Frame | Notice] = []
    end = time.monotonic() + 10
    while time.monotonic() < end and sum(isinstance(row, Frame) for row in found) < frames:
        found += listener.read(0.1)
    return found + (listener.read(more) if more else [])


def _notices(listener: Listener, last: str) -> list[tuple[str, str]]:
    """What is told, until this is; the kernel may take a second to see that a link is up."""
    found = []
    end = time.monotonic() + 10
    while time.monotonic() < end and (not found or found[-1][1] != last):
        found += [(row.interface, row.kind) for row in listener.read(0.5) if isinstance(row, Notice)]
    return [row for row in found if row[1] == last or row[1] != "no carrier"]


Isolated = Callable[[Callable[[], None]], None]


def test_every_recorded_advert_is_heard_and_nothing_else(isolated: Isolated) -> None:
    """The kernel's filter passes all that the decoder reads: v2, v3, IPv4, IPv6, AH, tags; not ARP, ND, ICMP."""
    paths = sorted(SHARED.glob("*.pcap")) or sorted(HERE.glob("*.pcap"))
    rows = [row for path in paths if not path.stem.startswith("any-") for row in read_capture(str(path))]
    frames = [row.data for row in rows if isinstance(row, Frame)]
    wanted = [data for data in frames if Decoder().decode(Frame(0.0, data, 1, len(data))) is not None]
    wanted_set = set(wanted)
    assert 0 < len(wanted) < len(frames)

    def body() -> None:
        with _sender() as sender, Listener(["near"]) as listener:
            before = time.time()
            found = []
            for at in range(0, len(frames), 400):  # the kernel's own queue between the two ends is of 1,000
                part = frames[at : at + 400]
                for data in part:
                    sender.send(data)
                found += _heard(listener, sum(data in wanted_set for data in part), 0)
            found += listener.read(0.3)
        assert [row.data for row in found if isinstance(row, Frame)] == wanted
        assert {(row.interface, row.link_type) for row in found if isinstance(row, Frame)} == {("near", 1)}
        assert all(before - 0.1 < row.time < before + 30 for row in found)

    isolated(body)


def test_filter_on_packets_of_every_kind(
    isolated: Isolated, v2: Callable[..., Packet], v3_ip6: Callable[..., Packet]
) -> None:
    """Options, up to three tags, fragments and junk are passed on as the decoder wants them; other AH is not."""
    ether = Ether(src="02:00:00:00:00:09", dst="01:00:5e:00:00:12")
    ah, other = b"\x70\x04" + bytes(22) + bytes(v2())[20:], b"\x06\x04" + bytes(40)
    packets = [
        ether / v2({"options": b"\x94\x04\0\0"}),
        ether / Dot1Q(vlan=5) / v2(),
        ether / Dot1Q(vlan=5) / v3_ip6(),
        ether / Dot1AD(vlan=5) / Dot1Q(vlan=6) / v3_ip6(),
        ether / Dot1Q(vlan=5) / Dot1Q(vlan=6) / Dot1Q(vlan=7) / v2(),
        ether / Dot1Q(vlan=5) / Dot1Q(vlan=6) / IP(proto=51, options=b"\x94\x04\0\0" + 8 * b"\1") / Raw(ah),
        ether / IP(proto=51, flags="MF") / Raw(ah),
        ether / IPv6(src="fe80::1", dst="ff02::12") / IPv6ExtHdrHopByHop(nh=112, options=[RouterAlert()]) / Raw(ah),
        ether / IPv6(src="fe80::1", dst="ff02::12", nh=51) / Raw(ah),
        ether / v2({"flags": "MF"}),
        ether / IP(proto=112) / Raw(b"junk"),
        ether / IP(proto=51) / Raw(other),
        ether / IPv6(src="fe80::1", dst="ff02::12", nh=51) / Raw(other),
        ether / IPv6(src="fe80::1", dst="ff02::12") / IPv6ExtHdrHopByHop(nh=58, options=[RouterAlert()]) / Raw(ah),
        ether / Dot1Q(vlan=5) / IP(proto=6) / Raw(ah),
        ether / IP(proto=51, frag=4) / Raw(ah),
    ]
    frames = [bytes(packet).ljust(60, b"\0") for packet in packets]
    wanted = [data for data in frames if Decoder().decode(Frame(0.0, data, 1, len(data))) is not None]
    assert len(wanted) == 11

    def body() -> None:
        with _sender() as sender, Listener(["near"]) as listener:
            for data in frames:
                sender.send(data)
            found = [row for row in _heard(listener, len(wanted)) if isinstance(row, Frame)]
        assert [row.data for row in found] == wanted
        assert [row.length for row in found] == [len(data) for data in wanted]

    isolated(body)


def test_several_interfaces(isolated: Isolated, v2: Callable[..., Packet]) -> None:
    """Each frame says where it was heard: also the one that this host itself has sent."""
    data = bytes(Ether(dst="01:00:5e:00:00:12") / v2())

    def body() -> None:
        with _sender() as sender, Listener(["near", "far", "near"]) as listener:
            sender.send(data)
            found = [row for row in _heard(listener, 2) if isinstance(row, Frame)]
        assert sorted(row.interface for row in found) == ["far", "near"]

    isolated(body)


def test_loopback_is_heard_once(isolated: Isolated, v2: Callable[..., Packet]) -> None:
    """What goes out there comes in as well: that is one advert."""

    def body() -> None:
        _ip("link set lo up")
        with _sender("lo") as sender, Listener(["lo"]) as listener:
            sender.send(bytes(Ether() / v2()))
            assert len([row for row in _heard(listener, 1) if isinstance(row, Frame)]) == 1

    isolated(body)


def test_what_becomes_of_an_interface_is_told(isolated: Isolated, v2: Callable[..., Packet]) -> None:
    """Down, up, without a carrier, gone and made anew: each is a notice, and listening goes on."""
    data = bytes(Ether(dst="01:00:5e:00:00:12") / v2())

    def heard_again(listener: Listener) -> bool:
        with _sender() as sender:
            sender.send(data)
        return any(isinstance(row, Frame) for row in _heard(listener, 1))

    def body() -> None:
        with Listener(["near"]) as listener:
            assert not [row for row in listener.read(0.5) + listener.read(0.5) if row[2] != "no carrier"]
            _ip("link set near down")
            assert _notices(listener, "down") == [("near", "down")]
            _ip("link set near up")
            assert _notices(listener, "up") == [("near", "up")]
            assert heard_again(listener)
            _ip("link set far down")
            assert _notices(listener, "no carrier") == [("near", "no carrier")]
            _ip("link del far")
            assert _notices(listener, "gone") == [("near", "gone")]
            assert listener.read(0) == []
            _pair()
            assert _notices(listener, "up")[-1] == ("near", "up")
            assert heard_again(listener)
            _ip("link del far")
            _pair()  # faster than anybody looks
            found = _notices(listener, "up")
            assert (found[0], found[-1]) == (("near", "gone"), ("near", "up"))
            assert heard_again(listener)

    isolated(body)


def test_an_interface_that_is_down_can_be_listened_to(isolated: Isolated) -> None:
    """It may come up: until then it is told to be down."""

    def body() -> None:
        _ip("link set near down")
        with Listener(["near"]) as listener:
            assert _notices(listener, "down") == [("near", "down")]

    isolated(body)


def test_no_such_interface(isolated: Isolated) -> None:
    """The error names what there is."""

    def body() -> None:
        for name in ("eth9", "", "x" * 40):
            with pytest.raises(
                CaptureError, match=f"no interface is named {name}; this host has far, lo, near"
            ) as error:
                Listener(["near", name])
            assert error.value.exit_code == 2

    isolated(body)


def test_promiscuous_mode_only_if_asked(isolated: Isolated) -> None:
    """The kernel counts who asked for it; closing takes it back. Groups are asked of the card, not of a switch."""

    def flags() -> tuple[int, str]:
        details = subprocess.run(
            ["ip", "-d", "link", "show", "near"], capture_output=True, text=True, check=True
        ).stdout
        groups = subprocess.run(["ip", "maddr", "show", "near"], capture_output=True, text=True, check=True).stdout
        return int(details.split("promiscuity ")[1].split()[0]), groups

    def body() -> None:
        with Listener(["near"], groups=["224.0.0.44", "239.129.0.45", "ff02::99"]):
            promiscuity, groups = flags()
            assert promiscuity == 0
            assert "link  01:00:5e:00:00:12" in groups
            assert "link  33:33:00:00:00:12" in groups
            assert "link  01:00:5e:00:00:2c" in groups
            assert "link  01:00:5e:01:00:2d" in groups
            assert "link  33:33:00:00:00:99" in groups
            assert "224.0.0.18" not in groups
        with Listener(["near"], promiscuous=True):
            assert flags()[0] == 1
        promiscuity, groups = flags()
        assert (promiscuity, "01:00:5e:00:00:12" in groups) == (0, False)

    isolated(body)


def test_it_never_sends(isolated: Isolated) -> None:
    """No IGMP or MLD report, no frame at all leaves while listening starts, runs and ends."""

    def sent() -> int:
        return int(Path("/proc/thread-self/net/dev").read_text().split("near:")[1].split()[9])

    def body() -> None:
        for name in ("near", "far"):  # no neighbour discovery of the kernel's own
            Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
        _ip("addr add 192.0.2.1/24 dev near")
        time.sleep(0.3)
        before = sent()
        with Listener(["near"], groups=["224.0.0.44"], promiscuous=True) as listener:
            listener.read(0.7)
        time.sleep(0.3)
        assert sent() == before

    isolated(body)


def test_dropped_frames_are_counted(isolated: Isolated, v2: Callable[..., Packet]) -> None:
    """A reader that sleeps through more than the ring holds is told how many frames it has missed."""
    data = bytes(Ether(dst="01:00:5e:00:00:12") / v2()).ljust(1500, b"\0")

    def body() -> None:
        with _sender() as sender, Listener(["near"]) as listener:
            for number in range(4000):
                sender.send(data)
                if number % 200 == 0:
                    time.sleep(0.01)  # the kernel's own queue between the two ends is of 1,000
            time.sleep(0.3)
            found = [row for _ in range(15) for row in listener.read(0.1)]
        dropped = sum(row.amount for row in found if isinstance(row, Notice) and row.kind == "dropped")
        received = sum(isinstance(row, Frame) for row in found)
        assert dropped > 0
        assert dropped + received == 4000

    isolated(body)


def test_times_are_the_kernels(isolated: Isolated, v2: Callable[..., Packet]) -> None:
    """A frame has the time of its arrival, not of its being read."""
    data = bytes(Ether(dst="01:00:5e:00:00:12") / v2())

    def body() -> None:
        with _sender() as sender, Listener(["near"]) as listener:
            before = time.time()
            sender.send(data)
            after = time.time()
            time.sleep(0.5)
            (frame,) = [row for row in _heard(listener, 1) if isinstance(row, Frame)]
        assert before - 0.005 <= frame.time <= after + 0.005
        assert isinstance(Decoder().decode(frame), Advert)

    isolated(body)


def test_a_tunnel_without_ethernet_is_heard_as_raw_ip(isolated: Isolated, v2: Callable[..., Packet]) -> None:
    """Frames of a TUN device begin with the IP header."""

    def body() -> None:
        if not os.path.exists("/dev/net/tun"):
            pytest.skip("needs /dev/net/tun")
        import fcntl

        with open("/dev/net/tun", "r+b", buffering=0) as tun:
            fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"tun7", 0x1001))  # TUNSETIFF, IFF_TUN | IFF_NO_PI
            _ip("link set tun7 up")
            with Listener(["tun7"], promiscuous=True) as listener:
                tun.write(bytes(v2()))
                (frame,) = [row for row in _heard(listener, 1) if isinstance(row, Frame)]
        assert (frame.link_type, frame.data) == (101, bytes(v2()))

    isolated(body)


LISTEN = "from kalint.wire import Listener; Listener(['near']).close(); print('listening')"


def _as_nobody(isolated: Isolated, *options: str, code: str = LISTEN) -> subprocess.CompletedProcess[str]:
    """Python as a user without rights, or with the ones that the options of setpriv give."""
    found: list[subprocess.CompletedProcess[str]] = []
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv (util-linux)")

    def body() -> None:
        # as root with all rights taken away: another user may not read the checkout
        command = ["setpriv", "--no-new-privs", *options, sys.executable, "-c", code]
        found.append(
            subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
        )

    isolated(body)
    return found[0]


def test_cap_net_raw_alone_is_enough(isolated: Isolated) -> None:
    """No other right is used, not even for the groups and promiscuous mode."""
    code = LISTEN.replace("['near']", "['near'], promiscuous=True")
    keep = ("--bounding-set", "-all,+net_raw", "--inh-caps", "-all,+net_raw")
    result = _as_nobody(isolated, *keep, code=code)
    assert (result.stdout, result.stderr) == ("listening\n", "")


def test_without_the_right_root_is_told_of_containers(isolated: Isolated) -> None:
    """Root without CAP_NET_RAW is in a container or a service: what to do there is said."""
    result = _as_nobody(isolated, "--bounding-set", "-all", "--inh-caps", "-all")
    assert (
        "CaptureError: listening on near needs the right CAP_NET_RAW, which root does not have here." in result.stderr
    )
    assert "--cap-add=NET_RAW" in result.stderr


def test_without_the_right_a_user_is_told_what_to_do(isolated: Isolated) -> None:
    """Both ways, with the real path of the interpreter, ready to be pasted."""
    code = "import os, sys; os.geteuid = lambda: 1000; sys.executable = '/opt/my venv/bin/python'; "
    result = _as_nobody(isolated, "--bounding-set", "-all", "--inh-caps", "-all", code=code + LISTEN)
    assert result.stderr.splitlines()[-4:] == [
        "kalint.errors.CaptureError: listening on near needs the right CAP_NET_RAW. Either run it as root:",
        "    sudo '/opt/my venv/bin/python' -m kalint probe near",
        "or give the right to this Python, and so to every program that it runs:",
        "    sudo setcap cap_net_raw+ep '/opt/my venv/bin/python'",
    ]
