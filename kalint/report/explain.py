"""A rule's page for the terminal."""

from __future__ import annotations

import re
from difflib import get_close_matches
from textwrap import fill
from typing import TYPE_CHECKING, TextIO

from kalint.errors import UsageError
from kalint.rules import RULES, internal_error, live, load
from kalint.rules.cluster import documented
from kalint.rules.page import Page, page_of

if TYPE_CHECKING:
    from kalint.rules.rule import Rule

_GROUP = re.compile(r"[Kk][Aa][0-9]{0,2}")
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render(code: str, stream: TextIO, *, color: bool = False) -> None:
    """Write the page of a rule, given its code or name, the pages of `all`, or the list of known `bugs`.

    The beginning of codes (`KA2`) lists the rules of that group.

    Raises:
        UsageError: there is no such rule.
    """
    if code.lower() == "bugs":
        from kalint.rules.bugs_page import text

        stream.write(text(color))
        return
    rules = [internal_error.RULE, *(load(row) for row in RULES), *documented(), *live.documented()]
    group = [rule for rule in rules if rule.info.code.startswith(code.upper())]
    if _GROUP.fullmatch(code) and group:
        stream.write("".join(f"{rule.info.code}  {rule.info.name}: {rule.info.summary}\n" for rule in group))
        return
    if code != "all":
        rules = [_find(code, rules)]
    stream.write("\n\n".join(terminal_page(page_of(rule), color) for rule in rules))


def _find(code: str, rules: list[Rule]) -> Rule:
    for rule in rules:
        if code.upper() == rule.info.code or code.lower() == rule.info.name.lower():
            return rule
    known = [name for rule in rules for name in (rule.info.code, rule.info.name)]
    close = get_close_matches(code.upper(), known, 1) or get_close_matches(code.lower(), known, 1)
    advice = f"did you mean {close[0]}?" if close else "'kalint rules' lists them"
    raise UsageError(f"no rule has the code '{code}'; {advice}")


def terminal_page(page: Page, color: bool) -> str:
    """A page without Markdown: headings in bold where there are colours, examples indented, prose in 80 columns."""
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if color else ("", "", "")
    info = page.info
    lines = [f"{bold}{info.code} {info.name}{plain} ({info.severity}, {info.confidence})", "", fill(page.title, 80)]
    for heading, text in page.sections.items():
        lines += ["", f"{bold}{heading}{plain}"]
        for number, part in enumerate(re.split(r"^```.*\n?", text, flags=re.MULTILINE)):
            if number % 2:  # between two fences
                lines += [f"    {dim}{line}{plain}".rstrip() for line in part.rstrip("\n").split("\n")]
            elif words := part.strip():
                paragraphs = (
                    fill(each, 80, initial_indent="  ", subsequent_indent="  ") for each in words.split("\n\n")
                )
                lines.append("\n\n".join(paragraphs))
    return "\n".join(lines) + "\n"
