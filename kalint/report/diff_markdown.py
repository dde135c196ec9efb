"""`kalint diff --format markdown`: a comment for a merge request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from kalint.analysis.difference import Comparison
from kalint.report.diff_many import summary
from kalint.report.diff_text import label
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~#&])")
"""What Markdown would read as something else."""
_LINK = re.compile(r"https?:(?=//)|ftp:(?=//)|www\.|mailto:|xmpp:", re.IGNORECASE)
"""What GitHub makes a link of without any mark."""
_MENTION = re.compile("@(?=[A-Za-z0-9])")
"""What tells somebody that the comment is for them; the mark after it is not shown."""


def render(result: Comparison | Sequence[Comparison], stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - Markdown has no colour
    """Write a heading and a table for each that changes, and a last line that counts."""
    every = (result,) if isinstance(result, Comparison) else result
    for one in every:
        if one.changes:
            print(f"### {_plain(one.name)}\n", file=stream)
            _table(one, stream)
    failed = [one for one in every if one.error]
    for one in failed:
        print(f"- {_plain(one.name)} could not be compared: {_plain(one.error)}", file=stream)
    if failed:
        print(file=stream)
    print(f"{_plain(summary(every))}.", file=stream)


def _table(one: Comparison, stream: TextIO) -> None:
    rows: list[Iterable[str]] = [("where", "what", "before", "after"), ("---", "---", "---", "---")]
    rows += [map(_plain, (each.subject, label(each), each.old or "-", each.new or "-")) for each in one.changes]
    for row in rows:
        print(f"| {' | '.join(row)} |", file=stream)
    print(file=stream)


def _plain(text: str) -> str:
    text = _ACTIVE.sub(r"\\\1", printable(text))
    return _MENTION.sub("@<!-- -->", _LINK.sub(_unlinked, text))


def _unlinked(found: re.Match[str]) -> str:
    return found.group().replace(":", "\\:").replace("w.", "w\\.")
