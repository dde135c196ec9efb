"""The nodes of a cluster as a command line names them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from kalint.errors import UsageError


def named(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each node's name and file, from `[NAME=]FILE`.

    Without a name it is the file's own without its ending, or, where that is the same for all, its folder's.

    Raises:
        UsageError: fewer than two nodes, or two of one name.
    """
    pairs = [_split(word) for word in words]
    paths = [path for name, path in pairs if name is None]
    stems = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    if len(set(stems)) < len(stems):
        stems = [os.path.basename(os.path.dirname(os.path.abspath(path))) for path in paths]
    given = iter(stems)
    nodes = tuple((name or next(given), path) for name, path in pairs)
    if len(nodes) < 2:
        raise UsageError("a cluster has two nodes or more: [NAME=]FILE [NAME=]FILE")
    names = [name for name, _ in nodes]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two nodes are called {name}: give them names, as in low=FILE high=FILE")
    return nodes


def _split(word: str) -> tuple[str | None, str]:
    name, equals, path = word.partition("=")
    if equals and name and "/" not in name and path and not os.path.exists(word):
        return name, path
    return None, word
