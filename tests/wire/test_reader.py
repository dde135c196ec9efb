"""Capture files of every kind, whole and broken, and those kalint writes."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from scapy.utils import PcapNgReader, PcapReader, RawPcapWriter

from kalint.errors import InputError
from kalint.wire import CaptureWriter, Frame, Notice, read_capture

HERE = Path(__file__).parent / "captures"
PLAIN = HERE / "v2-pass_2.2.7.pcap"
FRAMES = [Frame(1.25, b"a" * 60, 1, 60), Frame(2.5, b"b" * 41, 1, 1500), Frame(4.0e9, b"", 1, 60)]


def _pcap(order: str, magic: int, fraction: int, link_type: int = 1) -> bytes:
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link_type)
    for frame in FRAMES:
        seconds, rest = divmod(frame.time, 1)
        head += struct.pack(order + "IIII", int(seconds), int(rest * fraction), len(frame.data), frame.length)
        head += frame.data
    return head


def _block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def _section(order: str) -> bytes:
    return _block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def _interface(order: str, link_type: int = 1, snap: int = 0, options: bytes = b"") -> bytes:
    return _block(order, 1, struct.pack(order + "HHI", link_type, 0, snap) + options)


def _packet(order: str, number: int, ticks: int, data: bytes, length: int) -> bytes:
    return _block(
        order, 6, struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), length) + data
    )


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[bytes], list[Frame | Notice]]:
    """What a file of these bytes holds."""

    def read(content: bytes) -> list[Frame | Notice]:
        (tmp_path / "some.pcap").write_bytes(content)
        return list(read_capture(str(tmp_path / "some.pcap")))

    return read


Rows = Callable[[bytes], list[Frame | Notice]]


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("magic", "fraction"), [(0xA1B2C3D4, 10**6), (0xA1B23C4D, 10**9)])
def test_pcap_of_both_byte_orders_and_resolutions(rows: Rows, order: str, magic: int, fraction: int) -> None:
    """Microseconds and nanoseconds, as big and little endian machines write them."""
    assert rows(_pcap(order, magic, fraction)) == FRAMES


@pytest.mark.parametrize("order", "<>")
def test_pcapng(rows: Rows, order: str) -> None:
    """Names and resolutions of interfaces, simple and old packets, blocks that are passed over, a second section."""
    name = struct.pack(order + "HH", 2, 4) + b"eth0"
    milliseconds = struct.pack(order + "HHBxxx", 9, 1, 3)
    binary = struct.pack(order + "HHBxxx", 9, 1, 0x80 | 10)
    later = struct.pack(order + "HHq", 14, 8, 100)
    end = bytes(4)
    old = struct.pack(order + "HHIIII", 1, 0xFFFF, 0, 2048, 2, 70) + b"cc"
    content = (
        _section(order)
        + _interface(order, options=name + end)
        + _interface(order, 101, 4, milliseconds + later)
        + _packet(order, 0, 1_500_000, b"abc", 60)
        + _block(order, 0x0BAD, b"unknown")
        + _packet(order, 1, 2_000, b"d", 61)
        + _block(order, 2, old)
        + _section(order)
        + _interface(order, 1, 3, binary + end)
        + _packet(order, 0, 1536, b"e", 1)
        + _block(order, 3, struct.pack(order + "I", 9) + b"fff")
    )
    assert rows(content) == [
        Frame(1.5, b"abc", 1, 60, "eth0"),
        Frame(102.0, b"d", 101, 61),
        Frame(102.048, b"cc", 101, 70),
        Frame(1.5, b"e", 1, 1),
        Frame(1.5, b"fff", 1, 9),
    ]


def test_pcapng_that_tells_of_drops(rows: Rows) -> None:
    """What the writer of the file lost is told."""
    dropped = struct.pack("<HHQ", 5, 8, 3) + struct.pack("<HHQ", 7, 8, 4) + bytes(4)
    statistics = _block("<", 5, struct.pack("<III", 0, 0, 0) + dropped)
    name = struct.pack("<HH", 2, 4) + b"eth0"
    content = _section("<") + _interface("<", options=name) + _packet("<", 0, 10**6, b"a", 1) + statistics
    assert rows(content) == [Frame(1.0, b"a", 1, 1, "eth0"), Notice(1.0, "eth0", "dropped", 7)]


@pytest.mark.parametrize(
    "content",
    [
        _section("<") + _packet("<", 0, 0, b"a", 1),
        _section("<") + _interface("<") + _block("<", 6, b"short"),
        _section("<") + _interface("<") + _block("<", 6, struct.pack("<IIIII", 0, 0, 0, 500, 500)),
        _section("<") + struct.pack("<II", 6, 13) + bytes(40),
        _section("<") + struct.pack("<II", 6, 1 << 30) + bytes(40),
        _section("<")[:8] + bytes(20),
        _pcap("<", 0xA1B2C3D4, 10**6)[:24] + struct.pack("<IIII", 0, 0, 1 << 30, 60),
    ],
    ids=["no interface", "short block", "long packet", "odd size", "huge", "no byte order", "huge record"],
)
def test_damage_is_told(rows: Rows, content: bytes) -> None:
    """What cannot be a record ends the reading, with a notice."""
    last = rows(content)[-1]
    assert isinstance(last, Notice)
    assert last.kind == "damaged"


def test_gzip_that_unpacks_to_much_more(rows: Rows) -> None:
    """A compressed file is unpacked in pieces, and none is lost."""
    record = struct.pack("<IIII", 5, 0, 200_000, 200_000) + bytes(200_000)
    found = rows(gzip.compress(_pcap("<", 0xA1B2C3D4, 10**6) + 20 * record))
    assert found[:3] == FRAMES
    assert found[3:] == 20 * [Frame(5.0, bytes(200_000), 1, 200_000)]


def test_damaged_gzip_is_told(rows: Rows) -> None:
    """What gzip unpacked before the damage is read."""
    record = struct.pack("<IIII", 5, 0, 200_000, 200_000) + random.Random(1).randbytes(200_000)
    found = rows(gzip.compress(_pcap("<", 0xA1B2C3D4, 10**6) + 4 * record)[:-40] + b"x" * 40)
    assert found[:3] == FRAMES
    assert found[-1] == Notice(5.0, "", "damaged")


@pytest.mark.parametrize("kept", range(24, 60))
def test_cut_anywhere(rows: Rows, kept: int) -> None:
    """A file that ends within a record is told to be cut; where a record ends, nothing is known to be missing."""
    found = rows(_pcap("<", 0xA1B2C3D4, 10**6)[:kept])
    assert found == ([] if kept == 24 else [Notice(0.0, "", "cut", kept - 24)])


def test_cut_gzip(rows: Rows) -> None:
    """So is a compressed file that ends too early, as a running tcpdump leaves it."""
    whole = _pcap("<", 0xA1B2C3D4, 10**6)
    packer = gzip.zlib.compressobj(wbits=31)
    flushed = packer.compress(whole) + packer.flush(gzip.zlib.Z_SYNC_FLUSH)
    assert rows(flushed) == [*FRAMES, Notice(4.0e9, "", "cut", 0)]


def test_gzip_of_several_members_and_padding(rows: Rows) -> None:
    """Such files can be put one behind the other, and filled up with zero bytes."""
    whole = _pcap("<", 0xA1B2C3D4, 10**6)
    assert rows(gzip.compress(whole[:50]) + gzip.compress(whole[50:]) + bytes(512)) == FRAMES


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"vrrp_instance VI_1 {\n", "is not a capture file"),
        (b"\xd4\xc3", "is not a capture file"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "is compressed with zstd"),
        (gzip.compress(b"text", mtime=0), "is not a capture file"),
        (b"\x1f\x8b" + b"x" * 30, "is damaged: gzip cannot unpack it"),
        (_pcap("<", 0xA1B2C3D4, 10**6)[:20], "ends inside the header"),
        (_pcap("<", 0xA1B2C3D4, 10**6, 147), "has frames of link type 147; kalint reads Ethernet (1)"),
    ],
)
def test_what_is_no_capture_file_is_told_at_once(rows: Rows, content: bytes, said: str) -> None:
    """The error names the file, what is wrong with it, and comes before the first frame."""
    with pytest.raises(InputError, match=r"some\.pcap ") as error:
        rows(content)
    assert said in str(error.value)
    assert error.value.exit_code == 2


def test_unreadable_files(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is an error that names it."""
    with pytest.raises(InputError, match=r"cannot read .*gone\.pcap: No such file or directory"):
        read_capture(str(tmp_path / "gone.pcap"))
    with pytest.raises(InputError, match=r"cannot read .*: Is a directory"):
        read_capture(str(tmp_path))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minus sign is standard input, compressed or not."""
    for content in (PLAIN.read_bytes(), gzip.compress(PLAIN.read_bytes())):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert list(read_capture("-")) == list(read_capture(str(PLAIN)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"junk")))
    with pytest.raises(InputError, match="standard input is not a capture file"):
        read_capture("-")


def test_a_pipe_gives_each_frame_as_it_is_written(tmp_path: Path) -> None:
    """`tcpdump -U -w - | kalint probe --pcap -`: no frame waits for those that come after it."""
    content = PLAIN.read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received = threading.Event()

    def write() -> None:
        with open(pipe, "wb", buffering=0) as stream:
            stream.write(content[:1])
            stream.write(content[1 : 24 + 16 + 70])
            assert received.wait(20)
            stream.write(content[24 + 16 + 70 :])

    writer = threading.Thread(target=write)
    writer.start()
    frames = (each for each in read_capture(str(pipe)) if each is not None)
    first = next(frames)
    received.set()
    assert [first, *frames] == list(read_capture(str(PLAIN)))
    writer.join()


@pytest.mark.parametrize("name", ["v2-pass_2.2.7.pcap", "any-sll2_2.2.7.pcap", "vlan_2.2.7.pcap"])
def test_scapy_reads_the_same(name: str) -> None:
    """The reader of scapy finds the same bytes at the same times."""
    with PcapReader(str(HERE / name)) as reader:
        theirs = [(round(float(packet.time), 6), bytes(packet)) for packet in reader]
    ours = [row for row in read_capture(str(HERE / name)) if isinstance(row, Frame)]
    assert [(round(frame.time, 6), frame.data) for frame in ours] == theirs


def test_what_scapy_writes_is_read(tmp_path: Path) -> None:
    """A file that scapy has written, of nanoseconds and raw IP."""
    path = str(tmp_path / "scapy.pcap")
    with RawPcapWriter(path, linktype=101, nano=True) as writer:
        writer.write_header(None)
        writer.write_packet(b"E" * 30, sec=7, usec=500_000_000)
    assert list(read_capture(path)) == [Frame(7.5, b"E" * 30, 101, 30)]


@pytest.mark.parametrize(("name", "reader"), [("a.pcap", PcapReader), ("a.pcapng", PcapNgReader)])
def test_scapy_reads_what_is_written(tmp_path: Path, name: str, reader: Callable[..., PcapReader]) -> None:
    """It finds the frames in what kalint wrote, of both kinds."""
    frames = [row for row in read_capture(str(PLAIN)) if isinstance(row, Frame)]
    with CaptureWriter(str(tmp_path / name)) as writer:
        for frame in frames:
            writer.write(frame)
            writer.flush()
    with reader(str(tmp_path / name)) as packets:
        found = [(round(float(packet.time), 6), bytes(packet)) for packet in packets]
    assert found == [(round(frame.time, 6), frame.data) for frame in frames]


@pytest.mark.parametrize("name", ["a.pcap", "a.pcapng"])
def test_a_file_without_a_frame_is_a_capture_file(tmp_path: Path, name: str) -> None:
    """Nothing seen is written as nothing seen; closing twice does no harm."""
    writer = CaptureWriter(str(tmp_path / name))
    writer.close()
    writer.close()
    assert list(read_capture(str(tmp_path / name))) == []


def test_pcap_has_one_link_type(tmp_path: Path) -> None:
    """A pcap file cannot hold Ethernet and a tunnel's frames: pcapng can."""
    frames = [Frame(1.0, b"a", 1, 1, "eth0"), Frame(2.0, b"b", 101, 1, "tun0")]
    with CaptureWriter(str(tmp_path / "a.pcapng")) as writer:
        for frame in frames:
            writer.write(frame)
    assert list(read_capture(str(tmp_path / "a.pcapng"))) == frames
    with CaptureWriter(str(tmp_path / "a.pcap")) as writer:
        writer.write(frames[0])
        with pytest.raises(InputError, match=r"a pcap file holds frames of one link type; name it \.pcapng instead"):
            writer.write(frames[1])


def test_unwritable_files(tmp_path: Path) -> None:
    """Where there is no such folder, or the disk is full, the error says so."""
    with pytest.raises(InputError, match=r"cannot write .*: No such file or directory"):
        CaptureWriter(str(tmp_path / "gone" / "a.pcap"))
    if os.path.exists("/dev/full"):
        writer = CaptureWriter("/dev/full")
        writer.write(FRAMES[0])
        with pytest.raises(InputError, match="cannot write /dev/full: No space left on device"):
            writer.close()


def test_nothing_heavy_is_imported() -> None:
    """The wire starts fast: no scapy, no click, no ctypes, and nothing of kalint but its errors."""
    code = "import sys, kalint.wire; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in modules if name.startswith("kalint.") and not name.startswith("kalint.wire")}
    assert ours <= {"kalint.errors"}
    assert not {"scapy", "click", "ctypes", "hashlib", "gzip", "json"} & set(modules)
