"""A scenario's TOML read event by event, so that a million of them take no more memory than one.

A file is cut at its [[event]] lines. A piece of plain lines is read here; any other goes through the TOML parser, and
so does every piece in which something is wrong: that knows the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.errors import SettingsError

if TYPE_CHECKING:
    from kalint.toml import Table

MOST = 4 << 20
"""Bytes of one piece."""

_EVENT = re.compile(rb"[ \t]*\[\[[ \t]*event[ \t]*\]\][ \t]*(?:#.*)?$")
_LINE = re.compile(
    r"[ \t]*(?:#.*|([A-Za-z0-9_]+)[ \t]*=[ \t]*"
    r'(?:"([^"\\\x00-\x1f]*)"|(-?(?:0|[1-9][0-9]*))|(-?(?:0|[1-9][0-9]*)\.[0-9]+)'
    r'|\[[ \t]*"([^"\\\x00-\x1f]*)"[ \t]*,[ \t]*"([^"\\\x00-\x1f]*)"[ \t]*\])'
    r"[ \t]*(?:#.*)?)?$"
)


class Chunk(NamedTuple):
    """A piece of the file from its line `first` on (1-based)."""

    file: str
    first: int
    content: bytes

    def plain(self) -> dict[str, Any] | None:
        """The one event of a piece of plain lines; None where it takes a parser."""
        try:
            head, *lines = self.content.decode("utf-8").splitlines()
        except (UnicodeDecodeError, ValueError):
            return None
        if not _EVENT.match(head.encode()):
            return None
        values: dict[str, Any] = {}
        for line in lines:
            found = _LINE.match(line)
            if found is None:
                return None
            key, text, whole, decimal, one, other = found.groups()
            if key is None:
                continue
            if key in values:
                return None
            if text is not None:
                values[key] = text
            elif whole is not None:
                values[key] = int(whole)
            elif decimal is not None:
                values[key] = float(decimal)
            else:
                values[key] = [one, other]
        return values

    def table(self) -> Table:
        """The piece as the TOML parser reads it; places count from the piece's first line.

        Raises:
            SettingsError: it is no TOML.
        """
        from kalint.toml import load

        try:
            return load(self.file, self.content)
        except SettingsError as error:
            raise SettingsError(self.moved(str(error))) from error

    def moved(self, message: str) -> str:
        """An error whose place counts from the piece's first line, with the line of the file."""
        start = re.escape(self.file)
        return re.sub(rf"\A{start}:(\d+):", lambda found: f"{self.file}:{int(found[1]) + self.first - 1}:", message)


def chunks(path: str) -> Iterator[Chunk]:
    """The file's pieces: what stands before the first [[event]], then each event with what follows it.

    Raises:
        SettingsError: it cannot be read, or a piece is too large to be one.
    """
    try:
        with open(path, "rb") as stream:
            first, lines, size = 1, list[bytes](), 0
            for number, line in enumerate(iter(lambda: stream.readline(MOST + 1), b""), 1):
                if _EVENT.match(line.rstrip(b"\r\n")):
                    yield Chunk(path, first, b"".join(lines))
                    first, lines, size = number, [], 0
                lines.append(line)
                size += len(line)
                if size > MOST:
                    raise SettingsError(f"{path}:{first}:1: no event is that long")
            yield Chunk(path, first, b"".join(lines))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
