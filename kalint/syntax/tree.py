"""The tree of a configuration: statements, and blocks of them."""

from __future__ import annotations

from typing import NamedTuple

from kalint.source import Line, Span, Word


class Node(NamedTuple):
    """A statement (`items` is None) or a block (`items` holds what stands between its braces).

    `words` is never empty. `opener` is the line of `{`; `closer` that of `}`, None where the file ends first.
    """

    words: tuple[Word, ...]
    items: tuple[Node, ...] | None = None
    opener: Line | None = None
    closer: Line | None = None

    @property
    def keyword(self) -> str:
        return self.words[0].text

    @property
    def line(self) -> Line:
        return self.words[0].line

    @property
    def span(self) -> Span:
        """The words of the statement, or of the block's head."""
        return self.line.span(self.words[0].start, self.words[-1].end)
