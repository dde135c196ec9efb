"""Findings that a configuration answers for itself: `# kalint: ignore[KA210] reason`; docs/suppressions.md.

Only a file that has the word `kalint:` pays for this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kalint.findings.counting import Tally, kind_of
from kalint.findings.covering import Covering, beginnings
from kalint.findings.diagnostic import Suppressed
from kalint.findings.remarks import Remark, remarks_of
from kalint.source import Span
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.syntax.tree import Node
    from kalint.text import Text


class Suppressions:
    """Those of all files of one or more readings, and what they suppressed: `most` of each kind (None: all).

    `codes` are those of all rules; `readings` has the files of each reading with the request that it answered, for the
    caller. `doubtful` are, by file, beginnings of codes of which some reading cannot tell whether they suppress
    anything, since it did not ask every rule of them; `shared` are files with lines for single nodes, of which another
    node may need any suppression.
    """

    def __init__(self, codes: Sequence[str], most: int | None = None) -> None:
        self.codes = codes
        self.tally = None if most is None else Tally(most)
        self.remarks: dict[str, list[Remark]] = {}
        self.readings: list[tuple[tuple[str, ...], Any]] = []
        self.suppressed: list[Suppressed] = []
        self._answers: dict[object, Remark] = {}
        self.covering: dict[str, Covering] = {}
        self.doubtful: dict[str, set[str]] = {}
        self.shared: set[str] = set()

    def read(self, text: Text, nodes: Iterable[Node], ran: Collection[str], request: object) -> None:
        """Take in those of one reading. `ran` are the codes of the rules that were asked about it."""
        self.readings.append((tuple(text.files), request))
        unasked = {name for code in self.codes if code not in ran for name in beginnings(code)}
        shared = any(line.lstrip().startswith("@") for lines in text.files.values() for line in lines)
        for file in text.remarks:
            if file not in self.remarks:
                self.add(file, list(remarks_of(file, text.files[file])))
            self.doubtful[file] |= unasked
            if shared:
                self.shared.add(file)
        if any(remark.own_line for file in text.remarks for remark in self.remarks[file]):
            ends = _ends(nodes, text)
            for file in text.remarks:
                _extend(self.remarks[file], text.files[file], ends)
                self.covering[file].fresh()

    def add(self, file: str, remarks: list[Remark]) -> None:
        """Take in those of one file, of which nothing is known yet."""
        self.remarks[file] = remarks
        self.covering[file] = Covering(remarks)
        self.doubtful[file] = set()

    def read_lines(self, file: str, lines: list[str]) -> None:
        """Take in those of a text that is no configuration: on a line of its own one covers the next line."""
        found = list(remarks_of(file, lines))
        for remark in found:
            if remark.own_line:
                remark.first, remark.last = remark.line, remark.line + 1
        self.covering[file] = Covering(found)

    def doubt(self) -> None:
        """Take no suppression for needless: the rules could not look at everything."""
        every = {name for code in self.codes for name in beginnings(code)}
        for names in self.doubtful.values():
            names |= every

    def merge(self, other: Suppressions) -> None:
        """Take in those of other readings: a suppression of a file that both have read is one."""
        self.readings += other.readings
        self.suppressed += other.every()
        self.shared |= other.shared
        for file, remarks in other.remarks.items():
            if file not in self.remarks:
                self.remarks[file], self.covering[file] = remarks, other.covering[file]
                self.doubtful[file] = set(other.doubtful[file])
                continue
            for mine, its in zip(self.remarks[file], remarks, strict=False):
                mine.join(its)
            self.covering[file].merge(other.covering[file])
            self.doubtful[file] |= other.doubtful[file]

    def sift(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings that nothing suppresses."""
        for diagnostic in found:
            answering = self._answering(diagnostic)
            if answering is None:
                yield diagnostic
            elif self.tally is None or self.tally.lists(diagnostic):
                self.suppressed.append(Suppressed(diagnostic, answering.reason, answering.span))
            else:
                self._answers.setdefault(kind_of(diagnostic), answering)

    def name(self, code: str) -> bool:
        """Whether any of them names a code."""
        return any(covering.names(code) for covering in self.covering.values())

    def every(self) -> list[Suppressed]:
        """What was suppressed: all, or `most` of each kind and one that stands for the others of that kind."""
        others = [] if self.tally is None else list(self.tally.others())
        answers = [(each, self._answers[kind_of(each)]) for each in others]
        return [*self.suppressed, *(Suppressed(each, answer.reason, answer.span) for each, answer in answers)]

    def _answering(self, diagnostic: Diagnostic) -> Remark | None:
        """The first suppression of a finding, where it begins or else where that is used."""
        answering: Remark | None = None
        place: Span | None = diagnostic.span
        while place is not None:
            covering = self.covering.get(place.file)
            if covering is not None:
                found = covering.answering(diagnostic.code, place.line)
                answering = answering or found
            place = place.via
        return answering

    def needless(self, remark: Remark) -> list[str]:
        """The codes that a suppression names, each asked about in full, of which there was no finding."""
        if remark.file in self.shared:
            return []
        covering, doubtful = self.covering[remark.file], self.doubtful[remark.file]
        return [name for name in remark.offered if name not in doubtful and not covering.used(remark, name)]

    def missed(self, remark: Remark) -> list[str]:
        """The codes of the findings that a suppression would cover, had it named them; in order."""
        names = remark.offered if remark.works else ()
        codes = self.covering[remark.file].codes(remark)
        return sorted(code for code in codes if not any(name in names for name in beginnings(code)))


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


def _extend(remarks: Iterable[Remark], lines: list[str], ends: dict[tuple[str, int], int]) -> None:
    """Let those on a line of their own cover the next statement, or the whole next block."""
    following = _following(lines)
    definitions: dict[int, int] = {}
    for remark in remarks:
        if not remark.own_line or remark.whole:
            continue
        line = following[remark.line]
        if line:
            if line not in definitions:
                definitions[line] = _definition_end(lines, line)
            remark.first = line
            remark.last = max(remark.last, ends.get((remark.file, line), 0), definitions[line])


def _following(lines: list[str]) -> list[int]:
    """For each line (the first is 1) the number of the next that says something, 0 where the block ends before it."""
    found = [0] * (len(lines) + 1)
    for number in range(len(lines), 0, -1):
        raw = lines[number - 1]
        start = comment_start(raw)
        said = (raw if start < 0 else raw[:start]).strip()
        found[number - 1] = found[number] if not said else 0 if said[0] == "}" else number
    return found


def _definition_end(lines: list[str], line: int) -> int:
    r"""The last line of the statement of a line: a definition goes on where its lines end in `\`."""
    if lines[line - 1].lstrip().startswith("$"):
        while line < len(lines) and lines[line - 1].rstrip().endswith("\\"):
            line += 1
    return line
