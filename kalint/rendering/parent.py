"""A template rendered for one node: the lines that keepalived reads, each of which knows its place in the template."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from kalint.errors import InputError
from kalint.rendering.child import MOST_SECONDS
from kalint.source import Line, Piece, Span
from kalint.text.placed import Placed
from kalint.text.templates import UNKNOWN, masked

GRACE = 50
"""Seconds that starting the process may take beyond its own."""


def rendered(
    path: str, lines: list[str], node: str, variables: Mapping[str, Sequence[str]], root: str | None = None
) -> Placed:
    """A template of Jinja2 rendered with the variables of a node.

    Args:
        path: the template.
        lines: what it holds.
        node: whose variables count: a key of `variables`.
        variables: the files of variables of each node.
        root: the folder that all files must be in; None: anywhere.

    Raises:
        InputError: it cannot be rendered; the message has the line of the template.
    """
    request = {
        "path": path,
        "text": "\n".join(lines) + "\n",
        "node": node,
        "variables": {name: list(files) for name, files in variables.items()},
        "root": root,
    }
    answer = _asked(path, request)
    if "error" in answer:
        raise InputError(answer["error"])
    sources: dict[str, list[str]] = answer["sources"]
    sources.pop(path, None)
    whole = tuple(_line(text, runs, path) for text, runs in zip(answer["lines"], answer["runs"], strict=True))
    visible = {file: masked("\n".join(own)).text.replace(UNKNOWN, "?").split("\n") for file, own in sources.items()}
    mask = masked("\n".join(lines)).text.replace(UNKNOWN, "?").split("\n")
    return Placed("", whole, mask, lines, exact=False, others=visible)


def _asked(path: str, request: dict[str, Any]) -> dict[str, Any]:
    late = f"{path}: rendering takes longer than {MOST_SECONDS} s"
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "kalint.rendering.child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=MOST_SECONDS + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(late) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be rendered: {error.strerror}") from None
    if ran.returncode < 0:
        raise InputError(late)
    try:
        answer: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        missing = b"No module named" in ran.stderr
        why = ran.stderr.decode("utf-8", "replace").strip().split("\n")[-1] if missing else "the renderer failed"
        raise InputError(f"{path}: cannot be rendered: {why}") from None
    return answer


def _line(text: str, runs: Sequence[Sequence[Any]], path: str) -> Line:
    """A line from its runs of characters."""
    pieces = []
    at = 0
    for size, file, number, column, end, literal in runs:
        pieces.append(Piece(at, at + size, Span(file, number, column, number, end), bool(literal)))
        at += size
    if at != len(text):
        pieces = [Piece(0, max(1, len(text)), pieces[0].span if pieces else Span(path, 1, 1, 1, 2), False)]
    if not pieces:
        return Line(text, path, 1, 1)
    span = pieces[0].span
    if len(pieces) == 1 and pieces[0].literal:
        return Line(text, span.file, span.line, span.column)
    return Line(text, span.file, span.line, span.column, tuple(pieces))
