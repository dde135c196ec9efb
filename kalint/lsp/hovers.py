"""Hover: what a keyword does, what an instance can come to, when a script counts, what a `$NAME` stands for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.findings.secrets import Secrets
from kalint.lsp import described
from kalint.lsp.markdown import code, hover, plain
from kalint.lsp.names import DEFINITION, name_at, names_of
from kalint.lsp.tree import word_at
from kalint.model.keywords.languages import LANGUAGES
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol import types

    from kalint.lsp.judging import Snapshot
    from kalint.lsp.names import Name
    from kalint.lsp.project import Point, Project
    from kalint.lsp.tree import Found

_WITHOUT_ANSWERS = ("track group", "virtual server group")
MOST_LINES = 10
WEIGHED = {
    "weight": "Changes the priority by this much, in place of the weight of the definition.",
    "reverse": "Inverts the sign of the weight; with weight 0, success is a FAULT instead of failure.",
    "noreverse": "Keeps the sign of the weight if the definition has reverse.",
}
"""Options of a tracked thing (`kalint.model.keywords.sequences`)."""


def answer(project: Project, params: types.HoverParams) -> types.Hover | None:
    """What is known of the word at a place."""
    point = project.point(params.text_document.uri, params.position)
    if point is None:
        return None
    comment = comment_start(point.positions.line(point.line))
    if 0 <= comment < point.column - 1:
        return None
    for snapshot in project.snapshots(point.document):
        name = name_at(names_of(snapshot), point.document.real, point.line, point.column)
        if name is not None and name.kind not in _WITHOUT_ANSWERS:
            place = project.location(name.span).range
            if name.kind == DEFINITION:
                return hover(_definition(name, snapshot), place)
            return hover(described.thing(name, project, snapshot.root), place)
        found = _word(snapshot, point)
        if found is not None and (parts := list(_of_word(found))):
            return hover(parts, project.location(found.span).range)
    return None


def _word(snapshot: Snapshot, point: Point) -> Found | None:
    for view in snapshot.views:
        found = word_at(view.nodes, point.document.real, point.line, point.column)
        if found is not None:
            return found
    return None


def _of_word(found: Found) -> Iterator[str]:
    """The keyword of a word's statement; of an option of an entry what may stand after it."""
    site = found.site
    form, first = site.form
    language = LANGUAGES.get(form.partition("options(")[2].partition(")")[0].removeprefix("static-"))
    option = found.word.text
    if found.number >= max(first, 1) and language is not None and option in language.values:
        value = language.values[option]
        yield f"**{plain(option)}**: an option of {plain(language.noun)}"
        yield f"value: {code(value)}" if value else "without a value"
        if option in language.since:
            yield f"since {language.since[option]}"
    elif "options(weighed" in form and found.number > 0 and option in WEIGHED:
        yield f"**{plain(option)}**: an option of what is tracked"
        yield WEIGHED[option]
    elif site.row is not None:
        yield from described.keyword(site.row)
    elif site.block is not None and site.block.entries:
        yield from described.keyword(site.block)


def _definition(name: Name, snapshot: Snapshot) -> Iterator[str]:
    """The lines that a `$NAME` stands for, without what is secret in them."""
    yield f"**${plain(name.name)}**"
    for view in snapshot.views[:1]:
        secrets = Secrets(view.text.files)
        for each in names_of(snapshot):
            if each.key == name.key and each.defines:
                lines = view.text.files.get(each.span.file, [])
                last = each.span.line
                while (
                    last < len(lines) and lines[last - 1].rstrip().endswith("\\") and last - each.span.line < MOST_LINES
                ):
                    last += 1
                shown = [secrets.line(each.span.file, number).strip() for number in range(each.span.line, last + 1)]
                yield "```keepalived\n" + "\n".join(line.replace("```", "'''") for line in shown) + "\n```"
                yield f"{plain(os.path.basename(each.span.file))}, line {each.span.line}"
