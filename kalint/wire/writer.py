"""Writes capture files."""

from __future__ import annotations

import struct
from types import TracebackType

from kalint.wire.advert import Frame


class CaptureWriter:
    """Writes frames to a file: pcapng if its name ends so, else pcap with microseconds."""

    def __init__(self, path: str) -> None:
        """Open the file. Raises InputError where it cannot be written."""
        self._stream = open(path, "wb")  # noqa: SIM115
        self._begun = False

    def write(self, frame: Frame) -> None:
        """Append one frame."""
        if not self._begun:
            self._stream.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, frame.link_type))
            self._begun = True
        seconds, rest = divmod(frame.time, 1)
        self._stream.write(struct.pack("<IIII", int(seconds), int(rest * 1e6), len(frame.data), frame.length))
        self._stream.write(frame.data)

    def flush(self) -> None:
        """Hand what is written to the operating system."""
        self._stream.flush()

    def close(self) -> None:
        """End the file."""
        self._stream.close()

    def __enter__(self) -> CaptureWriter:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
