"""The words of a line, as ordinary keywords and as those that take a command read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalint.source import Line
from kalint.syntax import command_words, words
from kalint.syntax.words import quoted_words

WORDS = {
    "a b": ["a", "b"],
    " a\t\vb\f\rc ": ["a", "b", "c"],
    "a\u00a0b\u3000c\x1cd\x85e": ["a\u00a0b\u3000c\x1cd\x85e"],
    '"a b" c': ["a b", "c"],
    'ab"c d"e': ["ab", "c d", "e"],
    '"a""b"': ["a", "b"],
    '"" a': ["", "a"],
    'a "b c': ["a"],
    'a b"': ["a", "b"],
    '"a': [],
    "'a b'": ["'a", "b'"],
    'a\\"b c"d': ["a\\", "b c", "d"],
    "": [],
}


@pytest.mark.parametrize("text", WORDS)
def test_words(text: str) -> None:
    """Only ASCII blanks separate; a quote begins a word; an open quote loses the rest."""
    assert [word.text for word in words(Line(text, "f", 1, 1))] == WORDS[text]


@given(st.text("a\u00e9\u00a0\x1c\x85\udcff \t\v\f\r'\\", max_size=12))
def test_plain_lines_have_the_same_words(text: str) -> None:
    """The quick way for most lines and the way for all lines are one."""
    line = Line(text, "f", 7, 3)
    assert words(line) == quoted_words(line)[0]


def test_word_spans_include_the_quotes() -> None:
    """What is underlined is what was written."""
    found = words(Line('a  "b c"d', "f", 7, 3))
    assert [(word.span.column, word.span.end_column, word.quoted) for word in found] == [
        (3, 4, False),
        (6, 11, True),
        (11, 12, False),
    ]


COMMANDS = {
    "script /bin/true x": ["script", "/bin/true", "x"],
    'script "/bin/true x"': ["script", "/bin/true x"],
    "script '/bin/true \"x\"' y": ["script", '/bin/true "x"', "y"],
    "script a'b c'\"d e\"f": ["script", "ab cd ef"],
    r"script a\ b": ["script", "a b"],
    r"script '\'' " r'"\""': ["script", "'", '"'],
    r"script \n\t\E\a\b\f\r\v\q\\": ["script", "\n\t\x1b\a\b\f\r\vq\\"],
    r"script \x41\x4142z \xg": ["script", "ABz", "xg"],
    r"script \101\60z\0101": ["script", "A0z\x081"],
    r"script \cA\cz": ["script", "\x01\x1a"],
    r"script \xe9": ["script", "\udce9"],
    r"script \777": ["script", "\udcff"],
    r"script a\0b c": ["script", "a", "c"],
    "script ''": ["script", ""],
    "script 'a": [],
    'script a"b': [],
    "script a\\": [],
    "": [],
}


@pytest.mark.parametrize("text", COMMANDS)
def test_command_words(text: str) -> None:
    """Much like a shell; nothing at all where a quote is open."""
    assert [word.text for word in command_words(Line(text, "f", 1, 1))] == COMMANDS[text]


def test_command_word_spans_are_as_written() -> None:
    """Quotes and escapes included."""
    found = command_words(Line(r"script 'a b'\ c  d", "f", 1, 1))
    assert [(word.start, word.end) for word in found] == [(0, 6), (7, 15), (17, 18)]
