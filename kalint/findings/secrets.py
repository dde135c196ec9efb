"""What must never be shown: passwords and keys, wherever the files have them, and values of the environment.

Lines are masked by place (`Secrets.line`), and what is said of them by value (`Secrets.text`): a rule may repeat any
word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.findings.commands import Range
from kalint.findings.hiding import hidden
from kalint.findings.markup import without_words
from kalint.findings.masking import Masks
from kalint.findings.secret_names import add_uses, defined, meant, names_in
from kalint.findings.secret_words import KEYWORDS
from kalint.findings.sources import Sources

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.fix import Fix
    from kalint.source import Line

HIDDEN = "***"
INSIDE = "\0"
"""What a value begins with that is masked inside words too: it came from the environment, or is a part of a word."""
SHORT = 6
"""Characters: a shorter value may be part of any sentence, and is masked only in quotes."""
LEAST = 3
COUNTED = 8
"""Characters of an auth_pass that count, and that a message might repeat."""
MOST_GLUED = 64
"""Characters of what stands right before a secret."""
_SPLIT = re.compile(r"[#!{}()]")
_USE = re.compile(r"\$\{?(\w+)\}?")
_PLAIN = re.compile(r"[0-9.]+|[A-Z_]+|[a-z]*_[a-z_]*|[a-z]{,4}")
_MIXED = re.compile(r"(?=[^0-9]*[0-9])[^A-Za-z]*[A-Za-z]")
"""What is part of no other word by accident."""
_OWN_WORDS = frozenset(
    (
        *("address", "authentication", "backup", "before", "fault", "group", "interface", "instance", "keepalived"),
        *("keyword", "master", "password", "priority", "router", "script", "secret", "unknown", "value", "words"),
    )
)
"""Words of messages: masking them would only make these unreadable."""
_EDGES = "\"'`;,=:(){}[]"


class Secrets:
    """What is secret in some files.

    Args:
        sources: each file's own lines.
        values: secret words that are known from elsewhere (`values_of`): what definitions lead to.
    """

    def __init__(self, sources: Mapping[str, Sequence[str]], values: Iterable[str] = ()) -> None:
        self._sources = sources
        self._hidden = _by_file(sources)
        self.values = frozenset(values) | _words(self._hidden, sources)
        self._masks = _masks(self.values)
        self._last: tuple[str, int, str] = "", 0, ""

    def line(self, file: str, number: int) -> str:
        """A line (the first is 1) with a star for each character of what must not be seen."""
        if self._last[:2] != (file, number):  # a long one may have thousands of findings
            self._last = file, number, self._line(file, number)
        return self._last[2]

    def _line(self, file: str, number: int) -> str:
        text = self._sources[file][number - 1]
        ranges = self._hidden.get(file, {}).get(number - 1, ())
        for start, end in ranges:
            text = text[:start] + re.sub(r"\S", "*", text[start:end]) + text[end:]
        return self._masks.masked(text, _stars)

    def lines(self, file: str) -> list[str]:
        """All lines of a file."""
        text = self.masked(file)[0]
        return text.split("\n") if self._sources[file] else []

    def masked(self, file: str) -> tuple[str, dict[int, int]]:
        """A file as one text, and where the first star is in each line (the first is 1) that has something masked."""
        lines = list(self._sources[file])
        starts: dict[int, int] = {}
        for index, ranges in self._hidden.get(file, {}).items():
            for start, end in ranges:
                lines[index] = lines[index][:start] + re.sub(r"\S", "*", lines[index][start:end]) + lines[index][end:]
            if lines[index] != self._sources[file][index]:
                starts[index + 1] = _first(lines[index], self._sources[file][index])
        text = "\n".join(lines)
        if self._masks.masked(text, _stars) == text:
            return text, starts
        for index, line in enumerate(lines):
            lines[index] = self._masks.masked(line, _stars)
            if lines[index] != line:
                start = _first(lines[index], line)
                starts[index + 1] = min(start, starts.get(index + 1, start))
        return "\n".join(lines), starts

    def shown(self, file: str, number: int) -> str | None:
        """As `line`; None where no file has such a line."""
        lines = self._sources.get(file, ())
        return self.line(file, number) if 0 < number <= len(lines) else None

    def holds(self, file: str, number: int) -> bool:
        """Whether there is anything to hide in a line."""
        return file in self._sources and self.line(file, number) != self._sources[file][number - 1]

    def text(self, said: str) -> str:
        """A message without the values."""
        return self._masks.masked(said, _instead)

    def shows(self, fix: Fix) -> bool:
        """Whether a fix may be shown: none of its text is secret."""
        texts = [edit.text for edit in fix.edits]
        return all(self.text(text) == text and not any(map(holds_secret, text.split("\n"))) for text in texts)


def _first(masked: str, line: str) -> int:
    """Where two lines of one length begin to differ."""
    return next(index for index, character in enumerate(line) if masked[index] != character)


def _stars(word: str) -> str:
    return "*" * len(word)


def _instead(text: str) -> str:
    return f"{text[0]}{HIDDEN}{text[-1]}" if text[0] in "'\"" and text[-1] == text[0] else HIDDEN


def holds_secret(line: str) -> bool:
    """Whether a line by itself gives a password or a key."""
    return bool(hidden([line], frozenset()))


def values_of(lines: Iterable[Line]) -> frozenset[str]:
    """The secret words of the logical lines of a configuration, which know what definitions lead to."""
    texts = []
    found: set[str] = set()
    for line in lines:
        texts.append(line.text)
        if line.pieces:
            parts = [line.text[each.start : each.end] for each in line.pieces if each.secret]
            found.update(INSIDE + word for part in parts for word in (part, *part.split()))
    logical = {"": texts}
    return frozenset(found - {INSIDE}) | _words(_by_file(logical), logical)


def quoted(said: str, lines: Sequence[str]) -> str:
    """What is said of a file, of any kind, without what its lines have that is secret."""
    return Secrets({"": lines}).text(said)


def masked_sources(files: Mapping[str, Sequence[str]], values: Iterable[str] = ()) -> Sources:
    """The lines of files as reports may show them; `values` are as for `Secrets`."""
    sources = Sources()
    secrets = Secrets(files, values)
    for file in files:
        sources.put(file, *secrets.masked(file))
    return sources


def masked(findings: Iterable[Diagnostic], secrets: Secrets) -> Iterator[Diagnostic]:
    """The findings without secrets in what they say."""
    for finding in findings:
        fix = finding.fix
        if not finding.message and fix is None:
            yield finding  # only counted
            continue
        message, advice = secrets.text(finding.message), secrets.text(finding.help)
        related = [secrets.text(related.message) for related in finding.related]
        if fix is not None:
            fix = fix._replace(title=secrets.text(fix.title), shown=secrets.shows(fix))
        if (
            fix is None
            and (message, advice) == (finding.message, finding.help)
            and all(text == each.message for text, each in zip(related, finding.related, strict=True))
        ):
            yield finding  # as nearly all are: there is no reason to make another one
            continue
        yield finding._replace(
            message=message,
            help=advice,
            related=tuple([each._replace(message=text) for text, each in zip(related, finding.related, strict=True)]),
            fix=fix,
        )


def _by_file(sources: Mapping[str, Sequence[str]]) -> dict[str, dict[int, list[Range]]]:
    """What is hidden in each file, by index of the line, with the definitions that lead there."""
    names: frozenset[str] = frozenset()
    uses: dict[str, set[str]] | None = None
    while True:
        found = {file: hidden(lines, names) for file, lines in sources.items()}
        used = {
            name
            for file, rows in found.items()
            for index, ranges in rows.items()
            for start, end in ranges
            for name in names_in(sources[file][index][start:end])
        }
        if used <= names:
            return found
        if uses is None:
            uses = {}
            for lines in sources.values():
                add_uses(lines, uses)
        used |= meant(used, defined(sources))
        waiting = list(used - names)
        names = names | used
        known = set(names)
        while waiting:  # what leads there over others, at once: a chain of 20,000 definitions is no 20,000 rounds
            new = uses.get(waiting.pop(), set()) - known
            known |= new
            waiting += new
        names = frozenset(known)


def _words(found: Mapping[str, Mapping[int, Iterable[Range]]], sources: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The words in what is hidden."""
    words: set[str] = set()
    names: set[str] = set()
    for file, rows in found.items():
        for index, ranges in rows.items():
            line = sources[file][index]
            for start, end in ranges:
                part = without_words(line, start, end)
                names.update(re.findall(r"~(?:LST|SEQx?)[ \t]*\([ \t{]*(\w+)", line))
                words.update(_glued(line, start, part))
                for word in (*part.split(), *re.findall(r'"([^"]*)"', part)):
                    words.add(word)
                    words.update(_SPLIT.split(word))
                    words.update((word.strip(_EDGES), word.strip(_EDGES + "$")))
    if any("$" in word for word in words):
        known = defined(sources)
        names.update(word for word in words if (use := _USE.fullmatch(word)) and use.group(1) in known)
    words -= names
    words.update([word[:COUNTED] for word in words if len(word) > COUNTED])
    return frozenset(word for word in words - KEYWORDS if word.strip(_EDGES + "*\\$"))


def _glued(line: str, start: int, part: str) -> Iterator[str]:
    """What is secret where something stands right before it, as `-pX` and `auth_pass=X`, and so is no word."""
    before = re.search(r"[^\s\"']*\Z", line[max(0, start - MOST_GLUED) : start])
    first = re.match(r"[^\s\"']+", part)
    if before is None or not before.group() or first is None:
        return
    bare = first.group().strip(_EDGES + "$")
    if len(bare) >= SHORT and bare not in _OWN_WORDS:
        yield INSIDE + bare
    elif bare:
        yield before.group() + first.group()


def _masks(values: Iterable[str]) -> Masks:
    """What finds the values in a text: those that may be an ordinary word only in quotes."""
    whole: list[str] = []
    inside: list[str] = []
    for value in values:
        told = value.removeprefix(INSIDE)
        if value[0] == INSIDE:
            (inside if len(value) > LEAST else whole).append(told)
        elif (len(value) < SHORT and not value.isalpha()) or _PLAIN.fullmatch(value) or value in _OWN_WORDS:
            inside += (f"'{told}'", f'"{told}"')
        elif len(value) >= SHORT and _MIXED.match(value):
            inside.append(told)
        else:
            whole.append(told)
    return Masks(filter(None, whole), filter(None, inside))
