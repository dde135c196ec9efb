"""What one run asks for more than once, for a file and again for its cluster: texts with config ids, and renderings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.text import read

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from kalint.text import Options, Text
    from kalint.text.placed import Placed

MOST_RENDERED = 64
"""Renderings that are kept at once: more than the nodes of a cluster. Each takes the start of a process."""
MOST_LINES = 200_000
"""Logical lines that are kept at once, which is some 50 MB: of one file several ids, of small files hundreds."""


class Texts:
    """The texts that were read last; a file that changes meanwhile is the same to all that ask."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str | None], tuple[Options, Text]] = {}
        self._lines = 0
        self._rendered: dict[Hashable, Placed] = {}

    def rendered(self, key: Hashable, render: Callable[[], Placed]) -> Placed:
        """What a template renders to; `key` has everything that this depends on, but what files of variables hold."""
        if key not in self._rendered:
            if len(self._rendered) >= MOST_RENDERED:
                self._rendered.pop(next(iter(self._rendered)))
            self._rendered[key] = render()
        return self._rendered[key]

    def read(self, path: str, content: bytes | None, options: Options) -> Text:
        """As `kalint.text.read`.

        Raises:
            InputError: the file cannot be read.
        """
        key = path, options.config_id
        known = self._kept.get(key)
        if known is not None and content is None and known[0] == options:
            return known[1]
        text = read(path, content, options)
        if text.ids and content is None and text.template is None and text.placed is None:
            self._keep(key, options, text)
        return text

    def _keep(self, key: tuple[str, str | None], options: Options, text: Text) -> None:
        """Keep a text, and forget the oldest ones that are too much with it."""
        if key in self._kept:
            self._lines -= len(self._kept.pop(key)[1].lines)
        self._kept[key] = options, text
        self._lines += len(text.lines)
        while self._lines > MOST_LINES:
            oldest = next(iter(self._kept))
            self._lines -= len(self._kept.pop(oldest)[1].lines)
