"""Writes capture files, so that what was seen can be shown to tshark, and to kalint again."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO

from kalint.errors import InputError
from kalint.wire.advert import Frame
from kalint.wire.chunks import LONGEST_FRAME

_PCAP = struct.Struct("<IHHiIII")
_PCAP_RECORD = struct.Struct("<IIII")
_MICROSECONDS = 0xA1B2C3D4
_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_NAME = 2

Opener = Callable[[str], BinaryIO]
"""Opens a file to write, and raises OSError where it must not be written."""


class CaptureWriter:
    """Writes frames to a file: pcapng if its name ends in .pcapng, else pcap; both with microseconds.

    Only pcapng can tell one interface from another, or hold frames of several link types.
    """

    def __init__(self, path: str, opener: Opener | None = None) -> None:
        """Open the file, and write over what is there.

        Args:
            path: the file.
            opener: opens it, where that must be done with care.

        Raises:
            InputError: it cannot be written.
        """
        self._path = path
        try:
            self._stream = open(path, "wb") if opener is None else opener(path)  # noqa: SIM115 (closed by close)
        except OSError as error:
            raise self._failed(error) from None
        self._is_pcapng = path.endswith(".pcapng")
        self._link_type: int | None = None
        self._interfaces: dict[tuple[int, str], int] = {}

    def _failed(self, error: OSError) -> InputError:
        return InputError(f"cannot write {self._path}: {error.strerror}")

    def write(self, frame: Frame) -> None:
        """Append one frame.

        Raises:
            InputError: the disk is full, say; or a pcap file would need a second link type.
        """
        try:
            self._stream.write(self._block(frame) if self._is_pcapng else self._record(frame))
        except OSError as error:
            raise self._failed(error) from None

    def _record(self, frame: Frame) -> bytes:
        header = b""
        if self._link_type is None:
            self._link_type = frame.link_type
            header = _PCAP.pack(_MICROSECONDS, 2, 4, 0, 0, LONGEST_FRAME, frame.link_type)
        elif self._link_type != frame.link_type:
            raise InputError(f"{self._path}: a pcap file holds frames of one link type; name it .pcapng instead")
        seconds, microseconds = divmod(round(frame.time * 1e6), 1_000_000)
        return header + _PCAP_RECORD.pack(seconds, microseconds, len(frame.data), frame.length) + frame.data

    def _block(self, frame: Frame) -> bytes:
        blocks = b"" if self._interfaces else _block(_SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
        key = (frame.link_type, frame.interface)
        if key not in self._interfaces:
            self._interfaces[key] = len(self._interfaces)
            name = os.fsencode(frame.interface)
            option = struct.pack("<HH", _NAME, len(name)) + _padded(name) + bytes(4) if name else b""
            blocks += _block(_INTERFACE, struct.pack("<HHI", frame.link_type, 0, LONGEST_FRAME) + option)
        ticks = round(frame.time * 1e6)
        head = struct.pack(
            "<IIIII", self._interfaces[key], ticks >> 32, ticks & 0xFFFFFFFF, len(frame.data), frame.length
        )
        return blocks + _block(_PACKET, head + _padded(frame.data))

    def flush(self) -> None:
        """Hand what is written to the operating system."""
        try:
            self._stream.flush()
        except OSError as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """End the file; one without a frame is a capture file all the same."""
        if self._stream.closed:
            return
        try:
            if self._link_type is None and not self._interfaces:
                empty = _block(_SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
                self._stream.write(
                    empty if self._is_pcapng else _PCAP.pack(_MICROSECONDS, 2, 4, 0, 0, LONGEST_FRAME, 1)
                )
            self._stream.close()
        except OSError as error:
            raise self._failed(error) from None

    def __enter__(self) -> CaptureWriter:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
