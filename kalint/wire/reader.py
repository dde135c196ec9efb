"""Capture files: pcap."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from kalint.errors import InputError
from kalint.wire.advert import Frame, Notice

_ORDERS = {
    b"\xd4\xc3\xb2\xa1": ("<", 1e6),
    b"\xa1\xb2\xc3\xd4": (">", 1e6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e9),
    b"\xa1\xb2\x3c\x4d": (">", 1e9),
}


def read_capture(path: str) -> Iterator[Frame | Notice]:
    """Each frame of the file in turn; "-" is standard input."""
    with open(path, "rb") as stream:
        header = stream.read(24)
        if header[:4] not in _ORDERS:
            raise InputError(f"{path} is no capture file")
        order, per_second = _ORDERS[header[:4]]
        link_type = struct.unpack(order + "I", header[20:24])[0] & 0xFFFF
        record = struct.Struct(order + "IIII")
        time = 0.0
        while len(head := stream.read(16)) == 16:
            seconds, fraction, captured, length = record.unpack(head)
            time = seconds + fraction / per_second
            data = stream.read(captured)
            if len(data) < captured:
                yield Notice(time, "", "cut", len(data))
                return
            yield Frame(time, data, link_type, length)
