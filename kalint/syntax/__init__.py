"""Logical lines to a tree of statements and blocks."""

from __future__ import annotations

import re

from kalint.problem import Problem
from kalint.source import Line, Word
from kalint.syntax.tree import Node

_WORD = re.compile(r'"([^"]*)"|[^ \t"]+')


def words(line: Line) -> tuple[Word, ...]:
    """The words of a logical line."""
    return tuple(
        Word(match.group().strip('"'), line, match.start(), match.end()) for match in _WORD.finditer(line.text)
    )


def parse(lines: list[Line]) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """The tree of the whole configuration, and the braces that did not fit."""
    stack: list[tuple[tuple[Word, ...], Line | None, list[Node]]] = [((), None, [])]
    for index, line in enumerate(lines):
        if line.text == "}":
            if len(stack) > 1:
                head, opener, items = stack.pop()
                stack[-1][2].append(Node(head, tuple(items), opener, line))
        elif line.text == "{":
            stack.append((words(lines[index - 1]), line, []))
        elif index + 1 == len(lines) or lines[index + 1].text != "{":
            stack[-1][2].append(Node(words(line)))
    return tuple(stack[0][2]), ()
