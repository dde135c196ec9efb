"""What a client is told of a configuration while it is written: the buffer, its includes, its cluster, its release."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_client import Editor
from lsprotocol import types

INSTANCE = """vrrp_instance {name} {{
    interface eth0
    virtual_router_id 7
    priority {priority}
    virtual_ipaddress {{
        10.0.0.1/24
    }}
}}
"""
WIDE = 'vrrp_script 检😀 { scrpt "/bin/true"\n}\n'
PLAIN = INSTANCE.format(name="VI_1", priority=100)


@pytest.fixture
def editor(fresh_editor: Editor) -> Editor:
    """A server for each test: what it keeps of one must not show in another."""
    return fresh_editor


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found if each.code is not None]


def at(diagnostic: types.Diagnostic) -> tuple[int, int, int, int]:
    place = diagnostic.range
    return place.start.line, place.start.character, place.end.line, place.end.character


def test_the_buffer_counts_and_not_the_disk(editor: Editor, tmp_path: Path) -> None:
    """A mistake that is only in the editor is found, and is gone when it is mended there."""
    (tmp_path / "a.conf").write_text(PLAIN)
    editor.start()
    assert editor.open("a.conf") == []
    found = editor.change("a.conf", PLAIN.replace("priority", "priorty"))
    assert codes(found) == ["KA002"]
    assert at(found[0]) == (3, 4, 3, 11)
    assert found[0].source == "kalint"
    assert found[0].severity == types.DiagnosticSeverity.Error
    assert found[0].code_description is not None
    assert found[0].code_description.href.endswith("/KA002.md")
    assert editor.change("a.conf", PLAIN) == []
    assert editor.stop() == 0


def test_columns_are_utf_16_units(editor: Editor) -> None:
    """检 is one unit and 😀 two; the name behind them is where the client sees it."""
    editor.start()
    found = editor.open("a.conf", WIDE + PLAIN)
    assert [at(each) for each in found if each.code == "KA002"] == [(0, 18, 0, 23)]


def test_columns_are_what_was_negotiated(editor: Editor) -> None:
    """A client that prefers UTF-8 gets bytes: 检 is three of them and 😀 four."""
    result = editor.start([types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16])
    assert result.capabilities.position_encoding == types.PositionEncodingKind.Utf8
    found = editor.open("a.conf", WIDE + PLAIN)
    assert [at(each) for each in found if each.code == "KA002"] == [(0, 22, 0, 27)]


def test_a_change_while_another_is_judged_wins(editor: Editor) -> None:
    """Many changes at once end in what the last one says, for its version."""
    editor.start()
    editor.open("a.conf", PLAIN)
    for number in range(20):
        editor.change("a.conf", PLAIN.replace("priority", f"priority{number}"), wait=False)
    assert editor.change("a.conf", PLAIN) == []
    assert editor.published[editor.uri("a.conf")].version == 22


def test_an_included_file_is_judged_as_a_part(editor: Editor, tmp_path: Path) -> None:
    """A script that only the including file defines is no undefined one; the findings are those of the whole."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "keepalived.conf").write_text(
        'global_defs {\n enable_script_security\n script_user root\n}\nvrrp_script chk {\n script "/bin/true"\n'
        " weight 20\n}\ninclude conf.d/*.conf\n"
    )
    part = PLAIN.replace("    virtual_ip", "    track_script {\n        chk\n    }\n    virtual_ip")
    (tmp_path / "conf.d" / "part.conf").write_text(part)
    editor.start()
    assert editor.open("conf.d/part.conf") == []
    found = editor.change("conf.d/part.conf", part.replace("        chk\n", "        chq\n"))
    assert codes(found) == ["KA101"]
    # The script that nobody tracks now is in the file that is not open.
    whole = editor.until(lambda: editor.published.get(editor.uri("keepalived.conf")))
    assert codes(list(whole.diagnostics)) == ["KA103"]
    editor.change("conf.d/part.conf", part)
    assert editor.until(lambda: not editor.published[editor.uri("keepalived.conf")].diagnostics)


def test_the_other_node_counts(editor: Editor, tmp_path: Path) -> None:
    """A tie with the other node of kalint.toml is found, though both are only in their buffers."""
    (tmp_path / "kalint.toml").write_text(
        '[clusters.web.nodes]\nlb1 = { file = "lb1.conf" }\nlb2 = { file = "lb2.conf" }\n'
    )
    (tmp_path / "lb1.conf").write_text(PLAIN)
    (tmp_path / "lb2.conf").write_text(INSTANCE.format(name="VI_1", priority=90))
    editor.start()
    assert editor.open("lb1.conf") == []
    editor.open("lb2.conf")
    editor.change("lb2.conf", PLAIN)
    assert editor.until(lambda: codes(editor.seen("lb2.conf"))) == ["KA802"]
    related = editor.seen("lb2.conf")[0].related_information
    assert related is not None
    assert [each.location.uri for each in related] == [editor.uri("lb1.conf")]


def test_the_client_chooses_the_release(editor: Editor) -> None:
    """`kalint.keepalivedVersion` decides which keywords there are, and a change of it counts at once."""
    text = PLAIN.replace("    priority", "    notify_deleted /bin/true\n    priority")
    editor.settings = {"keepalivedVersion": "2.0.10"}
    editor.start()
    editor.open("a.conf", text)
    assert editor.until(lambda: "KA016" in codes(editor.seen("a.conf")))
    editor.settings = {"keepalivedVersion": "2.4.3"}
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams({}))
    assert editor.until(lambda: "KA016" not in codes(editor.seen("a.conf")))


def test_wrong_settings_are_said_once_and_left_out(editor: Editor) -> None:
    """A setting that cannot be used is one message; the others count."""
    editor.start(options={"keepalivedVersion": "two", "ignore": ["KA002"], "delay": "soon"})
    assert editor.open("a.conf", PLAIN.replace("priority", "priorty")) == []
    editor.until(lambda: len(editor.messages) > 1)
    assert [each.partition(":")[0] for each in editor.messages] == ["kalint.keepalivedVersion", "kalint.delay"]


def test_a_template_has_only_what_holds_for_every_rendering(editor: Editor) -> None:
    """As `kalint check` says it of a .j2: a misspelt keyword, and nothing about the placeholders."""
    editor.start()
    text = PLAIN.replace("100", "{{ priority }}").replace("interface", "interfase")
    found = editor.open("keepalived.conf.j2", text)
    assert codes(found) == ["KA002"]


def test_a_file_that_is_none_of_keepalived_says_so(editor: Editor) -> None:
    """Nothing to judge is one information at the beginning."""
    editor.start()
    found = editor.open("a.conf", "hello world\n")
    assert [each.severity for each in found] == [types.DiagnosticSeverity.Information]
    assert "not a configuration of keepalived" in found[0].message


def test_an_unsaved_document_is_judged(editor: Editor) -> None:
    """A document that is in no file yet has findings too."""
    editor.start()
    found = editor.open("untitled:Untitled-1", PLAIN.replace("priority", "priorty"))
    assert codes(found) == ["KA002"]


def test_a_closed_document_has_no_findings(editor: Editor, tmp_path: Path) -> None:
    """The client forgets the findings of what it closes."""
    (tmp_path / "a.conf").write_text(PLAIN.replace("priority", "priorty"))
    editor.start()
    assert codes(editor.open("a.conf")) == ["KA002"]
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(editor.identifier("a.conf")))
    assert editor.until(lambda: not editor.published[editor.uri("a.conf")].diagnostics)


def test_ends_of_lines_are_the_clients(editor: Editor) -> None:
    """CR LF ends a line, U+2028 does not: the finding behind both is on the client's line."""
    editor.start()
    text = "# a\u2028b\r\n" + PLAIN.replace("priority", "priorty").replace("\n", "\r\n")
    assert [at(each) for each in editor.open("a.conf", text)] == [(4, 4, 4, 11)]


def test_a_ranged_change_is_understood(editor: Editor) -> None:
    """A client that sends ranges all the same is understood, in UTF-16."""
    editor.start()
    editor.open("a.conf", "# 检😀 x\n" + PLAIN)
    place = types.Range(types.Position(4, 4), types.Position(4, 12))
    changes = [
        types.TextDocumentContentChangePartial(types.Range(types.Position(0, 6), types.Position(0, 7)), "😀"),
        types.TextDocumentContentChangePartial(place, "priorty"),
    ]
    identifier = types.VersionedTextDocumentIdentifier(uri=editor.uri("a.conf"), version=2)
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))
    found = editor.until(lambda: [each for each in editor.history if each.version == 2])
    assert [at(each) for each in found[-1].diagnostics] == [(4, 4, 4, 11)]


def test_a_password_is_in_no_message(editor: Editor) -> None:
    """No finding repeats a password."""
    editor.start()
    text = PLAIN.replace(
        "    virtual_ip",
        "    authentication {\n        auth_type PASS\n        auth_pass Sup3rSecret9\n    }\n    virtual_ip",
    )
    found = editor.open("a.conf", text)
    assert found
    assert not [each for each in found if "Sup3rSecret9" in each.message]


def test_wrong_settings_of_the_project_are_an_error(editor: Editor, tmp_path: Path) -> None:
    """Nothing is judged, and the document says why."""
    (tmp_path / "kalint.toml").write_text("keepalived_version = 5\n")
    editor.start()
    found = editor.open("a.conf", PLAIN)
    assert [(each.severity, each.code) for each in found] == [(types.DiagnosticSeverity.Error, None)]
    assert "keepalived_version" in found[0].message


def test_what_is_untrusted_stays_in_its_tree(editor: Editor, tmp_path: Path) -> None:
    """A file includes one above its folder: in an untrusted workspace that is refused, wherever the server runs."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outside.conf").write_text("global_defs {\n}\n")
    (inner / "a.conf").write_text("include ../outside.conf\n" + PLAIN)
    editor.start(options={"untrusted": True})
    found = editor.open("inner/a.conf")
    assert codes(found) == ["KA013"]
    assert "outside" in found[0].message
