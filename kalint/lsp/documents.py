"""The documents that a client has open, and the names of files as kalint and as a client know them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from lsprotocol.types import PositionEncodingKind, TextDocumentContentChangeEvent, TextDocumentContentChangePartial
from pygls.uris import from_fs_path, to_fs_path

from kalint.lsp.positions import Positions
from kalint.text.files import UnreadableError, load

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Document(NamedTuple):
    """An open document. `path` is what kalint calls it: a file, or the URI of what is in no file yet."""

    uri: str
    path: str
    real: str
    text: str
    version: int | None = None

    @property
    def content(self) -> bytes:
        """Its bytes, as the editor would write them."""
        return self.text.encode("utf-8")


Documents = Mapping[str, Document]
"""By URI."""


def opened(uri: str, text: str, version: int | None) -> Document:
    """A document as a client sends it; half of a surrogate pair, which no file can hold, becomes U+FFFD."""
    path = path_of(uri)
    return Document(uri, path, os.path.realpath(path), _LONE_SURROGATE.sub("\ufffd", text), version)


def changed(text: str, change: TextDocumentContentChangeEvent, encoding: PositionEncodingKind | str) -> str:
    """A text after a change that a client made: of all of it, or of a range."""
    if not isinstance(change, TextDocumentContentChangePartial):
        return change.text
    positions = Positions(text, encoding)
    start, end = positions.offset(change.range.start), positions.offset(change.range.end)
    return text[:start] + change.text + text[max(start, end) :]


def path_of(uri: str) -> str:
    """What kalint calls a document: its file, or its URI where that names no file."""
    if not uri.startswith("file:"):
        return uri
    return to_fs_path(uri) or uri


def uris_of(real: str, documents: Documents) -> tuple[str, ...]:
    """What a client calls a file, by its real path: as it opened it, else the file's own URI."""
    return tuple(each.uri for each in documents.values() if each.real == real) or (from_fs_path(real) or real,)


def overlay_of(documents: Documents) -> dict[str, bytes]:
    """The bytes of all open documents, by their real paths."""
    return {each.real: each.content for each in documents.values()}


def text_of(real: str, documents: Documents) -> str:
    """What a file holds: in the editor, else on the disk; "" where it cannot be read."""
    for each in documents.values():
        if each.real == real:
            return each.text
    with suppress(UnreadableError):
        return load(real)[0].decode("utf-8", "surrogateescape")
    return ""
