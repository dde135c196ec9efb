"""Text from a file or the wire, made safe for a terminal and for the log of a CI runner.

A runner of GitHub, Azure or TeamCity obeys what a log says: a line that begins with `::NAME ...::`, also after blanks,
and `##[NAME]`, `##vso[NAME]` or `##teamcity[NAME]` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs;
azure-pipelines-agent, src/Microsoft.VisualStudio.Services.Agent/Command.cs).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO


def printable(text: str) -> str:
    """The text with whatever a terminal might obey, hide or cannot encode, written as a hexadecimal escape.

    That is every character without a shape of its own: controls, bidirectional overrides, blanks that only look like a
    blank (a no-break space where keepalived wants a space is a mistake worth seeing), and undecodable bytes.
    """
    return text if text.isprintable() else "".join(map(_escaped, text))


TEXT = "\\x3a", "\\x23"
JSON = ":", "\\u0023"  # no line of it begins with a text
XML = "&#58;", "&#35;"
"""How a colon and a number sign are written in each kind of text, so that a runner does not look for what follows."""


_ANYWHERE = re.compile(r"##(?=[A-Za-z]{0,32}\[)")
"""What begins a command wherever it stands."""


def inert(text: str, number_sign: str = TEXT[1]) -> str:
    """The text without what a runner takes for a command wherever it stands: `##[`, `##vso[`."""
    return _ANYWHERE.sub(lambda _: f"#{number_sign}", text) if "##" in text else text


def obeyed(text: str) -> bool:
    """Whether a runner might obey a line; an IPv6 address such as `::1/64` is no command."""
    if "##" in text and _ANYWHERE.search(text) is not None:
        return True
    bare = text.lstrip()
    if not bare.startswith("::"):
        return False
    after = bare[2:].lstrip("0123456789abcdefABCDEF:.")
    return bool(after) and (after[0].isalnum() or after[0] in "-_")


class SafeStream:
    """A stream of text on which no line is a command to a runner; it may be written in pieces."""

    def __init__(self, stream: TextIO, escapes: tuple[str, str] = TEXT) -> None:
        self._stream = stream
        self._escapes = escapes
        self._begins = True

    def __getattr__(self, name: str) -> Any:
        """All else is the stream's."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, with an escape in place of the first character that a runner looks for."""
        lines = text.split("\n")
        if "::" in text or "##" in text:
            lines = [
                self._disobeyed(line, self._begins or number > 0) if obeyed(line) else line
                for number, line in enumerate(lines)
            ]
        self._begins = (self._begins or len(lines) > 1) and not lines[-1].strip()
        self._stream.write("\n".join(lines))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """As `write`, for each."""
        for line in lines:
            self.write(line)

    def _disobeyed(self, line: str, begins: bool) -> str:
        colon, number_sign = self._escapes
        line = inert(line, number_sign)
        return line.replace("::", f"{colon}:", 1) if begins and line.lstrip().startswith("::") else line


class LenientStream(SafeStream):
    """A `SafeStream` for standard error: what nobody can be told (a full disk, a closed pipe) changes nothing."""

    def write(self, text: str) -> int:
        """Write it, if that can be done."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Write what waits, if that can be done."""
        with suppress(OSError):
            self._stream.flush()


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: the byte itself
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
