"""Finds secret words in what is said, in time that does not grow with the number of the words.

A file of 100,000 passwords is no reason to look for each of them in each message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

FEW = 64
"""Beginnings of words that a pattern has one by one."""


class Masks:
    """Secret words: `whole` ones count only where no letter, digit or `_` touches them, `inside` ones anywhere."""

    def __init__(self, whole: Iterable[str], inside: Iterable[str]) -> None:
        self._whole = frozenset(whole)
        self._inside = frozenset(inside)
        self._lengths: dict[str, list[int]] = {}
        for word in sorted(self._whole | self._inside, key=len, reverse=True):
            lengths = self._lengths.setdefault(word[:2], [])
            if not lengths or lengths[-1] != len(word):
                lengths.append(len(word))
        self._search = None if not self._lengths else re.compile(_starts(self._whole, self._inside)).search

    def __bool__(self) -> bool:
        return self._search is not None

    def masked(self, text: str, instead: Callable[[str], str]) -> str:
        """The text with `instead(word)` for each secret word, and for several that overlap."""
        spans: list[tuple[int, int]] = []
        offset = 0
        while self._search is not None and (found := self._search(text, offset)) is not None:
            start = found.start()
            end = self._end(text, start)
            if spans and start < spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            elif end:
                spans.append((start, end))
            offset = start + 1
        if not spans:
            return text
        parts: list[str] = []
        done = 0
        for start, end in spans:
            parts += (text[done:start], instead(text[start:end]))
            done = end
        return "".join((*parts, text[done:]))

    def _end(self, text: str, start: int) -> int:
        """Where a word ends that begins here; 0 where none does."""
        for length in (*self._lengths.get(text[start : start + 2], ()), *self._lengths.get(text[start], ())):
            word = text[start : start + length]
            end = start + len(word)
            if word in self._inside:
                return end
            begins = not (start and _joins(text[start - 1]))
            if begins and word in self._whole and (end == len(text) or not _joins(text[end])):
                return end
        return 0


def _joins(character: str) -> bool:
    r"""What `\w` matches."""
    return character.isalnum() or character == "_"


def _starts(whole: frozenset[str], inside: frozenset[str]) -> str:
    """A pattern for where a word may begin."""
    parts = [(r"(?<!\w)", whole), ("", inside)]
    return "|".join(f"{before}(?:{_beginning(words)})" for before, words in parts if words)


def _beginning(words: frozenset[str]) -> str:
    """A pattern for how words begin: their first two characters, or only the first where words are many."""
    pairs = {word[:2] for word in words}
    if len(pairs) <= FEW:
        return "|".join(map(re.escape, sorted(pairs)))
    return f"[{re.escape(''.join(sorted({word[0] for word in words})))}]"
