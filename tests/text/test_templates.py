"""Templates without a rendering: placeholders are unknown, control tags are absent, places stay."""

from __future__ import annotations

import pytest

from kalint.text.templates import UNKNOWN, masked


def shown(text: str) -> str:
    return masked(text).text.replace(UNKNOWN, "?")


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("priority {{ p }}", "priority ???????"),
        ("a {{{x}}} b", "a ??????? b"),
        ("{% if a %}", "          "),
        ("{{- if .A }}", "            "),
        ("{{ $x := .y }}", "              "),
        ("<%= @p -%>", "??????????"),
        ("<% if @p -%>", "            "),
        ("priority ${P}", "priority ????"),
        ("%{ if p }", "         "),
        ("{# {{ a }} #}", "             "),
        (
            "state {% if a %}MASTER{% else %}BACKUP{% endif %}",
            "state" + " " * 11 + "?" * 6 + " " * 10 + "?" * 6 + " " * 11,
        ),
        ("unicast_peer { {{ range .n }}", "unicast_peer {" + " " * 15),
        ("{% if a %}nopreempt{% endif %}", " " * 10 + "nopreempt" + " " * 11),
        ('script "/bin/check 50%"', 'script "/bin/check 50%"'),
    ],
)
def test_what_a_rendering_decides_is_unknown(template: str, left: str) -> None:
    """As many characters as before, so that columns are those of the template."""
    assert shown(template) == left


def test_lines_stay() -> None:
    """A tag of several lines leaves as many."""
    mask = masked("a\n{# one\ntwo #}\n{{ b\n }}\nc\n")
    assert mask.text.replace(UNKNOWN, "?").split("\n") == ["a", "      ", "      ", "????", "???", "c", ""]
    assert (mask.control, mask.alone) == (frozenset({2, 3}), frozenset({4, 5}))


@pytest.mark.parametrize(
    ("template", "balanced"),
    [
        ("{% if a %}\nx {\n}\n{% else %}\ny\n{% endif %}\n", True),
        ("{% if a %}\nx {\n{% else %}\ny {\n{% endif %}\n}\n", False),
        ("{% for x in y %}\nx {\n{% endfor %}\n", False),
        ("x {\n{{ range .a }}\n  {{ . }}\n{{ end }}\n}\n", True),
        ("x {\n<% @a.each do |b| -%>\n <%= b %>\n<% end -%>\n}\n", True),
        ("<% if $x { %>\na {\n}\n<% } else { %>\nb\n<% } -%>\n", True),
    ],
)
def test_blocks_that_hang_on_conditions_are_known(template: str, balanced: bool) -> None:
    """A brace that is opened in one branch only makes the blocks of all that follows a guess."""
    assert masked(template).balanced is balanced
