"""The name that was probably meant, among those that there are, as long as looking for it costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100_000
"""Comparisons of two names, which take about a second. Whoever has thousands of wrong names reads no more of them."""


class Nearest:
    """What is nearest to wrong names; each is looked for once."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._left = MOST
        self._found: dict[str, str] = {}

    def to(self, name: str) -> str:
        """The other name that is most like this one; "" where none is, or after too many."""
        if name not in self._found:
            if self._left < len(self._names):
                return ""
            self._left -= len(self._names)
            from difflib import get_close_matches

            close = get_close_matches(name, [known for known in self._names if known != name], 1)
            self._found[name] = close[0] if close else ""
        return self._found[name]
