"""The names of a configuration: where each is defined, and where it is used."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kalint.lsp.tree import walk
from kalint.model.builder import DEFINITIONS, TRACK_BLOCKS
from kalint.model.keywords.forms import slots
from kalint.model.keywords.languages import LANGUAGES
from kalint.source import Span
from kalint.text.definitions import DEFINE, LOOKS_LIKE_USE
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.lsp.judging import Snapshot
    from kalint.lsp.tree import Site
    from kalint.source import Word
    from kalint.syntax.tree import Node
    from kalint.text import Text

INSTANCE, GROUP, TRACK_GROUP, SERVER_GROUP = "instance", "sync group", "track group", "virtual server group"
DEFINITION = "definition"
_BLOCKS = {
    **DEFINITIONS,
    "vrrp_track_file": "file",
    "vrrp_instance": INSTANCE,
    "vrrp_sync_group": GROUP,
    "track_group": TRACK_GROUP,
    "virtual_server_group": SERVER_GROUP,
}
"""Keywords of the top level whose first word is the name of what they define."""
_CHECKERS = {"FILE_CHECK": ("track_file", "file"), "BFD_CHECK": ("name", "bfd")}
"""Checkers with a statement that names something."""


class Name(NamedTuple):
    """One place where a name stands. `kind` is a kind of tracker, or one of those above.

    `span` are the characters of the name alone. `whole`: they are the name, so that another can be written there; else
    a part of it comes from a `$definition`, a sequence, or the environment, whose values `name` has not.
    """

    kind: str
    name: str
    span: Span
    defines: bool
    whole: bool = True

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.name


def names_of(snapshot: Snapshot) -> Iterator[Name]:
    """Every name of a configuration, each place once, the readings of all config ids together."""
    seen: set[tuple[str, Span]] = set()
    for view in snapshot.views:
        for name in (*_of_tree(view.nodes), *_of_text(view.text)):
            place = name.kind, name.span
            if place not in seen:
                seen.add(place)
                written = view.written(name.name, name.span)
                yield name if written == name.name else name._replace(name=written, whole=False)


def name_at(names: Iterable[Name], real: str, line: int, column: int) -> Name | None:
    """The name at a place, or just before it; a `$NAME` before what it stands for."""
    found = [
        each
        for each in names
        if each.span.line == line
        and each.span.column <= column <= each.span.end_column
        and os.path.realpath(each.span.file) == real
    ]
    return min(found, key=lambda each: (each.kind != DEFINITION, column == each.span.end_column), default=None)


def _of_tree(nodes: Iterable[Node]) -> Iterator[Name]:
    for site in walk(nodes):
        yield from _of_site(site)


def _of_site(site: Site) -> Iterator[Name]:
    words = site.node.words
    keyword = words[0].text
    if site.row is not None:
        if not site.outer and keyword in _BLOCKS and len(words) > 1:
            yield _name(_BLOCKS[keyword], words[1], defines=True)
        if keyword == "virtual_server" and len(words) > 2 and words[1].text == "group":
            yield _name(SERVER_GROUP, words[2])
        around = site.outer[-1].keyword if site.outer else ""
        if around in _CHECKERS and _CHECKERS[around][0] == keyword and len(words) > 1:
            yield _name(_CHECKERS[around][1], words[1])
        if site.row.entries and site.node.items is None:
            return
    elif site.block is not None and site.block.entries:
        block = site.block.name
        if block in TRACK_BLOCKS:
            yield _name(TRACK_BLOCKS[block], words[0])
            return
        if block == "group":
            yield from (_name(INSTANCE, word) for word in words)
            return
    yield from _interfaces(site)


def _interfaces(site: Site) -> Iterator[Name]:
    """The interfaces, and the track groups, that the form of a statement has a place for."""
    form, first = site.form
    words = site.node.words
    fields = slots(form)
    for index, word in enumerate(words[first:]):
        if index < len(fields) and fields[index].kind == "interface":
            yield _name("interface", word)
    language = LANGUAGES.get(form.partition("options(")[2].partition(")")[0].removeprefix("static-"))
    for before, word in pairwise(words) if language is not None else ():
        if language is not None and language.values.get(before.text, "").endswith("interface"):
            yield _name("interface", word)
        elif before.text == "track_group":
            yield _name(TRACK_GROUP, word)


def _name(kind: str, word: Word, defines: bool = False) -> Name:
    span = word.span
    whole = span.line == span.end_line and span.end_column - span.column == word.end - word.start
    if word.quoted and whole:
        span = span._replace(column=span.column + 1, end_column=span.end_column - 1)
    if whole and word.line.pieces:
        pieces = [each for each in word.line.pieces if each.start < word.end and each.end > word.start]
        whole = len(pieces) == 1 and pieces[0].literal
    return Name(kind, word.shown, span._replace(via=None), defines, whole)


def _of_text(text: Text) -> Iterator[Name]:
    """The `$definitions`: they are replaced before there are words."""
    for file, lines in text.files.items():
        for number, line in enumerate(lines, 1):
            if "$" not in line:
                continue
            comment = comment_start(line)
            said = line if comment < 0 else line[:comment]
            start = len(said) - len(said.lstrip())
            if said[start : start + 1] == "@":
                start = len(said) - len(said[start:].partition(" ")[2].lstrip())
            defined = DEFINE.match(said, start)
            if defined is not None:
                yield _definition(file, number, defined.start(1), defined.group(1), defines=True)
            for found in LOOKS_LIKE_USE.finditer(said, start if defined is None else defined.end(1)):
                yield _definition(file, number, found.start(1), found.group(1), defines=False)


def _definition(file: str, number: int, start: int, name: str, defines: bool) -> Name:
    return Name(DEFINITION, name, Span(file, number, start + 1, number, start + 1 + len(name)), defines)
