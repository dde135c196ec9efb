"""What one run asks for more than once, for a file and again for its cluster: texts with config ids, and renderings."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kalint.text import read

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from kalint.text import Options, Text
    from kalint.text.placed import Placed
    from kalint.version import Version

T = TypeVar("T")
MOST_RENDERED = 64
"""Renderings that are kept at once: more than the nodes of a cluster. Each takes the start of a process."""
MOST_LINES = 200_000
"""Logical lines that are kept at once, which is some 50 MB: of one file several ids, of small files hundreds."""


class Texts:
    """The texts that were read last; a file that changes meanwhile is the same to all that ask.

    `of_one_cluster`: for as long as one cluster is judged, which asks for each of its files and then for itself. Every
    text is kept then, and what is made of it.
    """

    def __init__(self, of_one_cluster: bool = False) -> None:
        self.of_one_cluster = of_one_cluster
        self._resolved: dict[tuple[int, Version], tuple[Text, object]] = {}
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
        if content is None and text.template is None and text.placed is None and (text.ids or self.of_one_cluster):
            self._keep(key, options, text)
        return text

    def for_one_cluster(self) -> Texts:
        """Texts of one cluster, with the renderings of the run."""
        if self.of_one_cluster:
            return self
        texts = Texts(of_one_cluster=True)
        texts._rendered = self._rendered
        return texts

    def resolved(self, text: Text, version: Version, resolve: Callable[[], T]) -> T:
        """What is made of a text under a release."""
        if not self.of_one_cluster:
            return resolve()
        key = id(text), version
        if key not in self._resolved:  # the text is kept, so that no other one gets its number
            self._resolved[key] = text, resolve()
        return self._resolved[key][1]  # type: ignore[return-value] # there is one way to resolve

    def _keep(self, key: tuple[str, str | None], options: Options, text: Text) -> None:
        """Keep a text, and forget the oldest ones that are too much with it."""
        if key in self._kept:
            self._lines -= len(self._kept.pop(key)[1].lines)
        self._kept[key] = options, text
        self._lines += len(text.lines)
        while self._lines > MOST_LINES:
            oldest = next(iter(self._kept))
            self._lines -= len(self._kept.pop(oldest)[1].lines)
