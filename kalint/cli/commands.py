"""Every command but `check`: call the pipeline, render, return the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from io import StringIO
from typing import NamedTuple

from kalint.cli.output import opened, paged, wants_color
from kalint.errors import UsageError
from kalint.pipeline.ids import load_each
from kalint.pipeline.priorities import priorities_of
from kalint.pipeline.reading import Asked, Loaded, settle, settled_by_itself
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
    times: bool = False


def write(command: str, result: object, writing: Writing) -> None:
    """Write a command's result as it was asked for."""
    with opened(writing.output, writing.format) as stream:
        renderer(command, writing.format)(result, stream, color=wants_color(writing.color, stream))


def write_with(module: str, result: object, writing: Writing) -> None:
    """As `write`, with the `render` of a module that is no format of its own."""
    from importlib import import_module

    with opened(writing.output, writing.format) as stream:
        import_module(module).render(result, stream, color=wants_color(writing.color, stream))


def _write_each(
    command: str, loaded: Mapping[str | None, Loaded], answer: Callable[[Loaded], object], writing: Writing
) -> None:
    """Write an answer for each config id or configuration of a file, or the one that there is."""
    results = {which: answer(each) for which, each in loaded.items()}
    by_id = {config_id: result for config_id, result in results.items() if config_id is not None}
    if not by_id:
        write(command, results[None], writing)
        return
    from kalint.report.by_config_id import render

    texts = {each.text.placed.name for each in loaded.values() if each.text.placed is not None}
    what = "configuration" if len(texts) > 1 else "config id"
    with opened(writing.output, writing.format) as stream:
        render(command, writing.format, by_id, stream, what, color=wants_color(writing.color, stream))


def _load(file: str, asked: Asked) -> dict[str | None, Loaded]:
    """A file, or what standard input holds for `-`, by the config ids that it names (None: it names none)."""
    request, _ = settle(asked, file)
    return load_each("<stdin>", sys.stdin.buffer.read(), request) if file == "-" else load_each(file, None, request)


def _known(loaded: Loaded) -> object:
    """What a configuration resolves to; of a template, what no rendering changes."""
    if loaded.text.template is None:
        return loaded.resolved
    from kalint.report.unrendered import questioned

    return questioned(loaded.resolved, loaded.text.template.mask)


def show(file: str, asked: Asked, writing: Writing) -> int:
    """Always 0: what is wrong with the file is the business of `check`."""
    _write_each("show", _load(file, asked), _known, writing)
    return 0


def priorities(file: str, asked: Asked, question: Question, writing: Writing) -> int:
    """Always 0, as `show`."""

    def answer(loaded: Loaded) -> object:
        settled_by_itself(file, loaded.text)
        found = priorities_of(loaded, question.states, question.rest, question.combinations)
        return found._replace(times=question.times)

    _write_each("priorities", _load(file, asked), answer, writing)
    return 0


def explain(code: str, color: str) -> int:
    """A rule's page.

    Raises:
        UsageError: there is no such rule.
    """
    from kalint.report.explain import render

    page = StringIO()
    render(code, page, color=wants_color(color, sys.stdout))
    paged(page.getvalue())
    return 0


def explain_keyword(name: str) -> int:
    """What the keyword table says of a keyword, in each block where it may stand.

    Raises:
        UsageError: there is no such keyword.
    """
    from kalint.model.keywords import suggest_anywhere
    from kalint.model.keywords.page import explain as explained

    text = explained(name)
    if not text:
        close = suggest_anywhere(name)
        advice = f"; did you mean {close}?" if close else ""
        raise UsageError(f"keepalived has no keyword '{name}'{advice}")
    paged(text)
    return 0


def rules(writing: Writing) -> int:
    """All rules."""
    from kalint.rules import RULES, live, load
    from kalint.rules.cluster import documented

    write("rules", (*(load(row) for row in RULES), *documented(), *live.documented()), writing)
    return 0
