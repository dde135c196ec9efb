"""Secret words are found in a text as a pattern of all of them would find them, without asking for each."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.findings.masking import Masks

WORDS = st.lists(st.text("ab'_- é", min_size=1, max_size=4), max_size=4)


def _stars(word: str) -> str:
    return "*" * len(word)


@settings(max_examples=400, deadline=None)
@given(whole=WORDS, inside=WORDS, text=st.text("ab'_- é", max_size=14))
def test_it_finds_what_a_pattern_finds(whole: list[str], inside: list[str], text: str) -> None:
    """All that any word covers, also where words overlap; a whole word stands alone."""
    patterns = [rf"(?<!\w)(?=({re.escape(word)})(?!\w))" for word in whole]
    patterns += [f"(?=({re.escape(word)}))" for word in inside]
    covered = {place for pattern in patterns for found in re.finditer(pattern, text) for place in range(*found.span(1))}
    expected = "".join("*" if place in covered else letter for place, letter in enumerate(text))
    assert Masks(whole, inside).masked(text, _stars) == expected


class Counted(str):
    """A text that counts how often a part of it is taken."""

    __slots__ = ("taken",)
    taken: int

    def __getitem__(self, key: object) -> str:
        self.taken = getattr(self, "taken", 0) + 1
        return super().__getitem__(key)  # type: ignore[index]


def test_the_number_of_words_does_not_count() -> None:
    """Of 50,000 words those that begin as the text does are looked at by length, not one by one."""
    masks = Masks((f"secret{number}" for number in range(50_000)), ())
    text = Counted("the value secret49999 is not secret77777 and no number")
    assert masks.masked(text, _stars) == "the value *********** is not secret77777 and no number"
    assert text.taken < 100


def test_words_that_overlap_are_masked_to_the_end_of_the_last() -> None:
    """The beginning of a longer word is no reason to show the rest of another."""
    masks = Masks((), ("=abcdefg", "abcdefghijkl", "klmnop"))
    assert masks.masked("x=abcdefghijkl y abcdefghijklmnop", lambda _: "*") == "x* y *"
