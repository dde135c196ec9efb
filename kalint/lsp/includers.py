"""Which configurations include a file: a part of a configuration is judged as what it is a part of."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from kalint.errors import KalintError
from kalint.lsp.judging import over
from kalint.pipeline.reading import settle
from kalint.text import is_template, read
from kalint.text.files import UnreadableError, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kalint.lsp.documents import Document, Documents
    from kalint.pipeline.reading import Asked

MOST = 200
"""Files that are looked at for one document."""
MOST_BYTES = 1 << 20


class Seen:
    """What was seen of the files that may include others, for all open documents together, until files change."""

    def __init__(self) -> None:
        self.real = lru_cache(None)(os.path.realpath)
        self.is_file = lru_cache(None)(os.path.isfile)
        self.files: dict[str, frozenset[str]] = {}


def including(
    document: Document, asked: Asked, documents: Documents, folders: Sequence[str], known: Seen
) -> Mapping[str, frozenset[str]]:
    """The configurations that include a document, with the real paths of the files of each.

    It looks at the other open documents, and at the nodes of the clusters in the settings. It also looks at the files
    in the document's folder and the folders above it, up to the workspace (without one: the folder above). `known` has
    what it saw for other documents.
    """
    found: dict[str, frozenset[str]] = {}
    seen = {document.real}
    edited = {each.real: each for each in documents.values()}
    for path in _candidates(document, asked, documents, folders, known):
        real = known.real(path)
        if real in seen:
            continue
        seen.add(real)
        if len(seen) > MOST:
            break
        if path not in known.files:
            known.files[path] = _files(path, edited.get(real), asked, documents)
        if document.real in known.files[path]:
            found[path] = known.files[path]
    return found


def outermost(found: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Those of several configurations that no other of them includes."""
    real = {path: os.path.realpath(path) for path in found}
    return tuple(
        path for path in found if not any(path != other and real[path] in files for other, files in found.items())
    )


def _candidates(
    document: Document, asked: Asked, documents: Documents, folders: Sequence[str], known: Seen
) -> Iterator[str]:
    yield from (each.path for each in documents.values() if known.is_file(each.path))
    with suppress(KalintError):
        for cluster in settle(asked, document.path)[1].clusters.values():
            yield from (node.file for node in cluster.nodes)
    for folder in _folders(document, folders):
        with suppress(OSError):
            for name in sorted(os.listdir(folder)):
                if name.endswith(".conf") or is_template(name):
                    yield os.path.join(folder, name)


def _folders(document: Document, folders: Iterable[str]) -> Iterator[str]:
    """The document's folder and those above it, up to that of the workspace."""
    if not os.path.isabs(document.path):
        return
    folder = os.path.dirname(document.real)
    tops = [os.path.realpath(each) for each in folders]
    tops = [each for each in tops if document.real.startswith(each.rstrip("/") + "/")]
    top = max(tops, key=len) if tops else os.path.dirname(folder)
    while True:
        yield folder
        if folder in (top, "/"):
            return
        folder = os.path.dirname(folder)


def _files(path: str, edited: Document | None, asked: Asked, documents: Documents) -> frozenset[str]:
    """The real paths of the files that a configuration reads; none where it cannot be read or include any."""
    try:
        content = load(path, MOST_BYTES)[0] if edited is None else edited.content
        if b"include" not in content:
            return frozenset()
        text = read(path, None, settle(over(path, asked, documents), path)[0].text)
    except (UnreadableError, KalintError):
        return frozenset()
    return frozenset(map(os.path.realpath, text.files))
