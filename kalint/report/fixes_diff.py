"""What fixes change, as a unified diff for people: passwords masked, controls as escapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.alignment import Alignment
from kalint.findings.secrets import Secrets
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from typing import TextIO

CONTEXT = 3
_COLORS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m", " ": ""}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_UNENDED = "\\ No newline at end of file"


def render(
    name: str,
    before: bytes,
    after: bytes,
    stream: TextIO,
    *,
    color: bool = False,
    hidden: frozenset[str] = frozenset(),
) -> None:
    """Write the diff of one file, whose name is the same on both sides; `hidden` are words that it must not show."""
    old, new = _lines(before), _lines(after)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    first = max(0, start - CONTEXT)  # a file may be long, and most of it is the same
    matcher = Alignment(old[first:], new[first:])
    told = (_shown(old, hidden), _shown(new, hidden))
    bold, plain = (_BOLD, _PLAIN) if color else ("", "")
    shown = printable(name)
    stream.write(f"{bold}--- {shown}{plain}\n{bold}+++ {shown}{plain}\n")
    for group in matcher.get_grouped_opcodes(CONTEXT):
        rows = [f"@@ -{_range(group, 1, first)} +{_range(group, 3, first)} @@"]
        for kind, old_start, old_end, new_start, new_end in group:
            if kind == "equal":
                rows += _marked(" ", told[0], old, old_start + first, old_end + first)
                continue
            rows += _marked("-", told[0], old, old_start + first, old_end + first)
            rows += _marked("+", told[1], new, new_start + first, new_end + first)
        for row in rows:
            paint = _COLORS.get(row[0], "") if color else ""
            stream.write(f"{paint}{row}{_PLAIN if paint else ''}\n")


def _lines(content: bytes) -> list[str]:
    """The lines with their ends: an end that changes is a change."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _shown(lines: list[str], hidden: frozenset[str]) -> list[str]:
    bare = [line.rstrip("\r\n") for line in lines]
    shown = Secrets({"": bare}, hidden).lines("")
    return ["\t".join(map(printable, line.split("\t"))) for line in shown]


def _marked(mark: str, shown: list[str], lines: list[str], start: int, end: int) -> list[str]:
    rows = []
    for index in range(start, end):
        rows.append(mark + shown[index])
        if not lines[index].endswith("\n"):
            rows.append(_UNENDED)
    return rows


def _range(group: list[tuple[str, int, int, int, int]], index: int, offset: int) -> str:
    first, last = (group[0][1], group[-1][2]) if index == 1 else (group[0][3], group[-1][4])
    start, length = first + offset, last - first
    return f"{start + 1 if length else start}{'' if length == 1 else f',{length}'}"
