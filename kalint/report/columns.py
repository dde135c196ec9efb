"""Columns of text on a terminal, measured in cells (a wide character takes two), and short names of nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from wcwidth import wcswidth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def width(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return len(text) if text.isascii() else max(wcswidth(text), 0)


def left(text: str, cells: int) -> str:
    """The text with blanks after it, so that it takes at least as many cells."""
    return text + " " * (cells - width(text))


def right(text: str, cells: int) -> str:
    """The text with blanks before it, so that it takes at least as many cells."""
    return " " * (cells - width(text)) + text


def folded(text: str, cells: int) -> list[str]:
    """The text in lines, broken at blanks and hyphens, and inside a word only where the word alone is too wide."""
    lines = [""]
    for word in filter(None, _BREAKS.split(text)):
        if lines[-1] and width((lines[-1] + word).rstrip()) > cells:
            lines.append("")
        for character in word:
            if width((lines[-1] + character).rstrip()) > cells:
                lines.append("")
            lines[-1] += character
    return [line.rstrip() for line in lines]


_BREAKS = re.compile(r"(?<=[ -])")
LONG = 12
"""Cells: a name that is longer is worth shortening."""


class Names(NamedTuple):
    """`suffix` is what all names of nodes end with, from a dot or a hyphen on; "" where they are short, or differ."""

    names: tuple[str, ...]
    suffix: str

    def short(self, text: str) -> str:
        """The text with the nodes' names without what all of them end with."""
        if not self.suffix:
            return text
        return _one_of(self.names).sub(lambda found: found.group().removesuffix(self.suffix), text)

    def legend(self) -> str:
        """What the short names leave out; "" where they are whole."""
        return f"node names are shown without {self.suffix}" if self.suffix else ""


def named(names: Iterable[str]) -> Names:
    """`lb1.prod.example.org` and `lb2.prod.example.org` have `.prod.example.org` in common."""
    every = tuple(names)
    if len(every) < 2 or max(map(width, every)) <= LONG:
        return Names(every, "")
    first = every[0]
    ends = (first[at:] for at in range(1, len(first)) if first[at] in ".-")
    return Names(every, next((end for end in ends if _all_have(every, end)), ""))


def _all_have(names: Sequence[str], end: str) -> bool:
    return all(len(name) > len(end) and name.endswith(end) for name in names)


def _one_of(names: Sequence[str]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.-])(?:{either})(?![\w-]|\.\w)")
