"""Columns of text on a terminal, measured in cells (a wide character takes two), and short names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from wcwidth import wcswidth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


WIDTH = 100
"""Cells of a row, whatever the terminal has: output depends on the terminal only in colour."""


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
    for word in pieces(text):
        if lines[-1] and width((lines[-1] + word).rstrip()) > cells:
            lines.append("")
        for character in word:
            if width((lines[-1] + character).rstrip()) > cells:
                lines.append("")
            lines[-1] += character
    return [line.rstrip() for line in lines]


def pieces(text: str) -> list[str]:
    """What `folded` keeps in one line if it can; "" has one, which is empty."""
    return list(filter(None, _BREAKS.split(text))) or [""]


_BREAKS = re.compile(r"(?<=[ -])")
_SEPARATORS = ".-_"
LONG = 12
"""Cells: a name that is longer is worth shortening."""


class Names(NamedTuple):
    """Names of nodes, clusters or trackers, and what all of them have in common; "" where they are short, or differ.

    `prefix` is the common beginning, up to a separator, and `suffix` the common end, from a separator on.
    """

    names: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""

    @property
    def common(self) -> str:
        """What the short names leave out; "" where they are whole."""
        return " and ".join(filter(None, (self.prefix, self.suffix)))

    def short(self, text: str) -> str:
        """The text with each of the names without the common part."""
        if not self.common:
            return text
        return _one_of(self.names).sub(
            lambda found: found.group().removeprefix(self.prefix).removesuffix(self.suffix), text
        )

    def legend(self, what: str = "node") -> str:
        """A line that says what the short names leave out; "" where they are whole."""
        return f"{what} names are shown without {self.common}" if self.common else ""


def named(names: Iterable[str]) -> Names:
    """`lb1.prod.example.org` and `lb2.prod.example.org` have `.prod.example.org` in common.

    A common beginning is left out where the names are long without their common end: of `site-north-lb-01` and
    `site-north-lb-02` it is `site-north-`, so that what stays begins with a letter.
    """
    every = tuple(dict.fromkeys(names))
    if len(every) < 2 or max(map(width, every)) <= LONG:
        return Names(every)
    first = every[0]
    ends = (first[at:] for at in range(1, len(first)) if first[at] in _SEPARATORS)
    suffix = next((end for end in ends if all(len(name) > len(end) and name.endswith(end) for name in every)), "")
    stems = [name.removesuffix(suffix) for name in every]
    if max(map(width, stems)) <= LONG:
        return Names(every, "", suffix)
    heads = (first[:at] for at in range(len(stems[0]) - 1, 0, -1) if first[at - 1] in _SEPARATORS)
    return Names(every, next((head for head in heads if _begin_all(stems, head)), ""), suffix)


def _begin_all(names: Sequence[str], head: str) -> bool:
    """Whether all names begin so, and what stays of each begins with a letter."""
    return all(name.startswith(head) and name[len(head) : len(head) + 1].isalpha() for name in names)


def _one_of(names: Sequence[str]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.-])(?:{either})(?![\w-]|\.\w)")
