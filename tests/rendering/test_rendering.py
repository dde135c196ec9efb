"""Templates rendered with variables: the text, the place of each line, errors, limits, secrets."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kalint.errors import InputError
from kalint.rendering.engine import render
from kalint.rendering.parent import rendered

Run = Callable[..., SimpleNamespace]


def text_of(template: str, node: str = "lb1", **variables: Any) -> str:
    lines, _, _ = render("x.j2", template, node, {node: variables})
    return "\n".join(lines)


def origins(template: str, **variables: Any) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """Each line with the lines, columns and end columns of the template that it is made of."""
    lines, runs, _ = render("x.j2", template, "lb1", {"lb1": variables})
    return [(line, [run[2:5] for run in row]) for line, row in zip(lines, runs, strict=True) if line]


@pytest.mark.parametrize(
    ("template", "variables", "text"),
    [
        ("{% if a %}\nb\n{% endif %}\nc\n", {"a": True}, "b\nc\n"),  # trim_blocks, as Ansible has it
        ("  {% if a %}\nb\n  {% endif %}\nc\n", {"a": True}, "  b\n  c\n"),  # no lstrip_blocks
        ("#jinja2: lstrip_blocks: True\n  {% if a %}\nb\n  {% endif %}\n", {"a": 1}, "b\n"),
        ("#jinja2: trim_blocks: False\n{% if a %}\nb\n{% endif %}\n", {"a": 1}, "\nb\n"),
        ("{{ a }}|{{ b }}\n", {"a": None, "b": True}, "|True\n"),
        ("{{ a.b.c | default('d') }}{{ e.f is defined }}\n", {}, "dFalse\n"),
        ("{{ a }}\n", {"a": "{{ b + 1 }}", "b": "{{ c }}", "c": 3}, "4\n"),
        ("{% for x in a %}\n{{ x.n }}\n{% endfor %}\n", {"a": [{"n": "{{ m }}1"}], "m": "v"}, "v1\n"),
        ("{{ inventory_hostname }} {{ groups.all }}\n", {}, "lb1 ['lb1']\n"),
        ("{{ vars['a'] }} {{ hostvars[inventory_hostname].a }}\n", {"a": "{{ 1 }}"}, "1 1\n"),
        ("{{ ansible_managed | comment }}\n", {}, "#\n# Ansible managed\n#\n"),
        ("{{ a | bool | ternary('x', 'y') }}\n", {"a": "No"}, "y\n"),
        ("{{ a | ansible.builtin.bool }}\n", {"a": "yes"}, "True\n"),
        ("{{ '10.0.0.1/24' | ipaddr('address') }} {{ 'x' | ipaddr }}\n", {}, "10.0.0.1 False\n"),
        ("{{ '10.0.0.9/24' | ansible.utils.ipaddr('network/prefix') }}\n", {}, "10.0.0.0/24\n"),
        ("{{ ['10.0.0.1', 'fe80::1', 'x'] | ipv4 | join(',') }}\n", {}, "10.0.0.1\n"),
        (
            "{{ '10.0.0.0/24' | ipaddr('1') }} {{ '10.0.0.0/24' | ipaddr(-2) | ipaddr('address') }}\n",
            {},
            "10.0.0.1/24 10.0.0.254\n",
        ),
        ("{{ 'eth0:1' | regex_replace(':.*', '') }} {{ 'a1' | regex_search('[0-9]') }}\n", {}, "eth0 1\n"),
        ("{{ a | to_json }} {{ a | dict2items | map(attribute='key') | join }}\n", {"a": {"b": 1}}, '{"b": 1} b\n'),
        ("{{ a | selectattr('b', 'equalto', 1) | list | length }}\n", {"a": [{"b": 1}, {"b": 2}]}, "1\n"),
        ("{{ a | map(attribute='b') | max }}{{ 'x' is match('x') }}\n", {"a": [{"b": 1}, {"b": 2}]}, "2True\n"),
        ("{{ 'x' | hash('md5') }}\n", {}, "9dd4e461268c8034f5c8564e155c67a6\n"),
        ("{{ a | combine({'c': 2}) | length }}{{ [1, [2]] | flatten }}\n", {"a": {"b": 1}}, "2[1, 2]\n"),
        ("{% raw %}{{ x }}{% endraw %}{# c #}!\n", {}, "{{ x }}!\n"),
        ("{% set x = [] %}{% do x.append(1) %}{% set _ = x.append(2) %}{{ x }}\n", {}, "[1, 2]\n"),
        ("{% for i in range(5) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}\n", {}, "01\n"),
    ],
)
def test_a_template_renders_as_ansible_has_it(template: str, variables: dict[str, Any], text: str) -> None:
    """Blanks, undefined values, variables that name variables, and the filters that roles use."""
    assert text_of(template, **variables) == text


def test_each_character_knows_its_place() -> None:
    """Text stands where the template has it; a value stands for the whole `{{ }}`; a loop repeats its lines."""
    template = "a {{ x }} b\n{% for i in y %}\n  {{ i }};\n{% endfor %}\n{# c\n #}d\n"
    assert origins(template, x="1", y=[7, 8]) == [
        ("a 1 b", [(1, 1, 3), (1, 3, 10), (1, 10, 12)]),
        ("  7;", [(3, 1, 3), (3, 3, 10), (3, 10, 11)]),
        ("  8;", [(3, 1, 3), (3, 3, 10), (3, 10, 11)]),
        ("d", [(6, 4, 5)]),
    ]


def test_a_value_of_several_lines_stands_in_one_place() -> None:
    """Each of its lines is that `{{ }}`; the header of Ansible counts as a line."""
    assert origins("#jinja2: trim_blocks: True\nx\n{{ a }}\n", a="1\n2") == [
        ("x", [(2, 1, 2)]),
        ("1", [(3, 1, 8)]),
        ("2", [(3, 1, 8)]),
    ]


def test_a_filter_that_changes_text_keeps_the_lines() -> None:
    """What a macro or a filter makes of several lines is still told line by line."""
    template = "{% macro m() %}\nb\nc\n{% endmacro %}\na\n{{ m() | indent(2, true) }}\n"
    template += "{% filter upper %}\nd\n{% endfilter %}\ne\n"
    found = origins(template)
    assert [line for line, _ in found] == ["a", "  b", "  c", "D", "e"]
    assert [row[-1][0] for _, row in found] == [5, 2, 3, 8, 10]


def test_a_filter_that_sees_the_marks_changes_nothing() -> None:
    """The text is that of a rendering without marks; lines that cannot be told are those of the line above."""
    template = "{% set x %}\nab\n{% endset %}\nz\n{{ x | length }}\n{% if x == 'ab\\n' %}\ny\n{% endif %}\n"
    found = origins(template)
    assert [line for line, _ in found] == ["z", "3", "y"]


def test_includes_and_macros_of_other_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the template, or from the role's folder; their lines are shown in their own file."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/part.j2").write_text("one\ntwo {{ x }}\n")
    (tmp_path / "templates/m.j2").write_text("{% macro m(a) %}m {{ a }}{% endmacro %}")
    (tmp_path / "secret.j2").write_text("no\n")
    monkeypatch.chdir(tmp_path / "templates")
    template = (
        "{% include 'part.j2' %}\n\n{% import 'm.j2' as m %}\n{{ m.m(3) }}\n{% include './templates/part.j2' %}\n"
    )
    lines, runs, sources = render("main.j2", template, "n", {"n": {"x": 5}})
    assert [line for line in lines if line] == ["one", "two 5", "m 3", "one", "two 5"]
    places = [row[0][1:3] for row in runs if row]
    assert places == [("part.j2", 1), ("part.j2", 2), ("m.j2", 1), ("part.j2", 1), ("part.j2", 2)]
    assert sources["part.j2"] == ["one", "two {{ x }}", ""]
    with pytest.raises(InputError, match=r"main.j2:1: no template is named '../../etc/passwd'"):
        render("main.j2", "{% include '../../etc/passwd' %}\n", "n", {"n": {}})
    with pytest.raises(InputError, match=r"main.j2:1: no template has the name that a variable gives"):
        render("main.j2", "{% include password %}\n", "n", {"n": {"password": "S3cret"}})


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("a\n{{ b }}\n", "x.j2:2: 'b' is undefined"),
        ("a\n{{ c.d }}\n", "x.j2:2: a dictionary has no key 'd'"),
        ("a\n\n{{ 1 | nosuch }}\n", "x.j2:3: unknown filter 'nosuch'"),
        ("{% if false %}{{ 1 | nosuch }}{% endif %}{{ 1 is odder }}\n", "x.j2:1: unknown test 'odder'"),
        ("#jinja2: trim_blocks: True\n{% if %}\n", "x.j2:2: expected an expression, got 'end of statement block'"),
        ("a\n{% for x in y %}\n", "x.j2:2: "),
        ("{{ lookup('env', 'HOME') }}\n", "x.j2:1: lookup() reads what only Ansible has: pass the value as a variable"),
        ("{{ ''.__class__.__mro__ }}\n", "x.j2:1: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ 10 | random }}\n", "x.j2:1: random without a seed gives another file each time"),
        ("{{ mine }}\n", "x.j2:1: variable 'mine' names itself"),
        ("{{ pw | int('x') | regex_replace('(', '') }}\n", "x.j2:1: not a regular expression: "),
        ("{{ pw | from_json }}\n", "x.j2:1: cannot be rendered: JSONDecodeError"),
        ("#jinja2: color: 3\n", "x.j2:1: '#jinja2:' knows no 'color' here"),
    ],
)
def test_what_cannot_be_rendered_is_one_line(template: str, said: str) -> None:
    """With the line of the template, and never a value."""
    with pytest.raises(InputError) as caught:
        text_of(template, c={}, mine="{{ mine }}", pw="geheim77")
    assert str(caught.value).startswith(said.rstrip("."))
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000000) %}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{% for a in range(99999) %}{{ 'a' * 1000 }}{% endfor %}",
        "{{ 'a'.ljust(9999999999) }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'x.j2' %}",
        "{{ ('a' * 30) | regex_search('(a+)+b') }}",
    ],
)
def test_a_bomb_goes_off_elsewhere(template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, which may use so much time and memory: one line says so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.j2").write_text(template + "\n")
    (tmp_path / "v.yml").write_text("a: 1\n")
    started = time.monotonic()
    with pytest.raises(InputError) as caught:
        rendered("x.j2", [template], "", {"": ["v.yml"]})
    assert "\n" not in str(caught.value)
    assert "x.j2" in str(caught.value)
    assert time.monotonic() - started < 90  # 4 s of a processor, however many share it


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("v.yml", "a: [\n", "v.yml:2:1: not YAML: "),
        ("v.json", '{"a": }', "v.json:1:7: not JSON: "),
        ("v.toml", "a = \n", "v.toml:1:5: not TOML: "),
        ("v.yml", "- 1\n", "v.yml: holds no variables: "),
        ("v.yml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "v.yml: is encrypted by Ansible Vault: "),
        ("v.yml", None, "v.yml: No such file or directory"),
    ],
)
def test_variables_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, said: str
) -> None:
    """One line, with the place where there is one."""
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(name).write_text(content)
    with pytest.raises(InputError) as caught:
        rendered("x.j2", ["a"], "", {"": [name]})
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("v.yml", "a: 1\nb: !vault |\n  $ANSIBLE_VAULT;1.1\n  61\nc: !unsafe '{x}'\n"),
        ("v.json", '{"a": 1, "b": "vault-Pw", "c": "{x}"}'),
        ("v.toml", 'a = 1\nb = "vault-Pw"\nc = "{x}"\n'),
    ],
)
def test_variables_of_each_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str) -> None:
    """By the name's end; what Ansible Vault has encrypted is some password of eight characters."""
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(content)
    placed = rendered("x.j2", ["{{ a }} {{ b }} {{ c }}"], "", {"": [name]})
    assert [line.text for line in placed.lines] == ["1 vault-Pw {x}", ""]
