"""A real client of the language server: pygls' own, over the standard streams of `kalint lsp`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")
PATIENCE = 180.0
"""Seconds for any answer: a bound for what hangs, and no measure of speed on a busy machine."""


class Editor:
    """A client with the documents that it has open; every call waits for its answer."""

    def __init__(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.folder = folder
        self.client = LanguageClient("tests", "1")
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.history: list[types.PublishDiagnosticsParams] = []
        self.messages: list[str] = []
        self.settings: dict[str, Any] | None = None
        self._loop = loop
        self._news = asyncio.Event()
        self._versions: dict[str, int] = {}
        self.errors: list[str] = []

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self.history.append(params)
            self._news.set()

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self._news.set()

        @self.client.feature(types.WORKSPACE_CONFIGURATION)
        def configuration(params: types.ConfigurationParams) -> list[Any]:
            return [self.settings for _ in params.items]

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(_params: types.RegistrationParams) -> None:
            return None

    def wait(self, answer: Awaitable[T]) -> T:
        return self._loop.run_until_complete(asyncio.wait_for(answer, PATIENCE))

    def until(self, holds: Callable[[], T]) -> T:
        """Wait until something is so."""

        async def waiting() -> T:
            while not (found := holds()):
                self._news.clear()
                await self._news.wait()
            return found

        return self.wait(waiting())

    def start(
        self, encodings: list[types.PositionEncodingKind] | None = None, options: object = None
    ) -> types.InitializeResult:
        capabilities = types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=encodings),
            workspace=types.WorkspaceClientCapabilities(configuration=self.settings is not None),
        )
        self.wait(self.client.start_io(sys.executable, "-m", "kalint", "lsp", cwd=self.folder))
        result = self.wait(
            self.client.initialize_async(
                types.InitializeParams(
                    capabilities,
                    process_id=None,
                    root_uri=self.folder.as_uri(),
                    initialization_options=options,
                    workspace_folders=[types.WorkspaceFolder(self.folder.as_uri(), "tests")],
                )
            )
        )
        self.client.initialized(types.InitializedParams())
        return result

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def identifier(self, name: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(name))

    def open(self, name: str, text: str | None = None, wait: bool = True) -> list[types.Diagnostic]:
        """Open a file (with what it holds, or another text) and wait for what is found."""
        uri = self.uri(name)
        if text is None:
            text = (self.folder / name).read_text()
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, "keepalived", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return self.findings(name) if wait else []

    def change(self, name: str, text: str, wait: bool = True) -> list[types.Diagnostic]:
        uri = self.uri(name)
        self._versions[uri] += 1
        whole = types.TextDocumentContentChangeWholeDocument(text)
        identifier = types.VersionedTextDocumentIdentifier(uri=uri, version=self._versions[uri])
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [whole]))
        return self.findings(name) if wait else []

    def findings(self, name: str) -> list[types.Diagnostic]:
        """What was published for the present version of a document."""
        uri = self.uri(name)
        version = self._versions.get(uri)
        params = self.until(
            lambda: (
                self.published.get(uri) if uri in self.published and self.published[uri].version == version else None
            )
        )
        return list(params.diagnostics)

    def move(self, folder: Path) -> None:
        """Be in another folder from here on."""
        self.folder = folder

    def close_all(self) -> None:
        """Close every document, and wait until nothing is found any more."""
        for uri in self._versions:
            identifier = types.TextDocumentIdentifier(uri)
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
        self._versions.clear()
        self.until(lambda: not any(each.diagnostics for each in self.published.values()))

    def seen(self, name: str) -> list[types.Diagnostic]:
        """What was published last for a document, without waiting."""
        params = self.published.get(self.uri(name))
        return [] if params is None else list(params.diagnostics)

    def stop(self) -> int | None:
        self.wait(self.client.shutdown_async(None))
        self.client.exit(None)
        server = self.client._server
        assert server is not None
        return self.wait(server.wait())


@contextmanager
def editing(folder: Path) -> Iterator[Editor]:
    """An editor in a folder, ended in any case."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    editor = Editor(folder, loop)
    try:
        yield editor
    finally:
        server = editor.client._server
        if server is not None and server.returncode is None:
            server.kill()
            editor.wait(server.wait())
        loop.run_until_complete(editor.client.stop())
        asyncio.set_event_loop(None)
        loop.close()
