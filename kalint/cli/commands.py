"""Every command but `check`: call the pipeline, render, return the exit code."""

from __future__ import annotations

import sys
from typing import NamedTuple

from kalint.cli.output import opened, wants_color
from kalint.errors import UsageError
from kalint.pipeline import Request, compare, load, priorities_of
from kalint.report import renderer


class Writing(NamedTuple):
    """Where and how a result is written."""

    format: str
    output: str | None
    color: str


class Question(NamedTuple):
    """What `priorities` is asked beyond the file."""

    states: tuple[str, ...]
    rest: str
    combinations: bool


def _write(command: str, result: object, writing: Writing) -> None:
    with opened(writing.output) as stream:
        renderer(command, writing.format)(result, stream, color=wants_color(writing.color, stream))


def _content(file: str) -> tuple[str, bytes | None]:
    """A file's name and, for `-`, what standard input holds."""
    return ("<stdin>", sys.stdin.buffer.read()) if file == "-" else (file, None)


def show(file: str, request: Request, writing: Writing) -> int:
    _write("show", load(*_content(file), request).resolved, writing)
    return 0


def priorities(file: str, request: Request, question: Question, writing: Writing) -> int:
    result = priorities_of(load(*_content(file), request), question.states, question.rest, question.combinations)
    _write("priorities", result, writing)
    return 0


def diff(old: str, new: str | None, requests: tuple[Request, Request], writing: Writing) -> int:
    """1 where something changes.

    Raises:
        UsageError: one file under one release has nothing to be compared with.
    """
    if new is None and requests[0].version == requests[1].version:
        raise UsageError("diff needs two files, or one file and two releases: --from X.Y.Z --to X.Y.Z")
    comparison = compare((old, requests[0]), (new or old, requests[1]))
    _write("diff", comparison, writing)
    return int(bool(comparison.changes))


def explain(code: str, color: str) -> int:
    from kalint.report.explain import render

    render(code, sys.stdout, color=wants_color(color, sys.stdout))
    return 0


def rules(writing: Writing) -> int:
    from kalint.rules import RULES, load

    _write("rules", tuple(load(row) for row in RULES), writing)
    return 0
