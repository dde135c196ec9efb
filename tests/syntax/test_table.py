"""The committed table is the grammar's, and our driver and lark read alike."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Tree

from kalint.source import Line
from kalint.syntax import parse
from kalint.syntax.compile import TABLE, lark, source
from kalint.syntax.tree import Node
from kalint.text import read

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "files"
TERMINALS = {"{": "OPEN", "}": "CLOSE"}
LARK = lark()

Shape = tuple[str, "tuple[Shape, ...] | None"]


def test_table_is_what_the_grammar_says() -> None:
    """`python -m kalint.syntax.compile` would change nothing."""
    assert TABLE.read_text("utf-8") == source()


def test_check_never_imports_lark() -> None:
    """It would take longer than all the rest."""
    script = "import sys, kalint.text.stream, kalint.syntax; sys.exit('lark' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": ":".join(sys.path)}, check=False).returncode
        == 0
    )


def _of_lark(tree: Tree[str]) -> tuple[Shape, ...]:
    """The items of lark's `items`, which grow to the left."""
    shapes: list[Shape] = []
    while tree.data == "more":
        before, item = tree.children
        assert isinstance(before, Tree)
        assert isinstance(item, Tree)
        inner = item.children[2] if item.data == "block" else None
        assert inner is None or isinstance(inner, Tree)
        shapes.append((str(item.children[0]), None if inner is None else _of_lark(inner)))
        tree = before
    return tuple(reversed(shapes))


def _of_ours(nodes: tuple[Node, ...]) -> tuple[Shape, ...]:
    return tuple((node.line.text, None if node.items is None else _of_ours(node.items)) for node in nodes)


def _alike(lines: list[Line]) -> None:
    """Where ours has no problem with the braces, lark reads the same tree."""
    nodes, problems = parse(lines)
    if any(problem.kind.startswith("brace") for problem in problems):
        return
    tree = LARK.parse([(TERMINALS.get(line.text, "STATEMENT"), line.text) for line in lines])  # type: ignore[arg-type]
    assert isinstance(tree.children[0], Tree)
    assert _of_ours(nodes) == _of_lark(tree.children[0])


def _joined(parts: list[list[str]]) -> list[str]:
    return [text for part in parts for text in part]


statements = st.sampled_from("abc").map(lambda text: [text])
items = st.recursive(
    st.lists(statements).map(_joined),
    lambda inner: st.lists(st.one_of(statements, inner.map(lambda lines: ["h", "{", *lines, "}"]))).map(_joined),
    max_leaves=30,
)


@pytest.mark.long
@given(items)
def test_well_formed_lines_read_as_lark_reads_them(texts: list[str]) -> None:
    """And without a problem."""
    lines = [Line(text, "f", number, 1) for number, text in enumerate(texts, 1)]
    assert parse(lines)[1] == ()
    _alike(lines)


@given(st.lists(st.sampled_from(["a", "vrrp_instance b", "{", "}"]), max_size=40))
def test_any_lines_keep_their_statements(texts: list[str]) -> None:
    """Whatever the braces: every statement is in the tree, in order, and brackets that do not fit are problems."""
    lines = [Line(text, "f", number, 1) for number, text in enumerate(texts, 1)]
    nodes, problems = parse(lines)
    assert _statements(nodes) == [text for text in texts if text not in TERMINALS]
    if texts.count("{") != texts.count("}"):
        assert problems
    _alike(lines)


def _statements(nodes: tuple[Node, ...]) -> list[str]:
    found = []
    for node in nodes:
        found += [node.line.text, *_statements(node.items or ())]
    return found


@pytest.mark.long
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_corpus_reads_as_lark_reads_it() -> None:
    """Real files, where their braces fit."""
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and os.stat(path).st_size < 20_000:
            lines = read(str(path)).lines
            if len(lines) < 3_000:
                _alike(lines)
