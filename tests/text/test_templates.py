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
        ("state {% if a %}MASTER{% else %}BACKUP{% endif %}", "state " + "?" * 43),
        ("vrrp_instance V_{% if a %}1{% else %}2{% endif %} {", "vrrp_instance V_" + "?" * 33 + " {"),
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
        ("{% for x in y %}\nx {\n{% endfor %}\n", True),  # the body once is a rendering
        ("{% raw %}\n{% endraw %}{% if a %}\nx {\n{% endif %}\n", False),
        ("x {\n{{ range .a }}\n  {{ . }}\n{{ end }}\n}\n", True),
        ("x {\n<% @a.each do |b| -%>\n <%= b %>\n<% end -%>\n}\n", True),
        ("<% if $x { %>\na {\n}\n<% } else { %>\nb\n<% } -%>\n", True),
    ],
)
def test_blocks_that_hang_on_conditions_are_known(template: str, balanced: bool) -> None:
    """A brace that is opened in one branch only makes the blocks of all that follows a guess."""
    assert masked(template).balanced is balanced


@pytest.mark.parametrize(
    ("template", "missing"),
    [
        ("x {\n}\n", 0),
        ("x {\n{% if a %}\ny {\n{% endif %}\n}\n", 1),
        ("{% if a %}\nx {\n{% else %}\ny {\n{% endif %}\n}\n", 0),
        ("{% if a %}\nx {\n{% endif %}\nz\n{% if a %}\n}\n{% endif %}\n", 0),  # they may go together
        ("{% for x in y %}\nx {\n{% endfor %}\n", 1),
        ("x { # {\n}}\n", -1),
        ("{% if a %}\nx {\n}\n{% elif b %}\ny {\n{% endif %}\n", 1),
    ],
)
def test_missing_braces_are_counted(template: str, missing: int) -> None:
    """Those that are missing wherever their branch is taken; comments have none."""
    assert masked(template).missing == missing


def test_one_branch_can_be_read_alone() -> None:
    """The others are blank; a condition with fewer branches gives its last one."""
    template = "{% if a %}\nb\n{% elif c %}\nd\n{% else %}\ne\n{% endif %}\n{% if f %}\ng\n{% endif %}\n"
    assert masked(template).branches == 3
    for branch, left in enumerate((["b", "g"], ["d", "g"], ["e", "g"])):
        assert masked(template, branch=branch).text.split() == left


def test_raw_text_of_go_is_a_template() -> None:
    """OpenShift's manifests are templates of templates."""
    text = masked("{{`{{ range .a }}\nstate MASTER\n{{ end }}`}}\n").text
    assert text.split() == ["state", "MASTER"]


@pytest.mark.parametrize("opening", ["{{", "{%", "{#", "<%", "%{", "${", "{{{x}}", "@a"])
def test_tags_that_are_never_closed_are_looked_at_once(opening: str) -> None:
    """A million characters of them: looking at all that follows each of them would take hours."""
    text = opening * (1_000_000 // len(opening))
    assert len(masked(text).text) == len(text)
