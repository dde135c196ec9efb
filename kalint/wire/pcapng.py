"""The blocks of pcapng: sections, interfaces, packets and their statistics; other blocks are passed over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from kalint.wire.advert import Frame, Notice
from kalint.wire.chunks import LONGEST_FRAME, Chunks

SECTION = b"\x0a\x0d\x0d\x0a"
_LITTLE, _BIG = b"\x4d\x3c\x2b\x1a", b"\x1a\x2b\x3c\x4d"
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _STATISTICS, _PACKET = 1, 2, 3, 5, 6
_NAME, _RESOLUTION, _OFFSET = 2, 9, 14
_INTERFACE_DROPS, _SYSTEM_DROPS = 5, 7
_LONGEST_BLOCK = LONGEST_FRAME + (1 << 16)


class _Interface(NamedTuple):
    link_type: int
    snap_length: int
    name: str
    per_second: float
    offset: int


class _Section:
    """One section: its byte order, and the interfaces that it has named so far."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.interfaces: list[_Interface] = []
        self.time = 0.0

    def read(self, kind: int, body: bytes) -> Frame | Notice | None:
        """The frame or notice of a block, if it is of a kind that has any.

        Raises:
            struct.error, IndexError: the block is too short for its kind, or its interface is not there.
        """
        if kind == _PACKET:
            number, high, low, captured, length = struct.unpack_from(self.order + "IIIII", body)
            return self._frame(number, high << 32 | low, body[20 : 20 + captured], captured, length)
        if kind == _INTERFACE:
            self.interfaces.append(self._interface(body))
        elif kind == _SIMPLE_PACKET:
            (length,) = struct.unpack_from(self.order + "I", body)
            interface = self.interfaces[0]
            captured = min(length, interface.snap_length or length, len(body) - 4)
            return Frame(self.time, body[4 : 4 + captured], interface.link_type, length, interface.name)
        elif kind == _OLD_PACKET:
            number, _, high, low, captured, length = struct.unpack_from(self.order + "HHIIII", body)
            return self._frame(number, high << 32 | low, body[20 : 20 + captured], captured, length)
        elif kind == _STATISTICS:
            return self._statistics(body)
        return None

    def _frame(self, number: int, ticks: int, data: bytes, captured: int, length: int) -> Frame:
        if len(data) < captured:
            raise struct.error("the packet is longer than its block")
        interface = self.interfaces[number]
        self.time = interface.offset + ticks / interface.per_second
        return Frame(self.time, data, interface.link_type, length, interface.name)

    def _interface(self, body: bytes) -> _Interface:
        link_type, _, snap_length = struct.unpack_from(self.order + "HHI", body)
        options = self._options(body[8:])
        name = options.get(_NAME, b"").rstrip(b"\0").decode("utf-8", "backslashreplace")
        resolution = options.get(_RESOLUTION, b"\6")[0]
        per_second = float(2 ** (resolution & 0x7F) if resolution & 0x80 else 10**resolution)
        (offset,) = struct.unpack(self.order + "q", options.get(_OFFSET, bytes(8)))
        return _Interface(link_type, snap_length, name, per_second, offset)

    def _statistics(self, body: bytes) -> Notice | None:
        (number,) = struct.unpack_from(self.order + "I", body)
        options = self._options(body[12:])
        dropped = 0
        for code in (_INTERFACE_DROPS, _SYSTEM_DROPS):
            (count,) = struct.unpack(self.order + "Q", options.get(code, bytes(8)))
            dropped += count
        return Notice(self.time, self.interfaces[number].name, "dropped", dropped) if dropped else None

    def _options(self, data: bytes) -> dict[int, bytes]:
        options = {}
        at = 0
        while at + 4 <= len(data):
            code, size = struct.unpack_from(self.order + "HH", data, at)
            if code == 0:
                break
            options[code] = data[at + 4 : at + 4 + size]
            at += 4 + size + -size % 4
        return options


def frames(chunks: Chunks) -> Iterator[Frame | Notice | None]:
    """The frames of a file whose first block type has been found to be that of a section; None while none comes."""
    section = _Section("<")
    for data in chunks:
        at = 0
        while at + 12 <= len(data):
            if data[at : at + 4] == SECTION:
                if data[at + 8 : at + 12] not in (_LITTLE, _BIG):
                    yield Notice(section.time, "", "damaged")
                    return
                section = _Section("<" if data[at + 8 : at + 12] == _LITTLE else ">")
            kind, size = struct.unpack_from(section.order + "II", data, at)
            if not 12 <= size <= _LONGEST_BLOCK or size % 4:
                yield Notice(section.time, "", "damaged")
                return
            if at + size > len(data):
                break
            try:
                found = section.read(kind, data[at + 8 : at + size - 4])
            except (struct.error, IndexError):
                yield Notice(section.time, "", "damaged")
                return
            if found is not None:
                yield found
            at += size
        chunks.keep(data[at:])
        if chunks.idle:
            yield None
    yield from chunks.ending(section.time)
