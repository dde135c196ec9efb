"""The findings of a check for people: place, message, the source line with the characters underlined, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.source import Span

TAB = 4
WIDEST = 140
"""The most characters of a source line that are shown."""
LONGEST = 600
"""The most characters of a message that are shown."""
MOST_RELATED = 4

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;34m"}
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write each finding: `path:line:column: severity: CODE message [name]`, and below it what it is about."""
    findings = cast("Findings", result)
    for block in blocks(findings.diagnostics, findings.sources.line, color):
        stream.write(block + "\n\n")


def blocks(diagnostics: Sequence[Diagnostic], line: Callable[[str, int], str | None], color: bool) -> Iterator[str]:
    """The text of each finding. `line` gives a file's line without what is secret; None where there is none to show."""
    for diagnostic in diagnostics:
        source = line(diagnostic.span.file, diagnostic.span.line)
        yield "\n".join(_lines(diagnostic, source, color))


def _lines(diagnostic: Diagnostic, source: str | None, color: bool) -> Iterator[str]:
    paint = _COLORS[diagnostic.severity] if color else ""
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if color else ("", "", "")
    message = _shortened(printable(diagnostic.message))
    yield (
        f"{bold}{_place(diagnostic.span)}:{plain} {paint}{diagnostic.severity}:{plain} "
        f"{diagnostic.code} {message} {dim}[{diagnostic.name}]{plain}"
    )
    number = str(diagnostic.span.line)
    margin = " " * len(number)
    if source is not None:
        shown, indent, underline = excerpt(source, diagnostic.span)
        yield f"  {dim}{number} |{plain} {shown}"
        yield f"  {dim}{margin} |{plain} {indent}{paint}{underline}{plain}"
    if diagnostic.help:
        yield f"  {dim}{margin} ={plain} help: {_shortened(printable(diagnostic.help))}"
    if diagnostic.span.via is not None:
        yield f"  {dim}{margin} ={plain} used at {_place(diagnostic.span.via)}"
    for related in diagnostic.related[:MOST_RELATED]:
        yield f"  {dim}{margin} ={plain} {_place(related.span)}: {_shortened(printable(related.message))}"
    more = len(diagnostic.related) - MOST_RELATED
    if more > 0:
        yield f"  {dim}{margin} ={plain} and {more} more place{'s' * (more > 1)}"


def excerpt(source: str, span: Span) -> tuple[str, str, str]:
    """The part of a source line around a span, the blanks under what precedes the span, and the line under the span.

    Tabs become blanks, wide characters count double, and what a terminal might obey is shown as an escape.
    """
    source = source.rstrip("\r")
    start = min(span.column - 1, len(source))
    end = len(source) if span.end_line > span.line else min(max(span.end_column - 1, start + 1), len(source))
    left = max(0, start - WIDEST // 2) if len(source) > WIDEST else 0
    right = min(len(source), left + WIDEST)
    end = min(end, right)
    before, under, after = (_shown(source[a:b]) for a, b in ((left, start), (start, end), (end, right)))
    cut_left, cut_right = "..." * (left > 0), "..." * (right < len(source))
    indent = " " * _width(cut_left + before)
    return f"{cut_left}{before}{under}{after.rstrip()}{cut_right}", indent, "^" * max(1, _width(under))


def _shown(text: str) -> str:
    return printable(text.replace("\t", " " * TAB))


def _width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    marks = ("Mn", "Me", "Cf")
    return sum(0 if category(each) in marks else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _place(span: Span) -> str:
    return f"{printable(span.file)}:{span.line}:{span.column}"
