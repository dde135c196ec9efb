"""Capture files: pcap and pcapng, also compressed by gzip, cut, or from a pipe that is still being written.

Source: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from kalint.errors import InputError
from kalint.wire import pcapng
from kalint.wire.advert import Frame, Notice
from kalint.wire.chunks import LONGEST_FRAME, Chunks
from kalint.wire.envelopes import LINK_TYPES as ENVELOPES
from kalint.wire.link import LINK_TYPES

_PCAP = {  # byte order, fractions of a second
    b"\xd4\xc3\xb2\xa1": ("<", 1e6),
    b"\xa1\xb2\xc3\xd4": (">", 1e6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e9),
    b"\xa1\xb2\x3c\x4d": (">", 1e9),
}


def read_capture(path: str, stopped: Callable[[], bool] = lambda: False) -> Iterator[Frame | Notice | None]:
    """Each frame of the file as soon as it is there, and a notice where frames are missing; None while none comes.

    Args:
        path: the file; "-" is standard input.
        stopped: whether to wait no longer for the beginning of what a pipe may still bring.

    Raises:
        InputError: it cannot be read, or is not a capture file. What is wrong further on is a notice.
    """
    chunks = Chunks(path, stopped)
    magic, name = chunks.peek(4), chunks.name
    if magic == pcapng.SECTION:
        return pcapng.frames(chunks)
    if magic not in _PCAP:
        raise InputError(
            f"{name} {_what_it_is(chunks, magic)}; kalint reads pcap and pcapng, as tcpdump and Wireshark write them"
        )
    order, per_second = _PCAP[magic]
    header = chunks.take(24)
    if len(header) < 24:
        raise InputError(f"{name} ends inside the header of a pcap file")
    link_type = int(struct.unpack(order + "I", header[20:])[0]) & 0xFFFF
    if link_type not in LINK_TYPES and link_type not in ENVELOPES:
        raise InputError(
            f"{name} has frames of link type {link_type}; kalint reads Ethernet (1), Linux cooked (113, 276), "
            "raw IP (101, 228, 229), loopback (0, 108), 802.11 (105, 119, 127), PPP (9, 50, 51) and Cisco HDLC (104)"
        )
    return _frames(chunks, struct.Struct(order + "IIII"), per_second, link_type)


def _what_it_is(chunks: Chunks, magic: bytes) -> str:
    if chunks.damaged:
        return "is damaged: gzip cannot unpack it"
    if not magic:
        return "is empty"
    if magic == b"\x28\xb5\x2f\xfd":
        return "is compressed with zstd (unpack it with zstd -dc)"
    return "is not a capture file"


def _frames(chunks: Chunks, head: struct.Struct, per_second: float, link_type: int) -> Iterator[Frame | Notice | None]:
    time, unpack = 0.0, head.unpack_from
    for data in chunks:
        at, last = 0, len(data) - 16
        while at <= last:
            seconds, fraction, captured, length = unpack(data, at)
            if captured > LONGEST_FRAME:
                yield Notice(time, "", "damaged")
                return
            end = at + 16 + captured
            if end > len(data):
                break
            time = seconds + fraction / per_second
            yield tuple.__new__(Frame, (time, data[at + 16 : end], link_type, length, ""))
            at = end
        chunks.keep(data[at:])
        if chunks.idle:
            yield None
    yield from chunks.ending(time)
