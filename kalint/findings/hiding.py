"""Which characters of a file's lines must never be shown: passwords, keys, and all that may be one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from kalint.findings.commands import FOREIGN, TELLING, Range
from kalint.findings.markup import MARKUP
from kalint.findings.scanner import MARKER, SAYS, UNSEEN, Scanner, merged, opens
from kalint.findings.secret_words import is_block

_MARKS = (
    *(*TELLING.split("|"), *filter(str.isalpha, FOREIGN.split("|"))),
    *("pas", "ass", "pw", "aut", "hent", "cation", "h_h", "mac", "bearer", "cookie", "://", "$", "~", "'-", '"-'),
    *("vault", "expect", "printf", "echo", "<<<", *MARKUP),
)
"""What a line has, in small letters, that `MAY` finds or that has a definition: quicker to find in a long text."""
_OPTIONS = re.compile(" -[a-z-]")
PIECE = 20_000
"""Lines that are looked at as one text: of a file with 300,000 of them a copy in small letters takes 15 MB."""
_COMMENTED = re.compile(rf"{MARKER.pattern}([^\s{{}}]+)[^{{}}]*\{{")
"""The head of a block that is commented out."""
MOST_COMMENTED = 64
"""Lines of such a block that are looked at."""


def hidden(lines: Sequence[str], names: frozenset[str]) -> dict[int, list[Range]]:
    """What must not be shown of a file's lines, by index. `names` are $definitions that lead to a secret.

    What a line lets the next one go on with is looked at as one text, too, and a block that is commented out as if it
    were not: whoever wrote it meant it so.
    """
    candidates = list(_suspicious(lines))
    found = as_written(lines, names, candidates)
    for index, ranges in (*_continued(lines, names), *_commented(lines, names, candidates)):
        found[index] = merged((*found.get(index, ()), *ranges))
    return found


def _continued(lines: Sequence[str], names: frozenset[str]) -> Iterator[tuple[int, list[Range]]]:
    """What is hidden of lines that end in a backslash and of the next ones, of each hidden part one line at most.

    A definition of many lines may be a whole instance, of which the password hides only its own line.
    """
    ends = [index for index, line in enumerate(lines) if "\\" in line and line.rstrip().endswith("\\")]
    for first in (index for place, index in enumerate(ends) if not place or ends[place - 1] != index - 1):
        last = first
        texts = []
        while last < len(lines) and lines[last].rstrip().endswith("\\"):
            texts.append(lines[last].rstrip()[:-1])
            last += 1
        texts += lines[last : last + 1]
        starts = list(accumulate(map(len, texts), initial=0))
        for start, end in Scanner(names).ranges("".join(texts)):
            row = bisect_right(starts, start, hi=len(texts)) - 1
            while row < len(texts) - 1 and not SAYS.search(texts[row], max(0, start - starts[row])):
                row += 1
            part = max(start, starts[row]) - starts[row], min(end, starts[row + 1]) - starts[row]
            if part[0] < part[1]:
                yield first + row, [part]


def _commented(
    lines: Sequence[str], names: frozenset[str], candidates: Iterable[int]
) -> Iterator[tuple[int, list[Range]]]:
    """What is hidden in secret blocks that are commented out."""
    for first in candidates:
        head = _COMMENTED.match(lines[first])
        if head is None or not is_block(head.group(1)):
            continue
        scanner = Scanner(names)
        depth = 0
        for index in range(first, min(first + MOST_COMMENTED, len(lines))):
            marker = MARKER.match(lines[index])
            if marker is None:
                break
            text = lines[index][marker.end() :]
            yield index, [(start + marker.end(), end + marker.end()) for start, end in scanner.ranges(text)]
            depth += text.count("{") - text.count("}")
            if depth <= 0:
                break


def as_written(
    lines: Sequence[str], names: frozenset[str], candidates: Iterable[int] | None = None
) -> dict[int, list[Range]]:
    """What is hidden of lines as keepalived reads them; only `candidates` may have or open anything secret."""
    scanner = Scanner(names)
    found: dict[int, list[Range]] = {}
    index = 0
    for candidate in _suspicious(lines) if candidates is None else candidates:
        if candidate < index:
            continue
        if candidate > index:
            scanner.pass_over()
        for index in range(candidate, len(lines)):
            ranges = scanner.ranges(lines[index])
            if ranges:
                found[index] = ranges
            if scanner.idle and not _is_opener(lines, index + 1):
                break
        index += 1
    return found


def _suspicious(lines: Sequence[str]) -> Iterator[int]:
    """The indices of lines, in order, that may have anything secret or open what has, and of few others.

    A lone brace is none of them: it opens something secret only right after a line that is.
    """
    for first in range(0, len(lines), PIECE):
        for index in _suspicious_of(lines[first : first + PIECE]):
            yield first + index


def _suspicious_of(lines: Sequence[str]) -> list[int]:
    text = "\n".join(lines)
    if (
        UNSEEN.search(text) is not None or text.count("\n") != len(lines) - 1
    ):  # small letters of others may have another length
        return [index for index, line in enumerate(lines) if opens(line)]
    text = text.lower()
    offsets = [found.start() for found in _OPTIONS.finditer(text)] + list(_users(text))
    for part in _MARKS:
        at = text.find(part)
        while at >= 0:
            offsets.append(at)
            end = text.find("\n", at)  # one in a line is enough
            at = -1 if end < 0 else text.find(part, end)
    found: list[int] = []
    index = last = 0
    for offset in sorted(offsets):
        index, last = index + text.count("\n", last, offset), offset
        found.append(index)
    return found


def _users(text: str) -> Iterator[int]:
    """Where an @ has something before it, as `user:X@host` and unlike `@id`."""
    at = text.find("@", 1)
    while at >= 0:
        if not text[at - 1].isspace():
            yield at
        at = text.find("@", at + 1)


def _is_opener(lines: Sequence[str], index: int) -> bool:
    return index < len(lines) and lines[index].lstrip(" \t")[:1] == "{"
