"""What stays of a finding when lines move: its rule, the blocks around it, and its statement without what is only form.

Indentation, comments, a brace on the next line and the number of the line do not count; passwords and keys are never
part of it, so that neither the text nor a hash of it tells them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.sources import Sources

HIDDEN = "***"
_MARKS = re.compile(r'"[^"]*"?|\$\{[^}]*\}|\{\{.*?\}\}|\{%.*?%\}|\\.|[#!{}]')


class Print(NamedTuple):
    """What a finding is recognised by. `block` is the heads of the blocks around it, the outermost first."""

    code: str
    block: str
    text: str

    @property
    def digest(self) -> str:
        """32 hexadecimal digits."""
        from hashlib import blake2b

        return blake2b("\0".join(self).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


class Prints:
    """The prints of findings in these files."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._blocks: dict[str, list[str]] = {}

    def of(self, diagnostic: Diagnostic) -> Print:
        """The print of a finding; of a place that is in none of the files, only the rule is known."""
        span = diagnostic.span
        lines = self._sources.get(span.file, [])
        if not 0 < span.line <= len(lines):
            return Print(diagnostic.code, "", "")
        if span.file not in self._blocks:
            self._blocks[span.file] = list(self._enclosing(span.file))
        return Print(diagnostic.code, self._blocks[span.file][span.line - 1], self._text(span.file, span.line))

    def _text(self, file: str, number: int) -> str:
        line = self._sources[file][number - 1]
        start = self._sources.masked(file).get(number)
        if start is not None:  # how long a password is, and what comment follows it, says nothing either
            return " ".join((*line[:start].split(), HIDDEN))
        return _plain("".join(text + mark for text, mark in _parts(line)))

    def _enclosing(self, file: str) -> Iterator[str]:
        """For each line the blocks that it begins in."""
        open_blocks: list[str] = []
        path = last = ""
        masked = self._sources.masked(file)
        for number, line in enumerate(self._sources[file], 1):
            yield path
            if "{" not in line and "}" not in line:
                last = line
                continue
            head = ""
            for text, mark in _parts(line):
                head = _plain(head + text) or head
                if mark == "{":
                    head = head or _plain("".join(text + mark for text, mark in _parts(last)))
                    open_blocks.append(HIDDEN if number in masked else head)
                elif mark == "}" and open_blocks:
                    open_blocks.pop()
                if mark in ("{", "}"):
                    head = last = ""
                else:
                    head += mark
            path = " > ".join(open_blocks)


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """The pieces of a line up to its comment: text, and the brace, string or escape that ends it ("" at the end)."""
    start = 0
    for found in _MARKS.finditer(line):
        if found.group() in ("#", "!"):
            yield line[start : found.start()], ""
            return
        yield line[start : found.start()], found.group()
        start = found.end()
    yield line[start:], ""


def _plain(text: str) -> str:
    """With single blanks, and without the brace that may as well stand on the next line."""
    return " ".join(text.split()).removesuffix("{").rstrip()
