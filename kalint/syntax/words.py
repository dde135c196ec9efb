"""The words of a logical line, in the two ways in which keepalived reads them.

Source: alloc_strvec_r and alloc_strvec_quoted_escaped of lib/parser.c, keepalived 2.2.7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.source import Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.source import Line

# Only ASCII blanks separate words: str.split() would split at a no-break space too.
_WORD = re.compile(r'[^ \t\n\v\f\r"]+|"[^"]*"?')
_BLANKS = re.compile(r"[ \t\n\v\f\r]*")
_PLAIN = re.compile(r"""[^ \t\n\v\f\r"'\\]+""")
_HEXADECIMAL = re.compile(r"x([0-9a-fA-F]+)")
_OCTAL = re.compile(r"[0-7]{1,3}")
_ESCAPES = {"a": "\a", "b": "\b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FIRST_NON_ASCII = 0x80
_new = tuple.__new__


def words(line: Line, known: Mapping[str, str] = {}) -> tuple[Word, ...]:
    """The words of a logical line: a double-quoted string is one, and begins a new one inside a word.

    A quote that is never closed loses the rest of the line. `known` has words that many lines begin with, of which
    one copy is enough.
    """
    text = line[0]
    if '"' in text:
        return quoted_words(line)[0]
    parts = text.split(" ")
    if "" not in parts and text.isprintable():  # one space between words, and no other blank: most lines
        made: list[Word] = []
        start = 0
        parts[0] = known.get(parts[0], parts[0])
        for part in parts:
            end = start + len(part)
            made.append(_new(Word, (part, line, start, end)))
            start = end + 1
        return tuple(made)
    return tuple([_new(Word, (found.group(), line, found.start(), found.end())) for found in _WORD.finditer(text)])


def quoted_words(line: Line) -> tuple[tuple[Word, ...], int]:
    """The words of a line, and where the quote is that is never closed, -1 where there is none."""
    made: list[Word] = []
    for found in _WORD.finditer(line.text):
        text = found.group()
        if text[0] == '"':
            if len(text) == 1 or text[-1] != '"':
                return tuple(made), found.start()
            text = text[1:-1]
        made.append(Word(text, line, found.start(), found.end()))
    return tuple(made), -1


def command_words(line: Line) -> tuple[Word, ...]:
    r"""The words of a line as the keywords that take a command read it again, much like a shell.

    `'...'` and `"..."` keep blanks, and pieces that touch are one word. A backslash, inside quotes too, escapes: `\n`
    and other letters of C, `\E`, `\xHH...` (the last two digits count), `\NNN` (octal), `\cX` (control); any other
    character stands for itself. A byte above 127 becomes a lone surrogate, as in a file that is not UTF-8.

    Empty where a quote is never closed or the line ends in a lone backslash: keepalived then takes no word of it, the
    keyword itself included.
    """
    text = line.text
    made: list[Word] = []
    offset = _after_blanks(text, 0)
    while offset < len(text):
        start = offset
        value, offset = _command_word(text, offset)
        if offset < 0:
            return ()
        made.append(Word(value.split("\0", 1)[0], line, start, offset))
        offset = _after_blanks(text, offset)
    return tuple(made)


def _after_blanks(text: str, offset: int) -> int:
    found = _BLANKS.match(text, offset)
    return offset if found is None else found.end()


def _command_word(text: str, offset: int) -> tuple[str, int]:
    """One word and where it ends; -1 where it never does."""
    parts: list[str] = []
    quote = ""
    while offset < len(text):
        character = text[offset]
        if character == "\\":
            if offset + 1 == len(text):
                return "", -1
            part, offset = _escaped(text, offset + 1)
            parts.append(part)
        elif quote:
            if character == quote:
                quote = ""
            else:
                parts.append(character)
            offset += 1
        elif character in "\"'":
            quote = character
            offset += 1
        else:
            found = _PLAIN.match(text, offset)
            if found is None:
                break
            parts.append(found.group())
            offset = found.end()
    return "".join(parts), -1 if quote else offset


def _escaped(text: str, offset: int) -> tuple[str, int]:
    """The character that an escape stands for, and where what follows it begins; `offset` is after the backslash."""
    found = _HEXADECIMAL.match(text, offset)
    if found is not None:
        return _byte(int(found.group(1)[-2:], 16)), found.end()
    if text[offset] == "c" and offset + 1 < len(text):
        return _byte(ord(text[offset + 1]) & 0x1F), offset + 2
    found = _OCTAL.match(text, offset)
    if found is not None:
        return _byte(int(found.group(), 8) & 0xFF), found.end()
    return _ESCAPES.get(text[offset], text[offset]), offset + 1


def _byte(value: int) -> str:
    return chr(value) if value < _FIRST_NON_ASCII else chr(0xDC00 + value)
