"""The files on the page of `kalint report`, with each finding below its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kalint.findings.diagnostic import Diagnostic, Findings

WHOLE = 400
"""How many lines a file that is shown whole has at most; of a longer one it is the lines around its findings."""
AROUND = 3


class SourceLine(NamedTuple):
    """A line of a file in three parts, the middle one at fault, and its findings; `number` 0: lines are left out."""

    number: int
    before: str = ""
    under: str = ""
    after: str = ""
    findings: tuple[Diagnostic, ...] = ()


class Source(NamedTuple):
    """A file on the page; `anchor` is its own, and `ANCHOR-LINE` that of a line with findings."""

    name: str
    anchor: str
    lines: tuple[SourceLine, ...]
    findings: int


def order(findings: Findings) -> list[str]:
    """Every file that was read, those with findings first."""
    found = {each.span.file for each in findings.diagnostics}
    return sorted(findings.sources, key=lambda file: file not in found)


def anchors(findings: Findings) -> dict[str, str]:
    """The anchor of each file."""
    return {file: f"file-{number}" for number, file in enumerate(order(findings), 1)}


def sources(findings: Findings, said: Findings, names: Mapping[str, str]) -> Iterator[Source]:
    """Every file of `findings`; `said` are the same findings in the words of the page."""
    by_file: dict[str, dict[int, list[Diagnostic]]] = {}
    for found in said.diagnostics:
        by_file.setdefault(found.span.file, {}).setdefault(found.span.line, []).append(found)
    for file, anchor in anchors(findings).items():
        lines, found_at = findings.sources[file], by_file.get(file, {})
        parts: list[SourceLine] = []
        for number in _shown(len(lines), found_at):
            if parts and parts[-1].number != number - 1:
                parts.append(SourceLine(0))
            parts.append(_line(lines[number - 1].rstrip("\r"), number, found_at.get(number, ())))
        yield Source(names.get(file, file), anchor, tuple(parts), sum(map(len, found_at.values())))


def _shown(count: int, found_at: Iterable[int]) -> Iterable[int]:
    if count <= WHOLE:
        return range(1, count + 1)
    near = {line + offset for line in found_at for offset in range(-AROUND, AROUND + 1)}
    return sorted(line for line in near if 1 <= line <= count)


def _line(text: str, number: int, found: Sequence[Diagnostic]) -> SourceLine:
    if not found:
        return SourceLine(number, text)
    span = found[0].span
    start = span.column - 1
    end = len(text) if span.end_line > span.line else max(span.end_column - 1, start)
    return SourceLine(number, text[:start], text[start:end], text[end:], tuple(found))
