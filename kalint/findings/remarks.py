"""What a comment says to kalint: `# kalint: ignore[KA210] reason`, and what was meant to be one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kalint.source import Span
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE, FILE = "ignore", "ignore-file"
# What other tools call it.
_OTHER_WORDS = ("allow", "disable", "noqa", "nolint", "off", "skip", "suppress")
_REMARK = re.compile(
    r"[#!][ \t]*kalint:[ \t]*(?P<word>[\w-]+)[ \t]*(?:\[(?P<list>[^\]#!]*)(?P<close>\]?))?"
    r"(?P<reason>.*?)(?=[#!][ \t]*kalint:|$)"
)
_TOKEN = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
LONGEST = 40
"""Characters: a longer word is not meant to be one of ours."""
CODE = re.compile(r"KA\d{0,3}")


class Remark:
    """One suppression: what it names, where it stands, and which lines it covers, from `first` to `last`.

    Its own characters are columns `column` to `end`, and to `stop` with the reason. `offered` are its codes (or what
    stands there instead) with their columns. `own_line`: nothing else stands on its line; `whole`: it covers the file.
    `text` is its line.
    """

    __slots__ = (
        *("close", "column", "end", "file", "first", "last", "line", "list_at", "offered", "own_line", "reason"),
        *("stop", "text", "whole", "word"),
    )

    def __init__(self, file: str, line: int, text: str, own_line: bool, found: re.Match[str]) -> None:
        self.file = file
        self.line = line
        self.column = found.start() + 1
        self.word = found["word"].lower()
        self.whole = self.word == FILE
        self.own_line = own_line
        self.list_at = None if found["list"] is None else (found.start("list") + 1, found.end("list") + 1)
        self.close = bool(found["close"])
        self.end = found.end("close") + 1 if found["list"] is not None else found.end("word") + 1
        self.stop = found.end() + 1
        self.reason = found["reason"].strip(" \t:-")
        listed, at = found["list"] or "", found.start("list") + 1
        self.offered = {each.group().upper(): (at + each.start(), at + each.end()) for each in _TOKEN.finditer(listed)}
        self.first, self.last = line, 0 if self.own_line else line
        self.text = text

    def packed(self) -> dict[str, Any]:
        """All that it is but its file and its text, as JSON can say it."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in ("file", "text")}

    @classmethod
    def unpacked(cls, file: str, packed: dict[str, Any], text: str) -> Remark:
        """The one that was packed."""
        remark = cls.__new__(cls)
        remark.file = file
        remark.text = text
        remark.line, remark.column, remark.end, remark.stop = (packed[at] for at in ("line", "column", "end", "stop"))
        remark.first, remark.last = packed["first"], packed["last"]
        remark.word, remark.own_line, remark.close = packed["word"], packed["own_line"], packed["close"]
        remark.list_at = None if packed["list_at"] is None else tuple(packed["list_at"])
        remark.reason, remark.whole = packed["reason"], packed["whole"]
        remark.offered = {code: tuple(columns) for code, columns in packed["offered"].items()}
        return remark

    def join(self, other: Remark) -> None:
        """Take in what another reading of the same file found."""
        if other.last > self.last:
            self.first, self.last = other.first, other.last
        if self.text != other.text:
            self.text = "".join(a if a == b else "*" for a, b in zip(self.text, other.text, strict=False))

    @property
    def works(self) -> bool:
        """Whether it is written as it must be, so that the codes that it names count."""
        return self.word in (LINE, FILE) and self.close

    @property
    def span(self) -> Span:
        return Span(self.file, self.line, self.column, self.line, self.end)


def remarks_of(file: str, lines: list[str]) -> Iterator[Remark]:
    """Every suppression of a file, also those that are not written as they must be; what is only prose is none."""
    meant: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if "kalint:" in line:
            start = comment_start(line)
            own_line = not line[:start].strip()
            for found in _REMARK.finditer(line, start) if start >= 0 else ():
                word = found["word"].lower()
                if word not in meant:
                    meant[word] = meant_word(word)
                if found["list"] is not None or meant[word]:
                    yield Remark(file, number, line, own_line, found)


def meant_word(word: str) -> str:
    """The word that a suppression begins with, or that was meant to be it; "" where nothing is like it."""
    if word in _OTHER_WORDS:
        return LINE
    if len(word) > LONGEST:
        return ""
    import difflib

    return next(iter(difflib.get_close_matches(word, (LINE, FILE), 1, 0.7)), "")
