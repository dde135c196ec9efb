"""`~SEQ`, `~SEQx` and `~LST`: the rest of a line, once for each value.

Source: add_seq and add_lst of lib/parser.c, keepalived 2.2.7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from kalint.source import Line

_LONG = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)?")
_SEQUENCE = re.compile(r"~SEQ(x?)[ \t]*\([ \t]*([^ \t,)]+)(?=[ \t,])[ \t]*[^ \t)][ \t]*")
_LIST = re.compile(r"~LST[ \t]*\([ \t]*")
_BLANK = re.compile(r"[ \t]*")
LONG_MAX = 2**63 - 1
MAX_PARAMETERS = 62
"""Characters between the parentheses, as keepalived's buffer for them has it."""


class Numbers(NamedTuple):
    """`~SEQ(name, first, step, last)`: `text` is read once for each number from `next` on; hexadecimal for `~SEQx`."""

    text: Line
    name: str
    next: int
    step: int
    last: int
    hexadecimal: bool

    @property
    def times(self) -> int:
        """How often the text is read."""
        return 1 + max(0, (self.last - self.next) // self.step)

    def defined(self) -> list[tuple[str, Line | str]]:
        """The name and its value, to be defined before the text is read."""
        return [(self.name, f"{self.next:x}" if self.hexadecimal else str(self.next))]

    def rest(self) -> Numbers | None:
        """What is left to read after that; None where this is the last time."""
        following = self.next + self.step
        over = following > self.last if self.step > 0 else following < self.last
        return None if over else self._replace(next=following)


class Lists(NamedTuple):
    """`~LST({name, ...}, {value, ...}, ...)`: `text` is read once for each of the sets of values from `next` on."""

    text: Line
    names: tuple[str, ...]
    sets: tuple[tuple[Line, ...], ...]
    next: int = 0

    @property
    def times(self) -> int:
        """How often the text is read."""
        return len(self.sets) - self.next

    def defined(self) -> list[tuple[str, Line | str]]:
        """The names and their values, to be defined before the text is read."""
        return list(zip(self.names, self.sets[self.next], strict=True))

    def rest(self) -> Lists | None:
        """What is left to read after that; None where this is the last time."""
        return None if self.next + 1 == len(self.sets) else self._replace(next=self.next + 1)


Sequence = Numbers | Lists
"""A line to be read several times, each time with other values for its names."""


def sequence(line: Line, substituted: Callable[[Line], Line]) -> Sequence | str:
    """What a line that begins with `~SEQ` or `~LST` asks for, or why it is malformed.

    `substituted` replaces the names in bounds.
    """
    return _lists(line) if line.text.startswith("~LST") else _numbers(line, substituted)


def _numbers(line: Line, substituted: Callable[[Line], Line]) -> Sequence | str:
    text = line.text
    head = _SEQUENCE.match(text)
    end = text.find(")", head.end()) if head is not None else -1
    if head is None or end < 0:
        return "write ~SEQ(NAME, [FIRST, [STEP,]] LAST) REST"
    if end - head.end() > MAX_PARAMETERS:
        return f"more than {MAX_PARAMETERS} characters of bounds"
    numbers = _longs(substituted(line.cut(head.end(), end)).text)
    if numbers is None:
        return "FIRST, STEP and LAST are up to three integers"
    span = _bounds(numbers)
    if span is None:
        return "STEP does not lead from FIRST to LAST"
    if head.group(1) and min(span[0], span[2]) < 0:
        return "~SEQx is for positive numbers only"
    return Numbers(_rest(line, end), head.group(2), *span, hexadecimal=bool(head.group(1)))


def _longs(text: str) -> list[int] | None:
    """One to three integers as C's strtol reads them with base 0 (a missing one is 0), separated by commas."""
    numbers = []
    offset = 0
    while True:
        found = _LONG.match(text, offset)
        if found is None:
            return None
        digits = found.group(2) or "0"
        offset = found.end() if found.group(2) else offset
        if digits[0] == "0" and digits[1:2] not in ("x", "X"):
            octal = re.match("[0-7]*", digits)
            if octal is None or octal.end() < len(digits):
                return None
            value = int(digits, 8)
        else:
            value = int(digits, 0)
        numbers.append(max(-LONG_MAX, min(LONG_MAX, -value if found.group(1) == "-" else value)))
        offset = _skip(text, offset)
        if offset == len(text):
            return numbers
        if text[offset] != "," or len(numbers) == len(("first", "step", "last")):
            return None
        offset += 1


def _bounds(numbers: list[int]) -> tuple[int, int, int] | None:
    """First, step and last; None where the step leads nowhere."""
    last = numbers[-1]
    if len(numbers) == 1:
        return (-1 if last < 0 else 1, -1 if last < 1 else 1, last)
    first = numbers[0]
    if len(numbers) == len(("first", "last")):
        return (first, 1 if first <= last else -1, last)
    step = numbers[1]
    if not step or (first < last and step < 0) or (first > last and step > 0):
        return None
    return (first, step, last)


def _lists(line: Line) -> Sequence | str:
    text = line.text
    head = _LIST.match(text)
    malformed = "write ~LST(NAME, VALUE, ...) REST or ~LST({NAME, NAME}, {VALUE, VALUE}, ...) REST"
    if head is None:
        return malformed
    names, offset = _set(line, head.end(), " \t,}", "" if text[head.end() : head.end() + 1] != "{" else "}")
    if names is None or text[offset : offset + 1] != ",":
        return malformed
    sets: list[tuple[Line, ...]] = []
    while text[offset : offset + 1] == ",":
        offset = _skip(text, offset + 1)
        values, offset = _set(line, offset, " \t,})", "}" if text[offset : offset + 1] == "{" else "")
        if values is None:
            return malformed
        if len(values) > len(names):
            return "more values than names"
        sets.append((*values, *[line.cut(offset, offset)] * (len(names) - len(values))))
    if text[offset : offset + 1] != ")":
        return malformed
    return Lists(_rest(line, offset), tuple([name.text for name in names]), tuple(sets))


def _set(line: Line, offset: int, ends: str, close: str) -> tuple[list[Line] | None, int]:
    """One name or value, or (`close`) several in braces; and where what follows begins."""
    text = line.text
    words: list[Line] = []
    if close:
        offset = _skip(text, offset + 1)
    while True:
        start = offset
        while offset < len(text) and text[offset] not in ends:
            offset += 1
        words.append(line.cut(start, offset))
        offset = _skip(text, offset)
        if not close:
            return words, offset
        if text[offset : offset + 1] == close:
            return words, _skip(text, offset + 1)
        if text[offset : offset + 1] != ",":
            return None, offset
        offset = _skip(text, offset + 1)


def _rest(line: Line, end: int) -> Line:
    """What follows the closing parenthesis."""
    return line.cut(_skip(line.text, end + 1), len(line.text))


def _skip(text: str, offset: int) -> int:
    found = _BLANK.match(text, offset)
    return found.end() if found is not None else offset
