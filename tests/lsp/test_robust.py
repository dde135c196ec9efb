"""Whatever a client sends, and whatever is in a document, the server answers and lives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from language_client import Editor
from lsprotocol import types

from kalint.lsp import actions, includers
from kalint.lsp.documents import opened
from kalint.lsp.features import FEATURES
from kalint.lsp.project import Project
from kalint.pipeline import fixing
from kalint.pipeline.fixing import fixed
from kalint.text.files import load

RULES = Path(__file__).parent.parent / "rules"
ODD = (
    "",
    "{",
    "}",
    "}}}}\n{{{{",
    "$",
    "$A=$A\n$A",
    "@",
    "include",
    "include /\n",
    "include a.conf\n",
    "vrrp_instance",
    "vrrp_instance {",
    'vrrp_instance "a',
    "vrrp_instance a {\n" * 100,
    "track_script { a",
    "~SEQ(A, 1, 3) vrrp_script s$A { script x }\n",
    "\ufeffvrrp_instance a {\n}\n",
    "\x00\x0c\x0b\u2028",
    "vrrp_instance 检😀 {\n priority 检\n}\r\n\r",
    "vrrp_instance {{ name }} {\n{% if x %}\n priority {{ p }}\n{% endif %}\n}\n",
    "vrrp_sync_group g { group { a b",
    "virtual_server group",
    "# kalint: ignore[",
)


def requests(uri: str, places: list[types.Position]) -> Iterator[tuple[str, Any]]:
    """The parameters of every request, those about a place for each of the places."""
    document = types.TextDocumentIdentifier(uri)
    whole = types.Range(types.Position(0, 0), types.Position(10_000, 0))
    yield types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkParams(document)
    yield types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document)
    yield types.TEXT_DOCUMENT_FOLDING_RANGE, types.FoldingRangeParams(document)
    yield types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, types.SemanticTokensParams(document)
    yield types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintParams(document, whole)
    yield types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionParams(document, whole, types.CodeActionContext([]))
    yield types.COMPLETION_ITEM_RESOLVE, types.CompletionItem("priority", data={"context": 5})
    for at in places:
        yield types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, at)
        yield types.TEXT_DOCUMENT_COMPLETION, types.CompletionParams(document, at)
        yield types.TEXT_DOCUMENT_DEFINITION, types.DefinitionParams(document, at)
        context = types.ReferenceContext(include_declaration=True)
        yield types.TEXT_DOCUMENT_REFERENCES, types.ReferenceParams(context, document, at)
        yield types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, types.DocumentHighlightParams(document, at)
        yield types.TEXT_DOCUMENT_PREPARE_RENAME, types.PrepareRenameParams(document, at)


def ask_everything(text: str, path: Path, most: int) -> int:
    """Ask every feature about a document, at up to `most` places, without the guard; how many answered something."""
    project = Project()
    uri = path.as_uri()
    project.put(opened(uri, text, 1))
    offsets = range(0, len(text) + 1, max(1, len(text) // most))
    positions = project.positions(str(path))
    answers = {method: answer for method, _, answer in FEATURES}
    return sum(
        answers[method](project, params) is not None
        for method, params in requests(uri, [positions.position(offset) for offset in offsets])
    )


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("name", ["a.conf", "a.conf.j2"])
def test_no_feature_fails_on_an_odd_document(text: str, name: str, tmp_path: Path) -> None:
    """Each feature answers, be it with nothing."""
    (tmp_path / name).write_text(text)
    assert ask_everything(text, tmp_path / name, 12) > 0


@pytest.mark.long
def test_no_feature_fails_on_the_cases_of_the_rules() -> None:
    """All of tests/rules, a part of each file's places."""
    files = sorted(RULES.rglob("*.conf"))
    assert len(files) > 300
    for path in files:
        ask_everything(path.read_bytes().decode("utf-8", "surrogateescape"), path, 4)


def test_the_server_survives_what_is_no_request(fresh_editor: Editor) -> None:
    """No JSON, an unknown method, parameters of another kind, a document that is not open: it answers the next one."""
    editor = fresh_editor
    editor.start()
    server = editor.client._server
    assert server is not None
    assert server.stdin is not None
    odd = b'{"jsonrpc":"2.0","id":{"a":1},"method":"textDocument/documentSymbol","params":{"textDocument":{"uri":"a"}}}'
    for body in (b"{", b"[]", b"5", b'{"jsonrpc": "2.0", "id": 77, "method": "no/such"}', b"\xff\xfe", odd):
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    editor.client.protocol.notify("textDocument/didChange", {"secret": "Sup3rSecret9"})
    at = types.HoverParams(types.TextDocumentIdentifier("file:///nowhere.conf"), types.Position(0, 0))
    assert editor.wait(editor.client.text_document_hover_async(at)) is None
    assert [each.code for each in editor.open("a.conf", "nonsense {\n}\nglobal_defs {\n}\n")] == ["KA002"]
    assert editor.stop() == 0
    assert server.stderr is not None
    told = editor.wait(server.stderr.read())
    assert (b"Sup3rSecret9" in told, b"Traceback" in told) == (False, False), told


def test_a_client_that_leaves_without_a_word_ends_the_server() -> None:
    """The end of standard input is the end, with 1 and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "kalint", "lsp", "--stdio"], input=b"", capture_output=True, timeout=180, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_without_pygls_it_says_what_to_install() -> None:
    """One line, and exit code 2."""
    program = (
        "import sys; sys.modules['pygls'] = None; sys.argv = ['kalint', 'lsp']; from kalint.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input="", capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "kalint: the language server needs pygls: pip install 'kalint[lsp]'\n"


def test_a_feature_that_fails_answers_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged where it failed, without what the document holds."""
    from kalint.lsp.server import guarded

    def broken(_project: Project, _params: object) -> None:
        raise ValueError("auth_pass Sup3rSecret9")

    assert guarded(broken)(Project(), None) is None
    assert "ValueError at" in caplog.text
    assert "Sup3rSecret9" not in caplog.text


def test_files_are_read_once_for_all_open_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which files include a document is asked for each; 200 documents took 4 s after each save."""
    read: list[str] = []
    monkeypatch.setattr(includers, "load", lambda path, *rest: read.append(path) or load(path, *rest))
    project = Project()
    for number in range(20):
        (tmp_path / f"disk{number}.conf").write_text("include open0.conf\n")
        path = tmp_path / f"open{number}.conf"
        path.write_text("")
        project.put(opened(path.as_uri(), "! open\n", 1))
    roots = project.open_roots()
    assert sorted(read) == sorted(str(tmp_path / f"disk{number}.conf") for number in range(20))
    assert str(tmp_path / "disk7.conf") in roots
    assert str(tmp_path / "open0.conf") not in roots
    assert str(tmp_path / "open1.conf") in roots


def test_a_selection_of_many_findings_is_fixed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fix alone is a check of its own: many are offered together, and worked out once until the text changes."""
    asked: list[object] = []
    monkeypatch.setattr(fixing, "fixed", lambda *given: asked.append(given) or fixed(*given))
    project = Project()
    path = tmp_path / "a.conf"
    text = "vrrp_instance a {\n    interfase eth0\n    virtual_router_id 7\n" + "    prioritty 100\n" * 20 + "}\n"
    project.put(opened(path.as_uri(), text, 1))
    whole = types.Range(types.Position(0, 0), types.Position(100, 0))
    document = types.TextDocumentIdentifier(path.as_uri())
    params = types.CodeActionParams(document, whole, types.CodeActionContext([]))
    found = [actions.answer(project, params) or [] for _ in range(3)][-1]
    assert {each.title for each in found if not each.title.startswith("Ignore ")} == {
        "Fix all that kalint can fix safely"
    }
    assert len(asked) == 1
