"""What a client has open, and what was worked out of it: forgotten when anything changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lsprotocol.types import PositionEncodingKind

from kalint.errors import KalintError
from kalint.lsp.documents import Document, Documents, overlay_of, text_of, uris_of
from kalint.lsp.includers import Seen, including, outermost
from kalint.lsp.judging import DocumentAnalysis, Snapshot, View, judge, look, request_of
from kalint.lsp.options import Options
from kalint.lsp.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lsprotocol.types import Location, Position

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.given_states import Priorities
    from kalint.fixing.trying import Contents
    from kalint.source import Span

T = TypeVar("T")


class Point(NamedTuple):
    """A place in an open document: as a character of it, and as kalint's line and column."""

    document: Document
    positions: Positions
    offset: int
    line: int
    column: int


class Project:
    """The open documents, the client's options, and the answers that hold until the next change.

    `folders` are those of the workspace. `encoding` is what columns are counted in.
    """

    def __init__(self) -> None:
        self.documents: Documents = {}
        self.options = Options()
        self.folders: tuple[str, ...] = ()
        self.encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16
        self.judgements: dict[str, DocumentAnalysis] = {}
        self._answers: dict[tuple[str, str], object] = {}
        self._includers: dict[str, tuple[str, ...]] = {}
        self._seen = Seen()

    # -- changes

    def put(self, document: Document) -> None:
        """Take in a document that was opened or changed."""
        self.documents = {**self.documents, document.uri: document}
        self._answers.clear()

    def drop(self, uri: str) -> None:
        """Forget a document that was closed."""
        self.documents = {known: each for known, each in self.documents.items() if known != uri}
        self.forget()

    def forget(self) -> None:
        """Forget what was worked out of files: they may have changed."""
        self._answers.clear()
        self._includers.clear()
        self._seen = Seen()

    # -- what to look at

    def roots(self, document: Document) -> tuple[str, ...]:
        """The configurations that a document is part of: those that include it, else itself."""
        known = {
            each.root: each.files
            for each in self.judgements.values()
            if document.real in each.files and os.path.realpath(each.root) != document.real
        }
        if document.real not in self._includers:
            found = including(document, self.options.asked, self.documents, self.folders, self._seen)
            self._includers[document.real] = outermost(found)
        includers = dict.fromkeys(self._includers[document.real])
        for root, files in known.items():
            snapshot = self.snapshot(root) if root not in includers else None
            if snapshot is not None and document.real in snapshot.files and files:
                includers.setdefault(root)
        return tuple(includers) or (document.path,)

    def open_roots(self) -> tuple[str, ...]:
        """Every configuration that an open document is part of."""
        return tuple(dict.fromkeys(root for each in self.documents.values() for root in self.roots(each)))

    def snapshot(self, root: str) -> Snapshot | None:
        """A configuration as the options have it read; None where it cannot be read."""
        return self._answer("snapshot", root, lambda: _looked(root, self, every=False))

    def whole(self, root: str) -> Snapshot | None:
        """A configuration read for every config id that it names, for what is about names."""
        return self._answer("whole", root, lambda: _looked(root, self, every=True))

    def snapshots(self, document: Document) -> tuple[Snapshot, ...]:
        """The configurations that a document is part of, read for every config id."""
        return tuple(found for root in self.roots(document) if (found := self.whole(root)) is not None)

    def view(self, document: Document) -> tuple[Snapshot, View] | None:
        """The first configuration that a document is part of, as its first node reads it."""
        for root in self.roots(document):
            snapshot = self.snapshot(root)
            if snapshot is not None:
                return snapshot, snapshot.views[0]
        return None

    def judgement(self, root: str) -> DocumentAnalysis:
        """What there is to say of a configuration as it is now."""
        return self._answer("judgement", root, lambda: judge(root, self.options.asked, self.documents))

    def keep(self, judgements: Iterable[DocumentAnalysis]) -> None:
        """Take in what was judged elsewhere, of the documents as they are now."""
        for each in judgements:
            self._answers["judgement", each.root] = each

    def priorities(self, root: str, view: View) -> Priorities | None:
        """What every instance of a view can reach; None where that cannot be calculated."""
        from kalint.pipeline.priorities import priorities_of

        loaded = view.certain
        if loaded is None:
            return None
        return self._answer(f"priorities {view.config_id}", root, lambda: priorities_of(loaded))

    def mended(self, root: str) -> Contents:
        """The bytes of the files of a configuration that all safe fixes change: a cursor that moves asks each time."""
        from kalint.pipeline.fixing import fixed

        def make() -> Contents:
            request = request_of(root, self.options.asked, self.documents)
            return fixed(request, overlay_of(self.documents)).mended.contents

        return self._answer("mended", root, make)

    def clusters(self, root: str) -> tuple[CheckedCluster, ...]:
        """The clusters of the settings, or of the file's config ids, that a configuration belongs to."""
        from kalint.lsp.clusters import clusters_of

        return self._answer("clusters", root, lambda: clusters_of(root, self.options.asked, self.documents))

    # -- places

    def point(self, uri: str, position: Position) -> Point | None:
        """A place in an open document."""
        document = self.documents.get(uri)
        if document is None:
            return None
        positions = self.positions(document.real)
        offset = positions.offset(position)
        return Point(document, positions, offset, *positions.place(offset))

    def positions(self, real: str) -> Positions:
        """The places of a file, by its real path."""
        return self._answer("positions", real, lambda: Positions(text_of(real, self.documents), self.encoding))

    def location(self, span: Span) -> Location:
        """Where a span is, for the client."""
        from lsprotocol.types import Location

        real = os.path.realpath(span.file)
        return Location(uris_of(real, self.documents)[0], self.positions(real).range(span))

    def _answer(self, kind: str, root: str, make: Callable[[], T]) -> T:
        key = kind, root
        if key not in self._answers:
            self._answers[key] = make()
        return self._answers[key]  # type: ignore[return-value] # each kind has one type


def _looked(root: str, project: Project, every: bool) -> Snapshot | None:
    try:
        return look(root, project.options.asked, project.documents, every)
    except KalintError:
        return None
