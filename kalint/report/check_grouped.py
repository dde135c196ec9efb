"""The findings of a check for people, by file: the path once, and below it a line for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.places import heading
from kalint.report.terminal import inert, printable

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;34m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write a `Findings`: files in the order of their first findings, places aligned; an empty line ends each file."""
    by_file: dict[str, list[Diagnostic]] = {}
    for found in cast("Findings", result).diagnostics:
        by_file.setdefault(found.span.file, []).append(found)
    bold, plain = (_BOLD, _PLAIN) if color else ("", "")
    for file, some in by_file.items():
        stream.write(f"{bold}{heading(file)}{plain}\n")
        lines = max(len(str(each.span.line)) for each in some)
        columns = max(len(str(each.span.column)) for each in some)
        widest = max(len(each.severity) for each in some)
        for each in some:
            place = f"{each.span.line:{lines}}:{each.span.column:<{columns}}"
            paint = _COLORS[each.severity] if color else ""
            severity = f"{paint}{each.severity:{widest}}{plain}"
            stream.write(f"  {place}  {severity}  {each.code} {inert(printable(each.message))}\n")
        stream.write("\n")
