"""The server itself: what a client sends, handed to the features; when documents are judged, and what is published."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from kalint import __version__
from kalint.errors import KalintError
from kalint.lsp import diagnostics
from kalint.lsp.documents import changed, opened, uris_of
from kalint.lsp.features import FEATURES, WATCHED
from kalint.lsp.judging import judge
from kalint.lsp.options import MOST_DELAY, SECTION, options_of
from kalint.lsp.project import Project
from kalint.rules.internal_error import places

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = logging.getLogger("kalint.lsp")
T = TypeVar("T")


def guarded(answer: Callable[..., T]) -> Callable[..., T | None]:
    """A feature that fails answers with nothing: where it failed is logged, not what the files hold."""

    @wraps(answer)
    def safe(*arguments: Any) -> T | None:
        try:
            return answer(*arguments)
        except KalintError as error:  # a question that has a clear answer: a rename to a name that is taken
            raise JsonRpcInvalidParams(str(error)) from None
        except Exception as error:
            LOG.error("%s at %s", type(error).__name__, ", ".join(places(error.__traceback__)))
            return None

    return safe


class Server(LanguageServer):
    """A server for one client.

    Whole documents are sent, not changes in them: a change is counted in lines, and clients, pygls and Unicode do not
    agree on what ends one.
    """

    def __init__(self) -> None:
        super().__init__("kalint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.project = Project()
        self._published: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = False
        self._stale = False
        self._changed: set[str] | None = None
        self._worker = ThreadPoolExecutor(1, "kalint")
        self._said: set[str] = set()
        self._lasted = 0.0
        self.left = False

    def report_server_error(self, error: Exception, source: object) -> None:
        """What pygls itself failed on, such as a message that is none: the words may hold the text of a document."""
        LOG.error("%s in %s", type(error).__name__, getattr(source, "__name__", source))

    # -- when

    def touch(self, real: str | None = None, delay: float | None = None) -> None:
        """Judge again what hangs on a file (None: everything), after a while without another change."""
        if real is None:
            self._changed = None
        elif self._changed is not None:
            self._changed.add(real)
        if self._timer is not None:
            self._timer.cancel()
        wait = max(self.project.options.delay, self._lasted) if delay is None else delay
        self._timer = asyncio.get_running_loop().call_later(wait, self._start)

    def _start(self) -> None:
        self._timer = None
        if self._running:
            self._stale = True
            return
        task = asyncio.get_running_loop().create_task(self._judge())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _judge(self) -> None:
        """Judge what has changed in a thread, so that the client is answered meanwhile, and publish it."""
        self._running = True
        try:
            project = self.project
            changed, self._changed = self._changed, set()
            roots = project.open_roots()
            known = {root: found for root, found in project.judgements.items() if root in roots}
            todo = [root for root in roots if changed is None or root not in known or known[root].files & changed]
            documents, asked = project.documents, project.options.asked
            loop = asyncio.get_running_loop()
            began = loop.time()
            for root in todo:
                known[root] = await loop.run_in_executor(self._worker, judge, root, asked, documents)
            self._lasted = min(loop.time() - began, MOST_DELAY)
            project.judgements = known
            if project.documents is documents:
                project.keep(known[root] for root in todo)
                self._publish()
                if changed is None:
                    self._refresh()
        except Exception as error:
            LOG.error("%s at %s", type(error).__name__, ", ".join(places(error.__traceback__)))
        finally:
            self._running = False
        if self._stale:
            self._stale = False
            self._start()

    def _publish(self) -> None:
        """Publish all findings, and empty lists for files that have none any more."""
        project = self.project
        found = diagnostics.by_file(project.judgements.values(), project)
        for each in project.documents.values():
            found.setdefault(each.real, [])
        for real in self._published - found.keys():
            found[real] = []
        for real, some in found.items():
            if some or real in self._published or any(each.real == real for each in project.documents.values()):
                for uri in uris_of(real, project.documents):
                    document = project.documents.get(uri)
                    version = None if document is None else document.version
                    self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, some, version))
        self._published = {real for real, some in found.items() if some}

    def _refresh(self) -> None:
        """Have the client ask for its hints again: more than one document may have others."""
        workspace = self.client_capabilities.workspace
        hint = workspace.inlay_hint if workspace is not None else None
        if hint is not None and hint.refresh_support:
            self.workspace_inlay_hint_refresh(None, lambda _nothing: None)

    # -- what the client says of itself

    def configure(self, given: object) -> None:
        """Take over the client's settings; each mistake in them is said once."""
        options = options_of(given)
        self.project.options = options
        self.project.forget()
        for sentence in options.wrong:
            if sentence not in self._said:
                self._said.add(sentence)
                self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, sentence))
        self.touch(delay=0)

    def take_folders(self) -> None:
        """The folders of the workspace."""
        folders = [to_fs_path(uri) for uri in self.workspace.folders]
        root = self.workspace.root_path
        self.project.folders = tuple(each for each in folders if each) or ((root,) if root else ())
        self.project.forget()


def create() -> Server:
    """A server with all its features."""
    server = Server()
    _follow_client(server)
    _follow_documents(server)
    for method, options, answer in FEATURES:
        _register(server, method, options, answer)
    return server


def _follow_client(server: Server) -> None:
    """What a client says of itself: that it begins, its folders and settings, that it leaves."""

    @server.feature(types.INITIALIZE)
    @guarded
    def initialize(params: types.InitializeParams) -> None:
        server.project.encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
        server.take_folders()
        options = params.initialization_options
        if isinstance(options, dict):
            server.project.options = options_of(options.get(SECTION, options))

    @server.feature(types.INITIALIZED)
    @guarded
    def initialized(_params: types.InitializedParams) -> None:
        for sentence in server.project.options.wrong:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, sentence))
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions(
                [types.FileSystemWatcher(pattern) for pattern in WATCHED]
            )
            name = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            server.client_register_capability(
                types.RegistrationParams([types.Registration("kalint-files", name, options)]), lambda _result: None
            )
        _ask_settings(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded
    def did_change_files(_params: types.DidChangeWatchedFilesParams) -> None:
        server.project.forget()
        server.touch()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    @guarded
    def did_change_folders(_params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.take_folders()
        server.touch()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    @guarded
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if not _ask_settings(server):
            given = params.settings
            server.configure(given.get(SECTION) if isinstance(given, dict) else None)

    @server.feature(types.SHUTDOWN)
    @guarded
    def shutdown(_params: None) -> None:
        server.left = True


def _follow_documents(server: Server) -> None:
    """What is opened, changed, saved and closed."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @guarded
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        document = opened(item.uri, item.text, item.version)
        server.project.put(document)
        server.project.forget()
        server.touch(document.real, delay=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    @guarded
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        item = params.text_document
        known = server.project.documents.get(item.uri)
        text = "" if known is None else known.text
        for change in params.content_changes:
            text = changed(text, change, server.project.encoding)
        document = opened(item.uri, text, item.version)
        server.project.put(document)
        server.touch(document.real)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @guarded
    def did_save(_params: types.DidSaveTextDocumentParams) -> None:
        server.project.forget()
        server.touch(delay=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    @guarded
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.project.drop(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        server.touch(delay=0)


def _register(server: Server, method: str, options: object, answer: Callable[[Project, Any], object]) -> None:
    """A request of the client, answered by a feature."""

    @guarded
    def handle(params: Any) -> object:
        return answer(server.project, params)

    server.feature(method, options)(handle)


def _ask_settings(server: Server) -> bool:
    """Ask the client for its settings, where it can be asked."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False

    def take(result: Any) -> None:
        if result and isinstance(result[0], dict):
            server.configure(result[0])

    item = types.ConfigurationItem(section=SECTION)
    server.workspace_configuration(types.ConfigurationParams([item]), take)
    return True


def serve() -> int:
    """Serve one client over standard input and output; 1 where it leaves without asking for the end."""
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    for library in ("pygls", "concurrent.futures"):  # their errors repeat what a client sent
        logging.getLogger(library).setLevel(logging.CRITICAL)
    server = create()
    with os.fdopen(os.dup(1), "wb", buffering=0) as stream:
        os.dup2(2, 1)  # whatever else prints must not get into the conversation
        server.start_io(sys.stdin.buffer, stream)
    return int(not server.left)
