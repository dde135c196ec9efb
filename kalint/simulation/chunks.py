"""A scenario's TOML read event by event, so that a million of them take no more memory than one.

A file is cut at its [[event]] lines. A piece of plain lines is read here; any other goes through the TOML parser, and
so does every piece in which something is wrong: that knows the places.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from kalint.errors import SettingsError
from kalint.text.files import UnreadableError, check, too_large

if TYPE_CHECKING:
    from kalint.settings.toml import Table

MOST = 4 << 20
"""Bytes of one piece."""
LARGEST = 512 << 20
"""Bytes of the whole file; 1,000,000 events take about 100 MB."""

_BLOCK = 1 << 20
_EVENT = re.compile(rb"^[ \t]*\[\[[ \t]*event[ \t]*\]\][ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_LINE = re.compile(
    rb"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*|([A-Za-z0-9_]+)[ \t]*=[ \t]*"
    rb'(?:"([^"\\\x00-\x1f\x7f]*)"|(-?(?:0|[1-9][0-9]*))|(-?(?:0|[1-9][0-9]*)\.[0-9]+)'
    rb'|\[[ \t]*"([^"\\\x00-\x1f\x7f]*)"[ \t]*,[ \t]*"([^"\\\x00-\x1f\x7f]*)"[ \t]*\])'
    rb"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*)?)?\r?"
)
_MORE = re.compile(rb"\n[ \t]*(?:\[|[\"']?file)")
_KNOWN = 4096
STANDARD_INPUT = "-"

_Pair = tuple[str, Any]


class Chunk(NamedTuple):
    """A piece of the file from its line `first` on (1-based)."""

    file: str
    first: int
    content: bytes

    @property
    def alone(self) -> bool:
        """Whether it surely is an event and nothing else, and names no file."""
        return self.content[:2] == b"[[" and _MORE.search(self.content) is None

    def table(self) -> Table:
        """The piece as the TOML parser reads it; places count from the piece's first line.

        Raises:
            SettingsError: it is no TOML.
        """
        from kalint.settings.toml import load

        try:
            return load(self.file, self.content)
        except SettingsError as error:
            raise SettingsError(self.moved(str(error))) from error

    def moved(self, message: str) -> str:
        """An error whose place counts from the piece's first line, with the line of the file."""
        start = re.escape(self.file)
        return re.sub(rf"\A{start}:(\d+):", lambda found: f"{self.file}:{int(found[1]) + self.first - 1}:", message)


class PlainReader:
    """Reads pieces of plain lines; the lines that come again and again are read once."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Pair | None] = {}

    def event(self, chunk: Chunk) -> dict[str, Any] | None:
        """The one event of a piece of plain lines; None where it takes a parser."""
        head, *lines = chunk.content.split(b"\n")
        if not _EVENT.match(head):
            return None
        values: dict[str, Any] = {}
        for line in lines:
            if line in self._known:
                pair = self._known[line]
            else:
                found = _LINE.fullmatch(line)
                if found is None:
                    return None
                try:
                    pair = _pair(found)
                except ValueError:  # no UTF-8, or thousands of digits
                    return None
                if len(self._known) < _KNOWN and (pair is None or pair[0] != "time"):
                    self._known[line] = pair
            if pair is not None:
                if pair[0] in values:
                    return None
                values[pair[0]] = pair[1]
        return values


def _pair(found: re.Match[bytes]) -> _Pair | None:
    key, text, whole, decimal, one, other = found.groups()
    if key is None:
        return None
    name = key.decode()
    if text is not None:
        return name, text.decode()
    if whole is not None:
        return name, int(whole)
    if decimal is not None:
        return name, float(decimal)
    return name, [one.decode(), other.decode()]


def chunks(path: str, called: str | None = None) -> Iterator[Chunk]:
    """The file's pieces: what stands before the first [[event]], then each event with what follows it.

    Args:
        path: the file.
        called: what errors call it, where that is something else.

    Raises:
        SettingsError: it cannot be read, or a piece is too large to be one.
    """
    first, waiting, name = 1, b"", called or path
    try:
        with open(path, "rb") as stream:
            while True:
                more = stream.read(_BLOCK)
                waiting += more
                end = waiting.rfind(b"\n") + 1 if more else len(waiting)
                start = 0
                for found in _EVENT.finditer(waiting, 1, end):
                    yield Chunk(name, first, waiting[start : found.start()])
                    first += waiting.count(b"\n", start, found.start())
                    start = found.start()
                waiting = waiting[start:]
                if not more:
                    break
                if len(waiting) > MOST:
                    raise SettingsError(f"{name}:{first}:1: an event is too long")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{name}: {getattr(error, 'strerror', None) or error}") from error
    yield Chunk(name, first, waiting)


def repeatable(path: str) -> IO[bytes] | None:
    """A copy of what can be read only once; None for a regular file.

    That is `-` for standard input, and a pipe that the shell made for this process (`<(...)`). A pipe with a name is
    refused: to open it waits until somebody writes.

    Raises:
        SettingsError: it cannot be read, is no regular file, or is too large.
    """
    try:
        if path != STANDARD_INPUT and not os.path.realpath(path).startswith(f"/proc/{os.getpid()}/fd/pipe:"):
            check(path, os.stat(path), LARGEST)
            return None
        with open(0 if path == STANDARD_INPUT else path, "rb", closefd=path != STANDARD_INPUT) as stream:
            copy = NamedTemporaryFile(prefix="kalint-")  # noqa: SIM115 - it goes with whoever reads it
            left = LARGEST
            while block := stream.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    raise SettingsError(f"{path}: {too_large(LARGEST)}")
                copy.write(block)
            copy.flush()
            return copy
    except UnreadableError as error:
        raise SettingsError(f"{path}: {error}") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
