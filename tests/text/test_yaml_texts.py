"""YAML files that carry a configuration: which texts are one, and where each of their characters stands."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from kalint.errors import InputError
from kalint.source import Line
from kalint.text import carried
from kalint.text.carriers import labels

CONFIGURATION = "vrrp_instance web {\n  state BACKUP\n\n  priority 100\n}\n"


def lines(content: str, name: str = "a.yaml") -> list[Line]:
    (placed,) = carried(name, content.encode())
    return list(placed.lines)


def places(content: str) -> dict[str, tuple[int, int, int]]:
    """The line, the column and the end column of some words of a configuration in the YAML file."""
    found = {}
    for line in lines(content):
        for word in ("vrrp_instance", "BACKUP", "100", "}"):
            if word in line.text:
                span = line.span(line.text.index(word), line.text.index(word) + len(word))
                found[word] = span.line, span.column, span.end_column
    return found


def indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    "content",
    [
        "data:\n  keepalived.conf: |\n" + indented(CONFIGURATION, "    "),
        "data:\n  keepalived.conf: |-\n" + indented(CONFIGURATION, "    "),
        "data:\n  x: &a !!str |+ # a comment\n" + indented(CONFIGURATION, "   ") + "\n\n",
        "data:\n  x: |2\n" + indented(CONFIGURATION, "      "),
        "- 1\n- |\n" + indented(CONFIGURATION, "  "),
        "a: b\n---\n? keepalived.conf\n: |\n" + indented(CONFIGURATION, " "),
        "\ufeffdata:\n  keepalived.conf: |\n" + indented(CONFIGURATION, "    "),
        "data:\r\n  keepalived.conf: |\r\n" + indented(CONFIGURATION, "    ").replace("\n", "\r\n"),
    ],
)
def test_a_literal_block_is_read_where_it_stands(content: str) -> None:
    """Each word has the line and the column that it has in the file, whatever the indentation."""
    found = places(content)
    assert sorted(found) == ["100", "BACKUP", "vrrp_instance", "}"]
    rows = content.split("\n")
    for word, (line, column, end) in found.items():
        assert rows[line - 1][column - 1 : end - 1] == word


def test_escapes_of_a_quoted_text_are_lines() -> None:
    r"""A `\n` in quotes ends a line for keepalived, and the words behind it stand on the same line of the file."""
    content = 'a: 1\nx: "vrrp_instance web {\\n\\tstate \\x42ACKUP\\n priority 100\\n}"\n'
    assert [line.text for line in lines(content)] == ["vrrp_instance web {", "\tstate BACKUP", " priority 100", "}"]
    row = content.split("\n")[1]
    found = places(content)
    assert found["100"] == (2, row.index("100") + 1, row.index("100") + 4)
    assert found["BACKUP"] == (2, row.index("\\x42") + 1, row.index("ACKUP") + 6)


def test_line_ends_in_a_quoted_text_fold() -> None:
    """One line end is a blank, two are one line end (YAML 1.2, 7.3.1), and a backslash before it joins the lines."""
    content = "x: 'vrrp_instance ''web'' {\n\n  state\n  BACKUP\n\n  }'\n"
    assert [line.text for line in lines(content)] == ["vrrp_instance 'web' {", "state BACKUP", "}"]
    assert places(content)["BACKUP"] == (4, 3, 9)
    joined = 'x: "vrrp_instance web {\\n  pri\\\n     ority 100\\n}"\n'
    assert [line.text for line in lines(joined)] == ["vrrp_instance web {", "  priority 100", "}"]
    assert places(joined)["100"] == (2, 12, 15)


def test_a_folded_block_joins_lines_of_one_indentation() -> None:
    """Lines that are indented deeper stay lines (YAML 1.2, 8.1.3)."""
    content = "x: >\n  vrrp_instance\n  web {\n    state BACKUP\n\n    priority 100\n  }\n"
    read = [line.text for line in lines(content)]
    assert read == ["vrrp_instance web {", "  state BACKUP", "", "  priority 100", "}"]
    assert places(content) == {"vrrp_instance": (2, 3, 16), "BACKUP": (4, 11, 17), "100": (6, 14, 17), "}": (7, 3, 4)}


def names(content: str) -> list[str]:
    return [each.name for each in carried("a.yml", content.encode())]


def test_texts_that_are_configurations() -> None:
    """A key that ends in keepalived.conf, or a block of keepalived at the beginning; no script that writes one."""
    block = indented(CONFIGURATION, "  ")
    assert names("keepalived.conf: |\n  global_defs {\n  }\n") == ["keepalived.conf"]
    assert names(f"anything: |\n{block}\nother: [1, {{b: vrrp_instance}}]\n") == ["anything"]
    for none in (
        f"run: |\n  #!/bin/sh\n  cat > x <<EOF\n{block}  EOF\n",
        "dest: /etc/keepalived/keepalived.conf\n",
        "keepalived.conf: /srv/keepalived.conf\n",
        "line: 'vrrp_instance web'\n",
        f"text: |\n  Write a vrrp_instance so:\n{block}",
    ):
        with pytest.raises(InputError, match="holds no keepalived configuration"):
            names(none)


def test_several_configurations_have_names() -> None:
    """The key, or the name of the resource where the key says nothing, or the line."""
    block = indented(CONFIGURATION, "    ")
    resource = "kind: ConfigMap\nmetadata: {name: %s}\ndata:\n  keepalived.conf: |\n" + block
    several = carried("a.yaml", (resource % "east" + "---\n" + resource % "west").encode())
    assert labels(several) == ("east", "west")
    keys = carried("a.yaml", f"data:\n  lb1.conf: |\n{block}  lb2.conf: |\n{block}".encode())
    assert labels(keys) == ("lb1", "lb2")
    twice = carried("a.yaml", f"- x: |\n{block}- x: |\n{block}".encode())
    assert labels(twice) == ("x:2", "x:8")


def test_markup_that_is_no_yaml_is_passed_over() -> None:
    """A Helm chart's file is YAML without its tags; the tags in the text stay what they are."""
    content = (
        "{{- if .Values.on }}\nmetadata:\n  name: {{ .x }}\n  labels:\n    {{- include `y` . | nindent 4 }}\ndata:\n"
        "  keepalived.conf: |-\n    vrrp_instance {{ .name }} {\n    {{- if .a }}\n      state BACKUP\n    {{- end }}\n"
        "      priority 100\n    }\n{{- end }}\n"
    )
    assert [line.text for line in lines(content)][:3] == [
        "vrrp_instance {{ .name }} {",
        "{{- if .a }}",
        "  state BACKUP",
    ]
    assert places(content)["100"] == (12, 16, 19)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"vrrp_instance: [1\n", "a.yaml:2:1: not YAML: "),
        (b"x: vrrp_instance\n\0", "a.yaml: not YAML: "),
        (b"x: vrrp_instance\n" + b"[" * 100_000, "nest"),
        (b"a: 1\n", "holds no keepalived configuration"),
    ],
)
def test_what_is_no_yaml_is_one_line(content: bytes, said: str) -> None:
    """With the place where the parser has one."""
    with pytest.raises(InputError) as caught:
        carried("a.yaml", content)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf_8_keep_their_columns() -> None:
    """A comment in another encoding is no reason not to read the file."""
    content = b"data:\n  keepalived.conf: |\n    # \xe4\xf6\n    vrrp_instance \xfc {\n    }\n"
    (placed,) = carried("a.yaml", content)
    assert [line.text for line in placed.lines] == ["# \udce4\udcf6", "vrrp_instance \udcfc {", "}"]


def test_aliases_are_read_once() -> None:
    """However often they are used: a text is one configuration, and the file is read in time."""
    content = f"a0: &a0 |\n{indented(CONFIGURATION, '  ')}"
    for number in range(1, 40):
        content += f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}, *a{number - 1}]\n"
    assert names(content) == ["a0"]


def test_without_pyyaml_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML is an extra."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError) as caught:
        carried("a.yaml", b"keepalived.conf: |\n  vrrp_instance a {\n  }\n")
    assert str(caught.value) == ("a.yaml: needs PyYAML to find the configuration in it: pip install 'kalint[yaml]'")
