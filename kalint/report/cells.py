"""Cells of CSV that no spreadsheet takes for a formula.

Source: OWASP, "CSV Injection": a cell that begins with = + - @, a tab or a carriage return.
"""

from __future__ import annotations

from collections.abc import Iterable

from kalint.report.terminal import inert, obeyed

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide forms that East Asian keyboards write."""


def harmless(row: Iterable[object]) -> list[object]:
    """The row, with an apostrophe before a text that a spreadsheet or a CI runner would obey; numbers stay numbers."""
    return [_harmless(cell) if isinstance(cell, str) else cell for cell in row]


def _harmless(text: str) -> str:
    text = inert(text)
    return f"'{text}" if (text.startswith(_FORMULA) and not _number(text)) or obeyed(text) else text


def _number(text: str) -> bool:
    digits = text[1:].replace(".", "", 1)
    return text[0] in "+-" and digits.isascii() and digits.isdigit()
