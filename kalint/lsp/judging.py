"""One configuration of the editor through kalint: what `kalint check` finds, and its readings for the features."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError, KalintError
from kalint.lsp.documents import overlay_of
from kalint.pipeline.ids import readings
from kalint.pipeline.judging import judged
from kalint.pipeline.reading import STANDARD_INPUT, resolved_text, settle, working_tree
from kalint.pipeline.request import CheckRequest
from kalint.syntax import parse
from kalint.text.templates import UNKNOWN

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Findings
    from kalint.lsp.documents import Document, Documents
    from kalint.pipeline.reading import Asked, Loaded, Request
    from kalint.source import Span
    from kalint.syntax.tree import Node
    from kalint.text import Text


class View(NamedTuple):
    """A configuration as the node of one config id reads it; `loaded` is None where there is nothing to judge."""

    config_id: str | None
    text: Text
    nodes: tuple[Node, ...]
    loaded: Loaded | None

    @property
    def certain(self) -> Loaded | None:
        """What can be calculated with: nothing of a template, where a rendering decides the numbers."""
        return None if self.text.template is not None else self.loaded

    def written(self, text: str, span: Span) -> str:
        """Words of the file at a place, with the placeholders of a template as they stand in it."""
        template = self.text.template
        if template is None or UNKNOWN not in text or span.line != span.end_line:
            return text
        return template.lines[span.line - 1][span.column - 1 : span.end_column - 1]


class Snapshot(NamedTuple):
    """A configuration, read once for each config id that it names (or that was asked for)."""

    root: str
    request: Request
    views: tuple[View, ...]

    @property
    def files(self) -> frozenset[str]:
        """The real paths of all files that were read."""
        return frozenset(os.path.realpath(file) for view in self.views for file in view.text.files)


class DocumentAnalysis(NamedTuple):
    """What there is to say of a configuration. `files` are the real paths of all that it hangs on.

    `refused` has a sentence for what could not be judged.
    """

    root: str
    findings: Findings | None
    refused: tuple[str, ...]
    files: frozenset[str]


def over(root: str, asked: Asked, documents: Documents) -> Asked:
    """What is asked of a configuration, with the open documents in place of their files.

    What is untrusted stays in the tree of the configuration, wherever the server runs.
    """
    if asked.untrusted and asked.include_root is None:
        asked = asked._replace(include_root=working_tree(asked, os.path.dirname(root) or "."))
    return asked._replace(overlay=overlay_of(documents))


def document_of(root: str, documents: Documents) -> Document | None:
    """The open document of a configuration."""
    real = os.path.realpath(root)
    return next((each for each in documents.values() if each.real == real), None)


def look(root: str, asked: Asked, documents: Documents, every: bool = False) -> Snapshot:
    """Read a configuration; `every`: for each config id that it names, whichever was asked for.

    Raises:
        KalintError: it cannot be read, or the settings are wrong.
    """
    request, _ = settle(over(root, asked, documents), root)
    if every:
        request = request._replace(text=request.text._replace(config_id=None))
    views = []
    for reading in readings(root, _unsaved(root, documents), request):
        loaded = None
        with suppress(InputError):
            loaded = resolved_text(root, *reading[:2])
        nodes = parse(reading.text.lines)[0] if loaded is None else loaded.meant.config.nodes
        views.append(View(reading.config_id, reading.text, nodes, loaded))
    return Snapshot(root, request, tuple(views))


def judge(root: str, asked: Asked, documents: Documents) -> DocumentAnalysis:
    """All that `kalint check` says of a configuration, with the clusters that it belongs to."""
    files = {os.path.realpath(root)}
    try:
        with suppress(InputError):
            files |= look(root, asked, documents).files
        findings = findings_of(request_of(root, asked, documents), documents)
    except KalintError as error:
        return DocumentAnalysis(root, None, (str(error),), frozenset(files))
    files.update(map(os.path.realpath, findings.sources))
    return DocumentAnalysis(root, findings, tuple(each.reason for each in findings.refused), frozenset(files))


def request_of(root: str, asked: Asked, documents: Documents) -> CheckRequest:
    """The check of a configuration: by its name, or as standard input where it is in no file yet."""
    named = _unsaved(root, documents) is None
    asked = over(root, asked, documents)
    # One process: a server with threads must not fork.
    return CheckRequest((root if named else STANDARD_INPUT,), asked, quiet=True, stdin_filename=root, jobs=1)


def findings_of(request: CheckRequest, documents: Documents) -> Findings:
    """What a check finds."""
    return judged(request, lambda: _unsaved(request.stdin_filename, documents) or b"")[0]


def _unsaved(root: str, documents: Documents) -> bytes | None:
    """The bytes of a document that is in no file; None: it is in one, which the overlay stands for."""
    document = document_of(root, documents)
    return None if document is None or os.path.isfile(root) else document.content
