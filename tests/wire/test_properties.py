"""Whatever comes from the wire or a file, nothing is raised, and a decoder's memory changes no answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.errors import InputError
from kalint.wire import Advert, CaptureWriter, Decoder, Frame, Malformed, Notice, read_capture

HERE = Path(__file__).parent / "captures"
LINK_TYPES = (0, 1, 12, 101, 105, 108, 113, 228, 229, 276)
REAL = [frame for path in sorted(HERE.glob("*.pcap")) for frame in read_capture(str(path)) if isinstance(frame, Frame)]
FILES = [path.read_bytes()[:600] for path in sorted(HERE.glob("*.pcap"))[:3]]


def _check(frame: Frame) -> None:
    """One answer of the four kinds, the same by a decoder that has seen the frame before."""
    decoder = Decoder()
    first, again = decoder.decode(frame), decoder.decode(frame)
    assert first == again
    assert first is None or isinstance(first, (Advert, Malformed))
    if isinstance(first, Advert):
        assert first.version in (2, 3)
        assert 0 <= first.priority <= 255
        assert len(first.addresses) <= 255
        if first.secret is not None:
            assert not first.secret.matches("never a password: it is longer than any key of an auth_hmac, which has 64")


@settings(deadline=None)
@given(st.binary(max_size=120), st.sampled_from(LINK_TYPES), st.integers(0, 200))
def test_random_bytes(data: bytes, link_type: int, length: int) -> None:
    """Junk of any link type."""
    _check(Frame(0.0, data, link_type, length))


@settings(deadline=None)
@given(st.binary(max_size=80), st.sampled_from([b"\x08\0E\xc0", b"\x86\xdd`\0", b"\x81\0\0\x05\x08\0F\xc0"]))
def test_random_packets(data: bytes, start: bytes) -> None:
    """Junk behind an Ethernet header that promises IP."""
    _check(Frame(0.0, bytes(12) + start + data, 1, len(data) + 16))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(REAL),
    st.lists(st.tuples(st.integers(0, 130), st.integers(0, 255)), max_size=4),
    st.integers(0, 130),
    st.sampled_from(LINK_TYPES),
)
def test_mutated_real_frames(frame: Frame, changes: list[tuple[int, int]], kept: int, link_type: int) -> None:
    """Real frames with some bytes changed, cut, and under another link type."""
    data = bytearray(frame.data)
    for at, value in changes:
        if at < len(data):
            data[at] = value
    _check(frame._replace(data=bytes(data)))
    _check(frame._replace(data=bytes(data[:kept])))
    _check(frame._replace(data=bytes(data[:kept]), length=min(kept, len(data))))
    _check(frame._replace(data=bytes(data), link_type=link_type))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(REAL), st.integers(0, 130), st.integers(0, 255)), min_size=2, max_size=30))
def test_memory_changes_no_answer(rows: list[tuple[Frame, int, int]]) -> None:
    """A decoder that has seen many similar frames says of each what a new one says."""
    decoder = Decoder()
    for frame, at, value in rows:
        data = bytearray(frame.data)
        data[at % len(data)] = value
        mutant = frame._replace(data=bytes(data))
        assert decoder.decode(mutant) == Decoder().decode(mutant)
        assert decoder.decode(frame) == Decoder().decode(frame)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*FILES, b""]), st.binary(max_size=60), st.integers(0, 600), st.booleans())
def test_any_file(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, junk: bytes, kept: int, between: bool
) -> None:
    """A file of any bytes gives frames and notices, or is not a capture file; nothing else."""
    path = tmp_path_factory.mktemp("any") / "file.pcap"
    path.write_bytes(start[:kept] + junk + (start[kept:] if between else b""))
    try:
        rows = list(read_capture(str(path)))
    except InputError:
        return
    assert all(isinstance(row, (Frame, Notice)) for row in rows)
    assert not any(isinstance(row, Notice) for row in rows[:-1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Frame,
            st.integers(0, 4 * 10**15).map(lambda ticks: ticks / 1e6),
            st.binary(max_size=300),
            st.just(1),
            st.integers(300, 9000),
            st.sampled_from(["eth0", "", "bond0.7", "ü" * 7]),
        ),
        max_size=20,
    )
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, frames: list[Frame]) -> None:
    """Frames written as pcapng come back as they were; as pcap, without the names of their interfaces."""
    folder = tmp_path_factory.mktemp("written")
    for name in ("file.pcapng", "file.pcap"):
        with CaptureWriter(str(folder / name)) as writer:
            for frame in frames:
                writer.write(frame)
        found = [row for row in read_capture(str(folder / name)) if isinstance(row, Frame)]
        kept = frames if name.endswith("ng") else [frame._replace(interface="") for frame in frames]
        assert [row[1:] for row in found] == [frame[1:] for frame in kept]
        assert [row.time for row in found] == pytest.approx([frame.time for frame in kept], rel=0, abs=1e-6)
