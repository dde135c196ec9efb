"""The bytes of a capture file as they come, unpacked if they are compressed."""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from typing import cast

from kalint.errors import InputError
from kalint.wire.advert import Notice

LONGEST_FRAME = 1 << 18  # what libpcap and Wireshark take for the most (MAXIMUM_SNAPLEN)
_AT_ONCE = 1 << 18
_PATIENCE = 0.2
"""Seconds after which a pipe that says nothing gives nothing, so that the reader can look up."""
_KERNEL = ("/proc/", "/sys/")
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib.decompressobj: the largest window, with gzip's header


class Chunks:
    """The file in pieces: each turn of iteration gives all that is not used up yet; `keep` says what that is.

    `idle`: nothing new has come for a moment, from a pipe.
    """

    def __init__(self, path: str, stopped: Callable[[], bool] = lambda: False) -> None:
        """Open the file, or take standard input for "-".

        Args:
            path: the file.
            stopped: whether to wait no longer for the beginning of what a pipe may still bring.

        Raises:
            InputError: now or later, if it cannot be read.
        """
        self._stopped = stopped
        self.name = "standard input" if path == "-" else path
        self._rest = b""
        self.damaged = self._cut = self.idle = False
        self._source = self._bytes_of(path)
        if self.peek(2) == _GZIP:
            self._source, self._rest = self._unpacked(self._rest, self._source), b""

    def _bytes_of(self, path: str) -> Iterator[bytes]:
        try:
            if path == "-":
                yield from _coming(cast("BufferedIOBase", sys.stdin.buffer))
            else:
                with open(path, "rb", opener=_without_waiting) as stream:
                    yield from _coming(stream)
        except OSError as error:
            raise InputError(f"cannot read {self.name}: {error.strerror}") from None

    def _unpacked(self, packed: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
        """What gzip packed; a file can hold several members, one after the other."""
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        try:
            more: bytes | None = packed
            while more or (more := next(source, None)) is not None:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP_WINDOW)
                yield unpacker.decompress(more, _AT_ONCE)
                more = unpacker.unconsumed_tail or unpacker.unused_data.lstrip(b"\0")
        except zlib.error:
            self.damaged = True
        self._cut = not unpacker.eof

    def _wait_for(self, size: int) -> None:
        while len(self._rest) < size:
            more = next(self._source, None)
            if more is None:
                return
            if not more and self._stopped():
                raise InputError(f"{self.name} brought no capture before kalint was stopped")
            self._rest += more

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, or all there are, without using them up."""
        self._wait_for(size)
        return self._rest[:size]

    def take(self, size: int) -> bytes:
        """The next `size` bytes, or all there are."""
        self._wait_for(size)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def keep(self, rest: bytes) -> None:
        """Keep this for the next turn."""
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        """What is there, then again with what has come since, to the end."""
        while True:
            yield self._rest
            more = next(self._source, None)
            if more is None:
                return
            self.idle = not more
            self._rest += more

    def ending(self, time: float) -> Iterator[Notice]:
        """What is wrong with the end of the file."""
        if self.damaged:
            yield Notice(time, "", "damaged")
        elif self._rest or self._cut:
            yield Notice(time, "", "cut", len(self._rest))


def _without_waiting(path: str, flags: int) -> int:
    """Open a pipe, whether or not somebody writes to it yet; no file of the kernel."""
    if os.path.isfile(path) and os.path.realpath(path).startswith(_KERNEL):
        raise OSError(errno.EINVAL, "a file of the kernel, which kalint does not read")
    return os.open(path, flags | os.O_NONBLOCK)


def _coming(stream: BufferedIOBase) -> Iterator[bytes]:
    """What comes; nothing now and then, where it may be long in coming."""
    try:
        number = stream.fileno()
        waits = not stat.S_ISREG(os.fstat(number).st_mode)
    except OSError:  # it is none of the system's
        waits = False
    if not waits:
        yield from _pieces(stream)
        return
    while True:
        ready, _, _ = select.select([number], [], [], _PATIENCE)
        data = os.read(number, _AT_ONCE) if ready else b""
        if ready and not data:
            return
        yield data


def _pieces(stream: BufferedIOBase) -> Iterator[bytes]:
    while data := stream.read1(_AT_ONCE):
        yield data
