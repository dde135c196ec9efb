"""The tree of a configuration, and one problem for each brace that does not fit."""

from __future__ import annotations

import pytest

from kalint.problem import Problem
from kalint.syntax import parse
from kalint.syntax.tree import Node
from kalint.text import read


def outline(nodes: tuple[Node, ...]) -> str:
    """A tree on one line: `a b(c d(e))` is block a b with statement c and block d, which holds e."""
    return " ".join(
        ".".join(word.text for word in node.words) + ("" if node.items is None else f"({outline(node.items)})")
        for node in nodes
    )


def parsed(text: str) -> tuple[str, list[tuple[str, int, int, str]]]:
    nodes, problems = parse(read("f", text.encode()).lines)
    return outline(nodes), [_key(problem) for problem in problems]


def _key(problem: Problem) -> tuple[str, int, int, str]:
    return problem.kind, problem.span.line, problem.span.column, problem.subject


TREES = {
    "": "",
    "a b\nc\n": "a.b c",
    "a b {\nc d\n}\n": "a.b(c.d)",
    "a\n{\n}\nb": "a() b",
    "a { b { c } d } e": "a(b(c) d) e",
}


@pytest.mark.parametrize("text", TREES)
def test_tree(text: str) -> None:
    """Statements and blocks, in order."""
    assert parsed(text) == (TREES[text], [])


def test_node_knows_its_braces() -> None:
    """`opener` and `closer` are the lines of the braces; a statement has neither."""
    (block,), _ = parse(read("f", b"a b {\n c\n}\n").lines)
    assert block.items is not None
    assert block.opener is not None
    assert block.closer is not None
    assert (block.opener.span()[1:3], block.closer.span()[1:3]) == ((1, 5), (3, 1))
    assert (block.keyword, block.span[1:5]) == ("a", (1, 1, 1, 4))
    assert block.items[0][1:] == (None, None, None)


RECOVERY = {
    "an extra brace": ("a {\nb\n}\n}\nc\n", "a(b) c", [("brace-extra", 4, 1, "")]),
    "two extra braces": ("a\n}\n}\nb\n", "a b", [("brace-extra", 2, 1, ""), ("brace-extra", 3, 1, "")]),
    "a brace without a head": ("{\na\n", "a", [("brace-unexpected", 1, 1, "")]),
    "a pair of braces without a head": ("a {\n{\nb\n}\nc\n}\nd", "a(b c) d", [("brace-unexpected", 2, 1, "")]),
    "two opening braces": ("a {\n{\nb\n}\nc\n", "a(b) c", [("brace-unexpected", 2, 1, "")]),
    "a block after a block's end": ("a {\n} {\nb\n}\nc\n", "a() b c", [("brace-unexpected", 2, 3, "")]),
    "an open block at the end": ("a {\nb\n", "a(b)", [("brace-unclosed", 1, 3, "a")]),
    "two open blocks at the end": (
        "a {\nb {\nc",
        "a(b(c))",
        [("brace-unclosed", 2, 3, "b"), ("brace-unclosed", 1, 3, "a")],
    ),
    "an instance in an open instance": (
        "vrrp_instance A {\nx\nvrrp_instance B {\ny\n}\nvrrp_script C {\n}\n",
        "vrrp_instance.A(x) vrrp_instance.B(y) vrrp_script.C()",
        [("brace-unclosed", 1, 17, "vrrp_instance A")],
    ),
    "one missing here, one too many there": (
        "vrrp_instance A {\nx\nvrrp_instance B {\ny\n}\n}\nz\n",
        "vrrp_instance.A(x) vrrp_instance.B(y) z",
        [("brace-unclosed", 1, 17, "vrrp_instance A"), ("brace-extra", 6, 1, "")],
    ),
    "an inner block that indentation shows": (
        "vrrp_instance A {\n  track_script {\n    x\n}\nvrrp_instance B {\n}\n",
        "vrrp_instance.A(track_script(x)) vrrp_instance.B()",
        [("brace-unclosed", 2, 16, "track_script")],
    ),
    "indentation means nothing where braces fit": (
        "a {\n  b {\n    c\n}\nd\n  }\n",
        "a(b(c) d)",
        [],
    ),
    "a wrapper of unknown name": ("wrap {\nvrrp_instance A {\n}\n}\n", "wrap(vrrp_instance.A())", []),
    "a missing opening brace": (
        "vrrp_instance A\nx\n}\nvrrp_script B {\n}\n",
        "vrrp_instance.A(x) vrrp_script.B()",
        [("brace-missing", 1, 1, "vrrp_instance")],
    ),
    "a missing opening brace inside": (
        "vrrp_instance A {\nvirtual_ipaddress\nx\n}\ny\n}\n",
        "vrrp_instance.A(virtual_ipaddress(x) y)",
        [("brace-missing", 2, 1, "virtual_ipaddress")],
    ),
    "an open quote": ('a "b c\nd\n', "a d", [("unterminated-quote", 1, 3, "")]),
    "an open quote and nothing else": ('"b c\nd\n', "d", [("unterminated-quote", 1, 1, "")]),
    "an open quote alone before a brace": ('c\n"\n{\nd\n}\n', "c(d)", [("unterminated-quote", 2, 1, "")]),
    "an open quote before a brace": ('a "b {\nc\n}\nd\n', "a(c) d", [("unterminated-quote", 1, 3, "")]),
    "a template's markup": ("a {\nb {{ c }}\n{% if d %}\n}\n", "a(b.{{.c.}} {%.if.d.%})", []),
}


@pytest.mark.parametrize("case", RECOVERY)
def test_recovery(case: str) -> None:
    """One mistake is one problem, at the brace that is to blame, and the rest is read."""
    text, tree, problems = RECOVERY[case]
    assert parsed(text) == (tree, problems)


@pytest.mark.long
def test_depth_is_bounded() -> None:
    """100,000 blocks within one another do not make a tree that nobody can walk."""
    nodes, problems = parse(read("f", b"a {\n" * 100_000 + b"}\n" * 100_000 + b"b {\nc\n}\n").lines)
    assert [problem.kind for problem in problems] == ["brace-unexpected"]
    assert outline(nodes[1:]) == "b(c)"
    assert outline(nodes[:1]).count("(") == 100


@pytest.mark.long
def test_openings_without_end_are_bounded() -> None:
    """Only openings."""
    _, problems = parse(read("f", b"a {\n" * 100_000).lines)
    assert {problem.kind for problem in problems} == {"brace-unclosed", "brace-unexpected"}
    assert len(problems) <= 200
