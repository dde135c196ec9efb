"""What a client is answered when it asks about a place: hovers, completion, definitions, renaming, actions and more."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from language_client import Editor, editing
from lsprotocol import types
from pygls.exceptions import JsonRpcException

SCRIPT = """vrrp_script chk {
    script "/usr/bin/check"
    interval 2
    fall 3
    weight 30
}
"""
INSTANCE = """vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    priority 90
    virtual_ipaddress {
        10.0.0.1/24 dev eth1
    }
    track_script {
        chk
    }
}
"""
BOTH = SCRIPT + INSTANCE
SINGLE = BOTH.replace(" dev eth1", "")


def place(text: str, mark: str, behind: int = 0, nth: int = 0) -> types.Position:
    """Where a mark begins in a text without wide characters (or `behind` characters later); the nth one."""
    offset = -1
    for _ in range(nth + 1):
        offset = text.index(mark, offset + 1)
    return types.Position(text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1 + behind)


def marked(text: str) -> tuple[str, types.Position]:
    """A text and the place of the `|` in it."""
    return text.replace("|", "", 1), place(text, "|")


def hover(editor: Editor, name: str, at: types.Position) -> str:
    found = editor.wait(editor.client.text_document_hover_async(types.HoverParams(editor.identifier(name), at)))
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


def complete(editor: Editor, text: str, name: str = "a.conf") -> list[types.CompletionItem]:
    text, at = marked(text)
    if editor.uri(name) in editor.published:
        editor.change(name, text)
    else:
        editor.open(name, text)
    found = editor.wait(
        editor.client.text_document_completion_async(types.CompletionParams(editor.identifier(name), at))
    )
    assert isinstance(found, types.CompletionList)
    return list(found.items)


def labels(items: Sequence[types.CompletionItem]) -> set[str]:
    return {each.label for each in items}


def actions(editor: Editor, name: str, line: int, only: list[str] | None = None) -> dict[str, types.CodeAction]:
    at = types.Position(line, 0)
    params = types.CodeActionParams(editor.identifier(name), types.Range(at, at), types.CodeActionContext([], only))
    found = editor.wait(editor.client.text_document_code_action_async(params))
    return {each.title: each for each in found or () if isinstance(each, types.CodeAction)}


def applied(editor: Editor, edit: types.WorkspaceEdit | None, texts: dict[str, str]) -> dict[str, str]:
    """The texts after an edit, as a client makes it; no wide characters in them."""
    assert edit is not None
    assert edit.document_changes is not None
    result = dict(texts)
    for change in edit.document_changes:
        assert isinstance(change, types.TextDocumentEdit)
        name = next(name for name in texts if editor.uri(name) == change.text_document.uri)
        lines = texts[name].split("\n")
        starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines) + 1)]

        def offset(at: types.Position, starts: list[int] = starts) -> int:
            return starts[at.line] + at.character

        for one in sorted(
            change.edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True
        ):
            assert isinstance(one, types.TextEdit)
            text = result[name]
            result[name] = text[: offset(one.range.start)] + one.new_text + text[offset(one.range.end) :]
    return result


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for all tests of this file."""
    with editing(tmp_path_factory.mktemp("workspace")) as found:
        found.start()
        yield found


@pytest.fixture
def editor(running: Editor, tmp_path: Path) -> Iterator[Editor]:
    """The server in a folder of the test's own, where nothing is open."""
    running.move(tmp_path)
    yield running
    running.close_all()


# -- hover


def test_a_keyword_says_what_it_does(editor: Editor) -> None:
    """Purpose, arguments, default and releases, by the block that it stands in."""
    editor.open("a.conf", BOTH)
    said = hover(editor, "a.conf", place(BOTH, "fall"))
    assert "how many failures in a row" in said
    assert "- arguments: `int(1..2147483647)`" in said
    assert "- default: 1" in said
    assert "**priority** in vrrp_instance" in hover(editor, "a.conf", place(BOTH, "priority", 3))
    assert hover(editor, "a.conf", place(BOTH, "30")) == hover(editor, "a.conf", place(BOTH, "weight"))


def test_an_instance_says_what_it_can_come_to(editor: Editor, tmp_path: Path) -> None:
    """Priorities with a witness, and who is master of its cluster when what fails."""
    (tmp_path / "kalint.toml").write_text(
        '[clusters.web.nodes]\nlb1 = { file = "lb1.conf" }\nlb2 = { file = "lb2.conf" }\n'
    )
    (tmp_path / "lb1.conf").write_text(BOTH)
    (tmp_path / "lb2.conf").write_text(BOTH.replace("priority 90", "priority 80"))
    editor.open("lb1.conf")
    said = hover(editor, "lb1.conf", place(BOTH, "VI_1"))
    assert "base 90, 120 while nothing is down, can be 90 to 120 or FAULT" in said
    assert "| 90 | script chk ko | 1 |" in said
    assert "cluster web: nothing is down: lb1 is master, by its priority" in said
    # lb1's script fails: 90 against 80 + 30.
    assert "| lb1: script chk ko | 90 | **110** | lb2 takes over |" in said
    # In the buffer of the other node, which is not saved, its weight is gone.
    editor.open("lb2.conf", BOTH.replace("priority 90", "priority 80").replace("weight 30", "weight 5"))
    assert "| lb1: script chk ko | **90** | 85 | lb1 stays |" in hover(editor, "lb1.conf", place(BOTH, "VI_1"))


def test_a_script_says_when_it_counts(editor: Editor) -> None:
    """Three failures of a run every 2 s: between 4 and 8 s; and what that does to which instance."""
    editor.open("a.conf", BOTH)
    said = hover(editor, "a.conf", place(BOTH, "chk", nth=1))
    assert said == hover(editor, "a.conf", place(BOTH, "chk"))
    assert "runs `/usr/bin/check` every 2 s" in said
    assert "(3 runs)" in said
    assert "| VI_1 | ok +30, ko 0 |" in said


def test_an_option_of_an_entry_is_explained(editor: Editor) -> None:
    """`dev` behind an address."""
    editor.open("a.conf", BOTH)
    assert "**dev**: an option of an address" in hover(editor, "a.conf", place(BOTH, "dev"))


def test_a_definition_says_what_it_stands_for(editor: Editor) -> None:
    """`$NAME` shows the line that defines it; a password that it holds is not shown."""
    text = "$NET=10.0.0\n$PASS=Sup3rSecret9\n" + INSTANCE.replace("10.0.0.1", "${NET}.1").replace(
        "    track", "    authentication {\n auth_type PASS\n auth_pass $PASS\n }\n    track"
    )
    editor.open("a.conf", text)
    assert "$NET=10.0.0" in hover(editor, "a.conf", place(text, "NET}"))
    assert "***" in (said := hover(editor, "a.conf", place(text, "PASS", nth=2)))
    assert "Sup3rSecret9" not in said


def test_nothing_is_said_in_a_comment(editor: Editor) -> None:
    """A comment is no statement."""
    text = "# priority 90\n" + BOTH
    editor.open("a.conf", text)
    assert hover(editor, "a.conf", place(text, "priority")) == ""


# -- completion


def test_keywords_are_those_of_the_block_and_the_release(fresh_editor: Editor) -> None:
    """An instance has priority and no script; 2.0.10 does not have notify_deleted."""
    editor = fresh_editor
    editor.start(options={"keepalivedVersion": "2.0.10"})
    items = complete(editor, SCRIPT + "vrrp_instance VI_1 {\n    interface eth0\n    pri|\n}\n")
    assert {"priority", "track_script"} <= labels(items)
    assert not {"fall", "vrrp_instance", "notify_deleted"} & labels(items)
    found = next(each for each in items if each.label == "priority")
    assert found.detail == "int(1..255)"
    assert found.text_edit == types.TextEdit(types.Range(types.Position(8, 4), types.Position(8, 7)), "priority")
    resolved = editor.wait(editor.client.completion_item_resolve_async(found))
    assert isinstance(resolved.documentation, types.MarkupContent)
    assert "base priority" in resolved.documentation.value


def test_the_top_level_has_its_blocks_even_in_an_empty_file(editor: Editor) -> None:
    """The first word of a new file."""
    assert {"vrrp_instance", "global_defs"} <= labels(complete(editor, "|"))


def test_a_block_that_is_still_open_is_known(editor: Editor) -> None:
    """No brace closes yet, and another block follows."""
    assert "priority" in labels(complete(editor, "vrrp_instance A {\n    p|\n" + SCRIPT))
    assert "fall" in labels(complete(editor, "vrrp_script a { f|"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("state |", {"MASTER", "BACKUP"}),
        ("state MA|", {"MASTER", "BACKUP"}),
        ("interface |", {"eth0", "eth1"}),
        ("track_script {\n c|", {"chk"}),
        ("track_script {\n chk |", {"weight", "reverse", "noreverse"}),
        ("track_interface {\n |", {"eth0", "eth1"}),
        ("virtual_ipaddress {\n 10.0.0.3 dev |", {"eth0", "eth1"}),
        ("nopreempt |", set()),
        ("# state |", set()),
        ("priority 5  # kalint: ignore[KA2|", {"KA210", "KA802"}),
    ],
)
def test_words_are_those_of_the_place(editor: Editor, line: str, expected: set[str]) -> None:
    """Values, names and options."""
    found = labels(complete(editor, BOTH + "vrrp_instance VI_2 {\n" + line))
    assert expected <= found
    assert bool(expected) == bool(found)


def test_names_of_instances_and_definitions(editor: Editor) -> None:
    """Members of a group, and what stands behind a `$`."""
    assert labels(complete(editor, BOTH + "vrrp_sync_group G {\n group {\n |")) == {"VI_1"}
    assert labels(complete(editor, "$NET=10.0.0\n" + BOTH + "vrrp_instance B {\n priority $N|")) == {"NET"}


def test_an_include_has_the_files_beside_it(editor: Editor, tmp_path: Path) -> None:
    """Folders and files, relative to the document."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "web.conf").write_text(INSTANCE)
    assert labels(complete(editor, "include |")) == {"conf.d"}
    assert labels(complete(editor, "include conf.d/w|")) == {"web.conf"}


# -- names


def test_definitions_and_references_reach_included_files(editor: Editor, tmp_path: Path) -> None:
    """From a tracked script to its definition in another file, and back to all places."""
    (tmp_path / "scripts.conf").write_text(SCRIPT)
    text = "include scripts.conf\n" + INSTANCE
    (tmp_path / "a.conf").write_text(text)
    editor.open("a.conf")
    at = place(text, "chk")
    found = editor.wait(
        editor.client.text_document_definition_async(types.DefinitionParams(editor.identifier("a.conf"), at))
    )
    assert found == [
        types.Location(editor.uri("scripts.conf"), types.Range(types.Position(0, 12), types.Position(0, 15)))
    ]
    context = types.ReferenceContext(include_declaration=True)
    found = editor.wait(
        editor.client.text_document_references_async(types.ReferenceParams(context, editor.identifier("a.conf"), at))
    )
    assert {(each.uri, each.range.start.line) for each in found or ()} == {
        (editor.uri("scripts.conf"), 0),
        (editor.uri("a.conf"), at.line),
    }
    into = editor.wait(
        editor.client.text_document_definition_async(
            types.DefinitionParams(editor.identifier("a.conf"), place(text, "scripts"))
        )
    )
    assert [each.uri for each in into or ()] == [editor.uri("scripts.conf")]  # type: ignore[union-attr]
    links = editor.wait(
        editor.client.text_document_document_link_async(types.DocumentLinkParams(editor.identifier("a.conf")))
    )
    assert [each.target for each in links or ()] == [editor.uri("scripts.conf")]


@pytest.mark.parametrize(
    ("mark", "nth", "defined"),
    [("VI_1", 1, "VI_1"), ("NET}", 0, "NET="), ("G1", 1, "G1")],
)
def test_definitions_of_other_names(editor: Editor, mark: str, nth: int, defined: str) -> None:
    """A member of a group, a `$NAME`, a virtual server's group."""
    text = (
        "$NET=10.0.0\n"
        + BOTH.replace("10.0.0.1", "${NET}.1")
        + "vrrp_sync_group S {\n group {\n  VI_1\n }\n}\nvirtual_server_group G1 {\n 10.0.0.1 80\n}\n"
        + "virtual_server group G1 {\n}\n"
    )
    editor.open("a.conf", text)
    params = types.DefinitionParams(editor.identifier("a.conf"), place(text, mark, nth=nth))
    found = editor.wait(editor.client.text_document_definition_async(params))
    assert isinstance(found, (list, tuple))
    assert [each.range.start for each in found] == [place(text, defined)]  # type: ignore[union-attr]


def renamed(editor: Editor, name: str, at: types.Position, new: str) -> types.WorkspaceEdit | None:
    return editor.wait(editor.client.text_document_rename_async(types.RenameParams(editor.identifier(name), at, new)))


def test_renaming_a_script_changes_every_file(editor: Editor, tmp_path: Path) -> None:
    """The definition in the included file and the uses, quoted ones too; the document opened is the included one."""
    texts = {
        "scripts.conf": SCRIPT,
        "a.conf": "include scripts.conf\n" + INSTANCE.replace("        chk", '        "chk" weight 3'),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    editor.open("scripts.conf")
    after = applied(editor, renamed(editor, "scripts.conf", place(SCRIPT, "chk"), "chk_web"), texts)
    assert after == {
        "scripts.conf": SCRIPT.replace("chk {", "chk_web {"),
        "a.conf": texts["a.conf"].replace('"chk"', '"chk_web"'),
    }


def test_renaming_an_instance_changes_its_groups(fresh_editor: Editor) -> None:
    """Also on the lines for another config id than the client chose."""
    editor = fresh_editor
    editor.start(options={"configId": "lb1"})
    text = (
        BOTH + "vrrp_sync_group G {\n group {\n  VI_1\n }\n}\n@lb2 vrrp_sync_group H {\n"
        "@lb2 group {\n@lb2 VI_1\n@lb2 }\n@lb2 }\n"
    )
    editor.open("a.conf", text)
    after = applied(editor, renamed(editor, "a.conf", place(text, "VI_1"), "WEB"), {"a.conf": text})
    assert after == {"a.conf": text.replace("VI_1", "WEB")}


@pytest.mark.parametrize(
    ("new", "reason"),
    [("two words", "is not a name"), ("VI_2", "another instance has the name VI_2"), ("", "is not a name")],
)
def test_a_bad_new_name_is_refused(editor: Editor, new: str, reason: str) -> None:
    """With the reason, and nothing is changed."""
    editor.open("a.conf", BOTH + INSTANCE.replace("VI_1", "VI_2"))
    with pytest.raises(JsonRpcException, match=reason):
        renamed(editor, "a.conf", place(BOTH, "VI_1"), new)


def test_a_name_from_a_definition_cannot_be_renamed(editor: Editor) -> None:
    """Part of it stands elsewhere."""
    text = "$N=1\n" + INSTANCE.replace("VI_1", "VI_${N}")
    editor.open("a.conf", text)
    params = types.PrepareRenameParams(editor.identifier("a.conf"), place(text, "VI_"))
    assert editor.wait(editor.client.text_document_prepare_rename_async(params)) is None


# -- actions


def test_a_safe_fix_is_an_action(editor: Editor) -> None:
    """The misspelt keyword of the line."""
    text = SINGLE.replace("interface eth0", "interfase eth0")
    editor.open("a.conf", text)
    found = actions(editor, "a.conf", place(text, "interfase").line)
    fix = next(each for title, each in found.items() if title.endswith("(KA002)"))
    assert fix.kind == types.CodeActionKind.QuickFix
    assert applied(editor, fix.edit, {"a.conf": text}) == {"a.conf": SINGLE}


def test_a_fix_that_check_would_refuse_is_no_action(editor: Editor) -> None:
    """A mended `prioritty 300` is out of range, so it can only be ignored; the fix of another line is offered."""
    text = SINGLE.replace("    priority ", "    prioritty 300 # ", 1).replace("interface eth0", "interfase eth0")
    editor.open("a.conf", text)
    refused = actions(editor, "a.conf", place(text, "prioritty").line, ["quickfix"])
    assert set(refused) == {"Ignore KA002 on this line", "Ignore KA002 in this file"}
    offered = actions(editor, "a.conf", place(text, "interfase").line, ["quickfix"])
    assert any(title.endswith("(KA002)") for title in offered)


def test_all_safe_fixes_at_once(editor: Editor) -> None:
    """As --fix makes them, for clients that fix when they save."""
    text = SINGLE.replace("interface eth0", "interfase eth0").replace("interval 2", "intervall 2")
    editor.open("a.conf", text)
    found = actions(editor, "a.conf", 0, ["source.fixAll"])
    assert [applied(editor, each.edit, {"a.conf": text}) for each in found.values()] == [{"a.conf": SINGLE}]


def test_a_finding_can_be_ignored(editor: Editor) -> None:
    """On its line, in a suppression that is there already, or in the file; each makes it go away."""
    text = "global_defs {\n    lvs_id x\n    nonsense\n}\n" + BOTH
    codes = {each.code for each in editor.open("a.conf", text)}
    assert "KA002" in codes
    found = actions(editor, "a.conf", 2)
    for title in ("Ignore KA002 on this line", "Ignore KA002 in this file"):
        after = applied(editor, found[title].edit, {"a.conf": text})["a.conf"]
        left = editor.change("a.conf", after)
        assert not [each for each in left if each.code == "KA002" and "nonsense" in each.message]
        assert not [each for each in left if each.code == "KA018"]
    with_list = text.replace("    nonsense", "    nonsense  # kalint: ignore[KA210]")
    editor.change("a.conf", with_list)
    found = actions(editor, "a.conf", 2)
    after = applied(editor, found["Ignore KA002 on this line"].edit, {"a.conf": with_list})["a.conf"]
    assert "nonsense  # kalint: ignore[KA210, KA002]\n" in after


# -- what is shown in the text


def hints(editor: Editor, name: str) -> list[tuple[int, int, Any]]:
    whole = types.Range(types.Position(0, 0), types.Position(1000, 0))
    found = editor.wait(
        editor.client.text_document_inlay_hint_async(types.InlayHintParams(editor.identifier(name), whole))
    )
    return [(each.position.line, each.position.character, each.label) for each in found or ()]


def test_hints_say_what_a_priority_becomes(editor: Editor) -> None:
    """Behind the number; nothing where nothing changes it; and not at all where the client does not want them."""
    editor.open("a.conf", SINGLE)
    line = place(SINGLE, "priority").line
    assert hints(editor, "a.conf") == [(line, 15, "effective 120, can be 90")]
    editor.change("a.conf", BOTH)
    assert hints(editor, "a.conf") == [(line, 15, "effective 120, can be 90 or FAULT")]
    editor.change("a.conf", SINGLE.replace("    weight 30\n", ""))
    assert hints(editor, "a.conf") == [(line - 1, 15, "effective 90, can be FAULT")]
    editor.change("a.conf", SINGLE.replace("    track_script {\n        chk\n    }\n", ""))
    assert hints(editor, "a.conf") == []


def test_hints_of_a_file_for_two_nodes(editor: Editor) -> None:
    """Each config id has its own."""
    text = SINGLE.replace("    weight 30", "    @lb1 weight 30\n    @lb2 weight -10")
    editor.open("a.conf", text)
    assert [label for *_, label in hints(editor, "a.conf")] == [
        "lb1: effective 120, can be 90; lb2: effective 90, can be 80"
    ]


def test_symbols_are_the_blocks(editor: Editor) -> None:
    """Blocks with their names, and those inside them."""
    editor.open("a.conf", BOTH)
    params = types.DocumentSymbolParams(editor.identifier("a.conf"))
    found = editor.wait(editor.client.text_document_document_symbol_async(params))
    assert found is not None
    assert [(each.name, each.detail) for each in found] == [  # type: ignore[union-attr]
        ("chk", "vrrp_script"),
        ("VI_1", "vrrp_instance"),
    ]
    inside = found[1].children  # type: ignore[union-attr]
    assert [each.name for each in inside or ()] == ["virtual_ipaddress", "track_script"]
    assert found[0].range == types.Range(types.Position(0, 0), types.Position(5, 1))  # type: ignore[union-attr]


def test_blocks_and_comments_fold(editor: Editor) -> None:
    """The line of the closing brace stays in sight."""
    editor.open("a.conf", "# one\n# two\n" + BOTH)
    params = types.FoldingRangeParams(editor.identifier("a.conf"))
    found = editor.wait(editor.client.text_document_folding_range_async(params))
    assert {(each.start_line, each.end_line) for each in found or ()} == {(0, 1), (2, 6), (8, 17), (12, 13), (15, 16)}


def test_tokens_are_where_the_words_are(editor: Editor) -> None:
    """Keywords, names, numbers, strings and comments, in UTF-16 and relative to each other."""
    text = 'vrrp_script 检😀 {\n    script "/a b"  # 😀\n    rise 2\n}\n'
    editor.open("a.conf", text)
    params = types.SemanticTokensParams(editor.identifier("a.conf"))
    found = editor.wait(editor.client.text_document_semantic_tokens_full_async(params))
    assert found is not None
    data = list(found.data)
    rows = [tuple(data[start : start + 5]) for start in range(0, len(data), 5)]
    keyword, function, number, string, comment = 0, 2, 5, 6, 8
    assert rows == [
        (0, 0, 11, keyword, 0),
        (0, 12, 3, function, 1),
        (1, 4, 6, keyword, 0),
        (0, 7, 6, string, 0),
        (0, 8, 4, comment, 0),
        (1, 4, 4, keyword, 0),
        (0, 5, 1, number, 0),
    ]


# -- templates

TEMPLATE = """vrrp_script chk_{{ app }} {
    script "/usr/bin/check {{ app }}"
}
vrrp_script chk_{{ web }} {
    script "/usr/bin/check"
}
{% for item in instances %}
vrrp_instance {{ item.name }} {
    interface {{ item.link }}
    priority {{ item.priority }}
    track_script {
        chk_{{ web }}
    }
}
{% endfor %}
"""


def test_a_template_is_answered_for_as_it_stands(editor: Editor) -> None:
    """Keywords, names with their placeholders, symbols and completion; no numbers, which a rendering decides."""
    name = "keepalived.conf.j2"
    editor.open(name, TEMPLATE)
    assert "base priority" in hover(editor, name, place(TEMPLATE, "priority"))
    said = hover(editor, name, place(TEMPLATE, "item.name"))
    assert said.startswith("**instance {{ item.name }}**")
    assert "nothing is calculated" in said
    at = place(TEMPLATE, "chk_{{ web", nth=1)
    params = types.DefinitionParams(editor.identifier(name), at)
    found = editor.wait(editor.client.text_document_definition_async(params))
    assert isinstance(found, (list, tuple))
    # Not that of the placeholder which is as long.
    assert [each.range.start for each in found] == [place(TEMPLATE, "chk_{{ web")]  # type: ignore[union-attr]
    symbols = editor.wait(
        editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(editor.identifier(name)))
    )
    assert [each.name for each in symbols or ()] == ["chk_{{ app }}", "chk_{{ web }}", "{{ item.name }}"]
    assert hints(editor, name) == []
    with pytest.raises(JsonRpcException, match="comes from elsewhere"):
        renamed(editor, name, at, "chk_new")
    assert "nopreempt" in labels(complete(editor, TEMPLATE.replace("    track", "    no|\n    track"), name))


def test_the_option_of_a_tracked_script(editor: Editor) -> None:
    """What `reverse` does behind a script's name."""
    text = BOTH.replace("        chk\n", "        chk weight 5 reverse\n")
    editor.open("a.conf", text)
    assert "sign of the weight" in hover(editor, "a.conf", place(text, "reverse"))
    assert "in place of the weight of the definition" in hover(editor, "a.conf", place(text, "weight", nth=1))


def test_no_answer_has_a_value_of_the_environment(fresh_editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hovers, completion, links and symbols have what the file says; nor a password of a script or a name."""
    secret, password = (f"Xq{secrets.token_hex(5)}" for _ in range(2))
    monkeypatch.setenv("TOKEN", secret)
    text = (
        "$PW=" + password + "\n"
        'vrrp_script chk {\n script "/bin/x --password ' + password + '"\n interval 1\n}\n'
        "vrrp_script ${_ENV TOKEN} {\n script /bin/${_ENV TOKEN}\n interval 1\n weight 5\n}\n"
        "vrrp_instance VI_$PW {\n interface ${_ENV TOKEN}\n virtual_router_id 7\n priority 100\n track_script {\n"
        " ${_ENV TOKEN}\n chk weight 3\n }\n authentication {\n auth_type PASS\n auth_pass $PW\n }\n"
        " virtual_ipaddress {\n 10.0.0.1 dev ${_ENV TOKEN}\n }\n}\n"
    )
    editor = fresh_editor
    editor.start()
    found: list[object] = [editor.open("a.conf", text)]
    identifier, client = editor.identifier("a.conf"), editor.client
    for number, line in enumerate(text.split("\n")):
        for word in re.finditer(r"\S+", line):
            at = types.Position(number, word.start() + 1)
            found.append(hover(editor, "a.conf", at))
            params = types.CompletionParams(identifier, types.Position(number, word.start()))
            found.append(editor.wait(client.text_document_completion_async(params)))
    found.append(editor.wait(client.text_document_document_link_async(types.DocumentLinkParams(identifier))))
    found.append(editor.wait(client.text_document_document_symbol_async(types.DocumentSymbolParams(identifier))))
    assert "script chk" in repr(found)
    assert "runs `" in repr(found)
    assert [each for each in found if secret in repr(each) or password in repr(each)] == []
