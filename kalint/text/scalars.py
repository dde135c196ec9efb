"""Scalars of YAML character by character: what each one of a value is in the file (YAML 1.2, chapters 7 and 8).

A YAML parser says where a value begins and what it is; which character of the file each of its characters comes from is
worked out here, and the value compared with the parser's: where they differ, the caller knows the lines only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kalint.text.placed import Place

_HEADER = re.compile(r"([|>])(?:[-+]?[1-9]?[-+]?)[ \t]*(?:[ \t]#.*)?$")
_SIMPLE = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_CODES = {"x": 2, "u": 4, "U": 8}

Characters = list[tuple[str, Place]]


def header(lines: Sequence[str], line: int) -> int | None:
    """The index of the line on which a block scalar is announced, from the one on which its node begins."""
    for index in range(line, min(line + 3, len(lines))):
        if _HEADER.search(lines[index]):
            return index
    return None


def literal(lines: Sequence[str], head: int, value: str) -> int | None:
    """The indentation of a literal block (`|`) whose lines follow `head`; None where it cannot be told."""
    wanted = value.rstrip("\n").split("\n")
    first = next((index for index, text in enumerate(wanted) if text.strip(" \t")), None)
    if first is None or head + len(wanted) >= len(lines):
        return None
    below = [text.rstrip("\r") for text in lines[head + 1 : head + 1 + len(wanted)]]
    indent = len(below[first]) - len(wanted[first])
    plain = all(text[indent:] == said for text, said in zip(below, wanted, strict=True))
    return indent if indent >= 0 and plain else None


def folded(lines: Sequence[str], head: int, value: str) -> Characters | None:
    """The characters of a folded block (`>`): a single line end between lines of one indentation is a blank."""
    rows = _block(lines, head, value)
    found: Characters = []
    before = ""
    for index, (row, text) in enumerate(rows):
        if index:
            behind = rows[index - 1][0]
            end = _end(lines, behind)
            more = text[:1] in (" ", "\t") or before[:1] in (" ", "\t")
            gap = row - behind
            breaks = gap - 1 if not more and gap > 1 else gap if more else 0
            found += [("\n", end)] * breaks if breaks else [(" ", end)]
        indent = len(lines[row - 1].rstrip("\r")) - len(text)
        found += [(each, (row, indent + at + 1, indent + at + 2)) for at, each in enumerate(text)]
        before = text
    return _as(found, value)


def _block(lines: Sequence[str], head: int, value: str) -> list[tuple[int, str]]:
    """The lines of a block scalar that are not blank, without their indentation, with their numbers."""
    first = re.match("[ \t]*", value.lstrip("\n"))
    extra = first.end() if first else 0
    rows: list[tuple[int, str]] = []
    indent: int | None = None
    for index in range(head + 1, len(lines)):
        text = lines[index].rstrip("\r")
        if not text.strip(" "):
            continue
        deep = len(text) - len(text.lstrip(" \t"))
        indent = deep - extra if indent is None else indent
        if deep < indent:
            break
        rows.append((index + 1, text[indent:]))
    return rows


def flow(lines: Sequence[str], line: int, column: int, value: str) -> Characters | None:
    """The characters of a quoted or plain scalar that begins at `line` (an index) and `column` (from 0)."""
    for start in range(column, len(lines[line])):
        quote = lines[line][start]
        if quote in "\"'" or (quote not in "&! \t" and start == column):
            break
    else:
        return None
    quote = quote if quote in "\"'" else ""
    found: Characters = []
    for each in _flow(lines, line, start + len(quote), quote):
        found.append(each)
        if not quote and len(found) >= len(value):
            break
    return _as(found, value)


def _flow(lines: Sequence[str], row: int, at: int, quote: str) -> Iterator[tuple[str, Place]]:
    """Characters until the closing quote, or without end for a plain scalar."""
    while row < len(lines):
        text = lines[row].rstrip("\r")
        body = len(text.rstrip(" \t"))
        joined = False
        while at < body:
            mark = text[at]
            if mark == quote == "'" and text[at + 1 : at + 2] == "'":
                yield "'", (row + 1, at + 1, at + 3)
                at += 2
            elif mark == quote:
                return
            elif mark == "\\" and quote == '"':
                if at + 1 >= len(text):
                    joined = True
                    at += 1
                    continue
                code = text[at + 1]
                size = _CODES.get(code, 0)
                said = chr(int(text[at + 2 : at + 2 + size] or "0", 16)) if size else _SIMPLE.get(code, code)
                yield said, (row + 1, at + 1, at + 3 + size)
                at += 2 + size
            else:
                yield mark, (row + 1, at + 1, at + 2)
                at += 1
        end = _end(lines, row + 1)
        breaks = 0
        row += 1
        while row < len(lines) and not lines[row].strip(" \t\r"):
            breaks += 1
            row += 1
        if breaks:
            for _ in range(breaks):
                yield "\n", end
        elif not joined:
            yield " ", end
        at = len(lines[row]) - len(lines[row].lstrip(" \t")) if row < len(lines) else 0


def _end(lines: Sequence[str], number: int) -> Place:
    """The place after the last character of a line."""
    column = len(lines[number - 1].rstrip("\r")) + 1
    return number, column, column


def _as(found: Characters, value: str) -> Characters | None:
    """The characters, if they are the value's; line ends that only the file's end decides do not count."""
    said = "".join(each for each, _ in found)
    return found[: len(said.rstrip("\n"))] if said.rstrip("\n") == value.rstrip("\n") else None
