"""Which characters of a configuration's lines must never be shown, one line after the other.

A line is judged by the block that it stands in and by what its words mean, not by a pattern of correct lines: what is
misspelt beside a password is as secret as the password.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kalint.findings.commands import MAY, Range, spans
from kalint.findings.markup import MARKUP, has_literal, literals, without_braces
from kalint.findings.secret_names import DEFINITION, NAME, SEQUENCE
from kalint.findings.secret_words import (
    ANYWHERE,
    HARMLESS,
    KEY,
    KEYWORD,
    KIND,
    LETTERS,
    NUMBERED,
    OTHER_BLOCK,
    OTHER_LINE,
    PASS,
    PLAIN,
    REMARKED,
    REVERSED,
    TELLING_NAME,
    TYPE,
    is_block,
    near,
)
from kalint.spelling import latin
from kalint.text.stream import comment_start

_HEADS = re.compile("aut|hent|cation|h_h|mac|ass", re.IGNORECASE)
"""What is left of `authentication`, `auth_hmac` or `auth_pass` where two letters of it are wrong."""
_TOKEN = re.compile(r'"[^"]*"?|\$\{[^}]*\}|[{}]|(?:[^\s{}"$]|\$(?!\{))+')
SAYS = re.compile(r"\w")
"""What a text has that says anything."""
MARKER = re.compile(r"[ \t]*[#!][#! \t]*")
"""How a line begins that is commented out."""
_REMARK = re.compile(r"[#!]\s*kalint:")
UNSEEN = re.compile(r"[^\t\n\v\f\r\x1c-\x7e]")
"""What `latin` replaces or leaves out."""


class Scanner:
    """Goes through the lines of one file in order."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._names = names
        self._depth = 0
        self._head = ""
        # The depth of the block of which all is secret.
        self._secret: int | None = None
        # Whether a keyword's secret may stand on the next line.
        self._waits = False
        # Whether the multi-line definition that is open is secret.
        self._defines = False
        # Whether a secret block's head stood alone, so that its brace is missing or on the next line.
        self._headless = False

    @property
    def idle(self) -> bool:
        """Whether the next line is judged by itself."""
        return self._secret is None and not (self._waits or self._defines or self._headless)

    def pass_over(self) -> None:
        """Take notice of lines that have nothing secret, and open nothing."""
        self._head = ""

    def ranges(self, text: str) -> list[Range]:
        """What must not be shown of the next line: ranges of characters, in order."""
        if UNSEEN.search(text) is None:
            return self._ranges(text)
        plain, places = latin(text)
        return [(places[start], places[end]) for start, end in self._ranges(plain)]

    def _ranges(self, text: str) -> list[Range]:
        if self.idle and not opens(text):
            self.pass_over()
            return []
        comment = comment_start(text)
        end = len(text) if comment < 0 else comment
        start, hidden = 0, self._defines
        defined = DEFINITION.match(text)
        if defined is not None:
            start = defined.end()
            hidden = defined.group(1) in self._names or TELLING_NAME.search(defined.group(1)) is not None
        self._defines = hidden and text.rstrip().endswith("\\")
        if hidden:
            return [(start, len(text))]
        found: list[Range] = [*literals(text, self._names, TELLING_NAME)]
        if any(mark in text for mark in MARKUP):
            text = without_braces(text)
        sequence = SEQUENCE.match(text)
        if sequence is not None:
            start = text.find(")", sequence.end()) + 1 or len(text)
            if not self._names.isdisjoint(NAME.findall(text[sequence.end() : start])):
                found.append((sequence.end(), start))
        was_secret = self._secret is not None
        found += self._statements(text, start, end)
        if comment >= 0 and not _REMARK.match(text, comment):
            found += self._comment(text, comment, was_secret or self._secret is not None)
        if MAY.search(text) is not None:
            found += spans(text)
        if sequence is not None and any(first >= start for first, _ in found):
            found = [(0, len(text))]
        return merged(found)

    def _comment(self, text: str, comment: int, secret: bool) -> list[Range]:
        marker = MARKER.match(text, comment)
        defined = None if marker is None else DEFINITION.match(text, marker.end())
        if defined is not None and (defined.group(1) in self._names or TELLING_NAME.search(defined.group(1))):
            return [(defined.end(), len(text))]
        return _comment(text, comment, secret)

    def _statements(self, text: str, start: int, end: int) -> Iterator[Range]:
        first = ""
        alone = False
        for token in _TOKEN.finditer(text, start, end):
            word = token.group()
            if self._headless:
                self._goes_on(word)
            wrong = alone and not SAYS.search(word) and word not in ("{", "}")  # `authentication [`
            alone = wrong or (not first and self._secret is None and is_block(word))
            if word in ("{", "}"):
                self._open() if word == "{" else self._close()
                first = self._head = ""
            elif not first and word[0] == "@":
                continue
            else:
                behind = self._announced(text, token, first)
                if behind is not None:
                    self._head = self._head if first else word
                    yield behind, len(text)
                    self._behind(text[behind:end])
                    return
                if self._hides(word.strip("\"'"), first):
                    yield token.span()
                if not first:
                    self._head = first = word.strip("\"'") or word
        self._headless |= alone

    def _goes_on(self, word: str) -> None:
        """What follows the head of a secret block: its brace, or what stands in it, as if the brace were there."""
        self._headless = False
        if word[0] not in "{}" and not OTHER_LINE.fullmatch(word):
            self._secret = self._depth
            self._depth += 1

    def _announced(self, text: str, token: re.Match[str], first: str) -> int | None:
        """Where the rest of the line begins that a word announces as secret; None where it announces none."""
        word = token.group()
        if self._secret is not None or not first:
            key = KEY.match(text, token.start())
            if key is not None:
                return key.end()
        if not first:
            quotes = len(word) - len(word.lstrip("\"'"))
            told = KEYWORD.match(word, quotes) or near(LETTERS.match(word, quotes))
            opens = is_block(word) and text[token.end() :].lstrip(" \t\"'")[:1] in ("{", "#", "!", "")
            if told is not None and not opens:
                glued = None if PLAIN.fullmatch(told.group()) else PASS.match(told.group())
                return token.start() + quotes + len((glued or told).group())
        told = ANYWHERE.search(word)
        return None if told is None else token.start() + told.end()

    def _hides(self, word: str, first: str) -> bool:
        """Whether a word is secret for the block that it is in, or as the value that the line before lacks."""
        waited = self._waits
        if not waited or SAYS.search(word):  # `= X` may stand on the next line
            self._waits = False
        within = self._secret is not None or bool(first and (KIND.fullmatch(first) or is_block(first)))
        if word in HARMLESS or not (within or waited):
            return False
        if not first:
            plain = PLAIN.fullmatch(word) and (not waited or PLAIN.fullmatch(word.lower()) is not None)
            return not (plain or OTHER_BLOCK.fullmatch(word))
        if KIND.fullmatch(first) and TYPE.fullmatch(word):
            return False
        return not (first in NUMBERED and word.isdigit() and len(word) <= len("255"))

    def _behind(self, rest: str) -> None:
        """Go over what follows an announced secret: braces count, and without a value the next line has it."""
        bare = rest.strip(" \t\"'=:")
        self._waits = not bare
        for brace in re.findall(r'"[^"]*"|([{}])', rest):
            if brace == "{":
                self._open()
            elif brace == "}":
                self._close()

    def _open(self) -> None:
        self._waits = False
        if self._secret is not None and OTHER_BLOCK.fullmatch(self._head):
            self._secret = None
        elif self._secret is None and (is_block(self._head) or KEYWORD.match(self._head)):
            self._secret = self._depth
        self._depth += 1

    def _close(self) -> None:
        self._waits = False
        self._depth = max(0, self._depth - 1)
        if self._secret is not None and self._depth <= self._secret:
            self._secret = None


def _comment(text: str, comment: int, secret: bool) -> list[Range]:
    if secret:
        return [(comment + 1, len(text))]
    blank = len(text[comment + 1 :]) - len(text[comment + 1 :].lstrip())
    before = REVERSED.search(text, comment)
    if before is not None:
        return [(before.start(), len(text))]
    told = ANYWHERE.search(text, comment) or REMARKED.search(text, comment) or KEY.match(text, comment + 1 + blank)
    return [] if told is None else [(told.end(), len(text))]


def merged(ranges: Iterable[Range]) -> list[Range]:
    """In order, overlapping ones as one."""
    made: list[Range] = []
    for start, end in sorted(ranges):
        if made and start <= made[-1][1]:
            made[-1] = made[-1][0], max(end, made[-1][1])
        elif start < end:
            made.append((start, end))
    return made


def opens(text: str) -> bool:
    """Whether a line may have anything secret, or open what has."""
    if UNSEEN.search(text) is not None:
        text = latin(text)[0]
    return (
        MAY.search(text) is not None
        or _HEADS.search(text) is not None
        or "$" in text
        or "~" in text
        or has_literal(text)
        or (text.lstrip(" \t")[:1] == "{" and text.lstrip(" \t")[:2] != "{{")
    )
