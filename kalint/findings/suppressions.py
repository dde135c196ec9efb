"""Findings that a configuration answers for itself: `# kalint: ignore[KA210] reason`; docs/suppressions.md.

Only a file that has the word `kalint:` pays for this module.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kalint.findings.diagnostic import Suppressed
from kalint.source import Span
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.syntax.tree import Node
    from kalint.text import Text

LINE, FILE = "ignore", "ignore-file"
# What other tools call it.
_OTHER_WORDS = ("allow", "disable", "noqa", "nolint", "off", "skip", "suppress")
_REMARK = re.compile(
    r"[#!][ \t]*kalint:[ \t]*(?P<word>[\w-]+)[ \t]*(?:\[(?P<list>[^\]#!]*)(?P<close>\]?))?"
    r"(?P<reason>.*?)(?=[#!][ \t]*kalint:|$)"
)
_TOKEN = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
CODE = re.compile(r"KA\d{0,3}")


class Remark:
    """One suppression: what it names, where it stands, and which lines it covers, from `first` to `last`.

    Its own characters are columns `column` to `end`, and to `stop` with the reason. `offered` are its codes (or what
    stands there instead) with their columns, `used` those that suppressed something, `doubtful` those of which some
    reading cannot tell, since it did not ask every rule of that code. `missed` are the codes of the findings that it
    would cover, had it named them. `text` is its line.
    """

    def __init__(self, file: str, line: int, text: str, found: re.Match[str]) -> None:
        self.file = file
        self.line = line
        self.column = found.start() + 1
        self.word = found["word"].lower()
        self.own_line = not text[: comment_start(text)].strip()
        self.list_at = None if found["list"] is None else (found.start("list") + 1, found.end("list") + 1)
        self.close = bool(found["close"])
        self.end = found.end("close") + 1 if found["list"] is not None else found.end("word") + 1
        self.stop = found.end() + 1
        self.reason = found["reason"].strip(" \t:-")
        self.offered: dict[str, tuple[int, int]] = {}
        for token in _TOKEN.finditer(found["list"] or ""):
            start = found.start("list") + token.start() + 1
            self.offered[token.group().upper()] = start, start + len(token.group())
        self.used: set[str] = set()
        self.doubtful: set[str] = set()
        self.missed: set[str] = set()
        self.first, self.last = line, 0 if self.own_line else line
        self.text = text

    def packed(self) -> dict[str, Any]:
        """All that it is, as JSON can say it."""
        own = {name: value for name, value in vars(self).items() if name != "file"}
        return own | {name: sorted(own[name]) for name in ("used", "doubtful", "missed")}

    @classmethod
    def unpacked(cls, file: str, packed: dict[str, Any]) -> Remark:
        """The one that was packed."""
        remark = cls.__new__(cls)
        remark.file = file
        remark.line, remark.column, remark.end, remark.stop = (packed[at] for at in ("line", "column", "end", "stop"))
        remark.first, remark.last, remark.text = packed["first"], packed["last"], packed["text"]
        remark.word, remark.own_line, remark.close = packed["word"], packed["own_line"], packed["close"]
        remark.list_at = None if packed["list_at"] is None else tuple(packed["list_at"])
        remark.reason = packed["reason"]
        remark.offered = {code: tuple(columns) for code, columns in packed["offered"].items()}
        remark.used, remark.doubtful, remark.missed = (set(packed[at]) for at in ("used", "doubtful", "missed"))
        return remark

    def join(self, other: Remark) -> None:
        """Take in what another reading of the same file found."""
        self.used |= other.used
        self.doubtful |= other.doubtful
        self.missed |= other.missed
        if other.last > self.last:
            self.first, self.last = other.first, other.last
        self.text = "".join(a if a == b else "*" for a, b in zip(self.text, other.text, strict=False))

    @property
    def works(self) -> bool:
        """Whether it is written as it must be, so that the codes that it names count."""
        return self.word in (LINE, FILE) and self.close

    @property
    def span(self) -> Span:
        return Span(self.file, self.line, self.column, self.line, self.end)

    def covers(self, code: str) -> bool:
        """Whether it names a rule, which is then noted."""
        names = [name for name in self.offered if code.startswith(name) and CODE.fullmatch(name)] if self.works else []
        self.used.update(names)
        return bool(names)


class Suppressions:
    """Those of all files of one or more readings, and what they suppressed.

    `codes` are those of all rules; `readings` has the files of each reading with the request that it answered, for the
    caller.
    """

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = codes
        self.remarks: dict[str, list[Remark]] = {}
        self.readings: list[tuple[tuple[str, ...], Any]] = []
        self.suppressed: list[Suppressed] = []
        self._by_line: dict[tuple[str, int], list[Remark]] = {}

    def read(self, text: Text, nodes: Iterable[Node], ran: Collection[str], request: object) -> None:
        """Take in those of one reading. `ran` are the codes of the rules that were asked about it."""
        self.readings.append((tuple(text.files), request))
        for file in text.remarks:
            if file not in self.remarks:
                self.remarks[file] = list(remarks_of(file, text.files[file]))
        own = [remark for file in text.remarks for remark in self.remarks[file]]
        if any(remark.own_line for remark in own):
            _extend(own, text, _ends(nodes, text))
        self._doubt(own, text, ran)
        self._place(own)

    def read_lines(self, file: str, lines: list[str]) -> None:
        """Take in those of a text that is no configuration: on a line of its own one covers the next line."""
        found = list(remarks_of(file, lines))
        for remark in found:
            if remark.own_line:
                remark.first, remark.last = remark.line, remark.line + 1
        self._place(found)

    def merge(self, other: Suppressions) -> None:
        """Take in those of other readings: a suppression of a file that both have read is one."""
        self.readings += other.readings
        self.suppressed += other.suppressed
        for file, remarks in other.remarks.items():
            known = self.remarks.setdefault(file, remarks)
            if known is not remarks:
                for mine, its in zip(known, remarks, strict=False):
                    mine.join(its)
            self._place(known)

    def _place(self, remarks: Iterable[Remark]) -> None:
        """Note which lines they cover."""
        by_line: dict[tuple[str, int], list[Remark]] = {}
        for remark in remarks:
            for line in (0,) if remark.word == FILE else range(remark.first, remark.last + 1):
                by_line.setdefault((remark.file, line), []).append(remark)
        self._by_line.update(by_line)

    def sift(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings that nothing suppresses."""
        kept = []
        for diagnostic in found:
            answering = _answering(diagnostic, self._by_line)
            if answering is None:
                kept.append(diagnostic)
            else:
                self.suppressed.append(Suppressed(diagnostic, answering.reason, answering.span))
        return kept

    def _doubt(self, remarks: Iterable[Remark], text: Text, ran: Collection[str]) -> None:
        """Note the codes of which this reading cannot say that they suppress nothing."""
        others = any(line.lstrip().startswith("@") for lines in text.files.values() for line in lines)
        for remark in remarks:
            for name in remark.offered:
                if others or any(code.startswith(name) and code not in ran for code in self.codes):
                    remark.doubtful.add(name)


def remarks_of(file: str, lines: list[str]) -> Iterator[Remark]:
    """Every suppression of a file, also those that are not written as they must be; what is only prose is none."""
    for number, line in enumerate(lines, 1):
        if "kalint:" in line:
            start = comment_start(line)
            for found in _REMARK.finditer(line, start) if start >= 0 else ():
                if found["list"] is not None or meant_word(found["word"].lower()):
                    yield Remark(file, number, line, found)


def meant_word(word: str) -> str:
    """The word that a suppression begins with, or that was meant to be it; "" where nothing is like it."""
    if word in _OTHER_WORDS:
        return LINE
    import difflib

    return next(iter(difflib.get_close_matches(word, (LINE, FILE), 1, 0.7)), "")


def _answering(diagnostic: Diagnostic, by_line: Mapping[tuple[str, int], list[Remark]]) -> Remark | None:
    """The first suppression of a finding; all others that name it are used too."""
    answering = None
    for place in _places(diagnostic):
        for line in (place.line, 0):
            for remark in by_line.get((place.file, line), ()):
                if not remark.covers(diagnostic.code):
                    remark.missed.add(diagnostic.code)
                elif answering is None:
                    answering = remark
    return answering


def _places(diagnostic: Diagnostic) -> Iterator[Span]:
    """Where a finding begins: the characters, and where these are used."""
    span: Span | None = diagnostic.span
    while span is not None:
        yield span
        span = span.via


def _ends(nodes: Iterable[Node], text: Text) -> dict[tuple[str, int], int]:
    """The last line of each block, by the file and the line where it begins."""
    ends: dict[tuple[str, int], int] = {}
    for node in nodes:
        if node.items is None:
            continue
        head = node.words[0].span
        if head.file in text.remarks:
            tail = None if node.closer is None else node.closer.span()
            last = tail.line if tail is not None and tail.file == head.file else len(text.files[head.file])
            place = head.file, head.line
            ends[place] = max(last, ends.get(place, 0))
    return ends


def _extend(remarks: Iterable[Remark], text: Text, ends: dict[tuple[str, int], int]) -> None:
    """Let those on a line of their own cover the next statement, or the whole next block."""
    for remark in remarks:
        if not remark.own_line or remark.word == FILE:
            continue
        lines = text.files[remark.file]
        line = _next_statement(lines, remark.line)
        if line:
            remark.first = line
            remark.last = max(remark.last, ends.get((remark.file, line), 0), _definition_end(lines, line))


def _next_statement(lines: list[str], line: int) -> int:
    """The number of the next line that says something, 0 where none does before the block ends."""
    for number in range(line + 1, len(lines) + 1):
        raw = lines[number - 1]
        start = comment_start(raw)
        said = (raw if start < 0 else raw[:start]).strip()
        if said:
            return 0 if said[0] == "}" else number
    return 0


def _definition_end(lines: list[str], line: int) -> int:
    r"""The last line of the statement of a line: a definition goes on where its lines end in `\`."""
    if lines[line - 1].lstrip().startswith("$"):
        while line < len(lines) and lines[line - 1].rstrip().endswith("\\"):
            line += 1
    return line
