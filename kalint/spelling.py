"""How far words are from one another, and letters that only look like those of a keyword."""

from __future__ import annotations

import re

FAR = 2
"""Letters by which a word differs from what it may be meant as, at most."""

_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u043a\u043c\u0442\u043d\u03bf\u03b1\u03c1\u03c4\u03ba\u03bd\u03c5",
    "aeopcyxijsdhkmthoaptkvu",
)
"""Cyrillic and Greek letters that look like Latin ones."""


_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""What a terminal takes for a colour, and shows nothing of."""


def distance(one: str, other: str) -> int:
    """How many letters must be added, removed, replaced or swapped with the next; above FAR it is FAR + 1."""
    if abs(len(one) - len(other)) > FAR:
        return FAR + 1
    mine, its = set(one), set(other)
    if len(mine - its) > FAR or len(its - mine) > FAR:  # each of these letters costs a change: most words end here
        return FAR + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return min(last[-1], FAR + 1)


def latin(text: str) -> tuple[str, list[int]]:
    """A text with ASCII letters for those that look alike and without what nobody sees; and where each one stood.

    The places have one more at the end, the length of the text.
    """
    table = {letter: _latin(letter) for letter in set(text)}
    told = [table[letter] for letter in text]
    for colour in _COLOUR.finditer(text):
        told[slice(*colour.span())] = [""] * len(colour.group())
    return "".join(told), [place for place, letter in enumerate(told) if letter] + [len(text)]


def _latin(letter: str) -> str:
    """One character, or none."""
    if letter.isascii():
        return letter if letter.isprintable() or letter.isspace() else ""
    import unicodedata  # most files are ASCII

    if unicodedata.category(letter) in ("Cf", "Mn", "Cs") or (
        unicodedata.category(letter) == "Cc" and not letter.isspace()
    ):
        return ""
    plain = unicodedata.normalize("NFKD", letter.translate(_LOOKALIKES))[0]
    return plain if plain.isascii() else letter
