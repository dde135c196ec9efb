"""The words of a requirement: what a line of text is cut into before the grammar sees it."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from kalint.requirements.errors import RequirementError

LABEL = re.compile(r"""\s*([^\s:,#"()]+):(?=\s|$)""")
_BLANK = re.compile(r"(?:[\s,]|\.(?=\s*(?:#|$)))+")
_COMMENT = re.compile(r"#.*")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|seconds?)(?![\w.:/-])", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?![\w.:/-])")
_QUOTED = re.compile(r'"([^"]*)"')
_WORD = re.compile(r"""[^\s,"()#]+""")
_WORTH = {"ms": 0.001, "s": 1.0, "second": 1.0, "seconds": 1.0, "min": 60.0}


class Word(NamedTuple):
    """One token: the terminal of the grammar, its value, how it is written, and its column (1-based)."""

    kind: str
    value: str
    text: str
    column: int


def cut(line: str, keywords: Container[str]) -> list[Word]:
    """The words of a line after its name. Keywords are in lower case.

    Raises:
        RequirementError: a character that begins no word.
    """
    label = LABEL.match(line)
    at = label.end() if label is not None else 0
    found: list[Word] = []
    while at < len(line):
        blank = _BLANK.match(line, at) or _COMMENT.match(line, at)
        if blank is not None:
            at = blank.end()
            continue
        word = _one(line, at, keywords)
        found.append(word)
        at += len(word.text)
    return found


def _one(line: str, at: int, keywords: Container[str]) -> Word:
    if line[at] in "()":
        return Word("LPAR" if line[at] == "(" else "RPAR", line[at], line[at], at + 1)
    quoted = _QUOTED.match(line, at)
    if quoted is not None and quoted[1].strip():
        return Word("NAME", quoted[1], quoted[0], at + 1)
    if line[at] == '"':
        what = "this name is empty" if quoted is not None else "the closing quotation mark is missing"
        raise RequirementError(what, line, at + 1, len(quoted[0]) if quoted else len(line) - at)
    duration = _DURATION.match(line, at)
    if duration is not None:
        seconds = float(duration[1]) * _WORTH[duration[2].lower()]
        return Word("DURATION", repr(seconds), duration[0], at + 1)
    number = _NUMBER.match(line, at)
    if number is not None:
        return Word("NUMBER", number[0], number[0], at + 1)
    written = _WORD.match(line, at)
    text = written[0] if written is not None else line[at]
    text = text.rstrip(".") if not line[at + len(text) :].split("#")[0].strip(" ,") and text.strip(".") else text
    if text.lower() in keywords:
        return Word(text.upper(), text.lower(), text, at + 1)
    return Word("NAME", text, text, at + 1)
