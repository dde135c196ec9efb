"""Completion: keywords by block and release, their values, options of entries, and the names of the configuration."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.lsp import described, hovers
from kalint.lsp.cursor import cursor_of
from kalint.lsp.names import DEFINITION, GROUP, INSTANCE, SERVER_GROUP, TRACK_GROUP, names_of
from kalint.lsp.suppressing import codes_for
from kalint.model.builder import TRACK_BLOCKS
from kalint.model.keywords import arguments_of, keywords, present
from kalint.model.keywords.forms import BOOLEANS, slots
from kalint.model.keywords.languages import LANGUAGES
from kalint.source import FROM_ENVIRONMENT
from kalint.text.stream import comment_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.lsp.cursor import Cursor
    from kalint.lsp.project import Point, Project
    from kalint.model.keywords import Keyword

TRIGGERS = ["$", "[", " "]
_INCLUDE = re.compile(r"\s*include[rmwba]?\s+(\S*)\Z")
_USE = re.compile(r"\$\{?(\w*)\Z")
_REMARK = re.compile(r"kalint:\s*ignore(?:-file)?\[[^\]]*\Z")
_KINDS = types.CompletionItemKind


def answer(project: Project, params: types.CompletionParams) -> types.CompletionList | None:
    """What may be written at the cursor."""
    point = project.point(params.text_document.uri, params.position)
    if point is None:
        return None
    line = point.positions.line(point.line)[: point.column - 1]
    comment = comment_start(line)
    if comment >= 0:
        items = codes_for(point) if _REMARK.search(line, comment) else iter(())
    elif (use := _USE.search(line)) is not None:
        items = _names(project, point, DEFINITION, len(use.group(1)))
    elif (included := _INCLUDE.match(line)) is not None:
        items = _paths(point, included.group(1))
    else:
        cursor = cursor_of(project, point)
        items = iter(()) if cursor is None else _items(project, point, cursor)
    return types.CompletionList(is_incomplete=False, items=list(items))


def resolve(_project: Project, item: types.CompletionItem) -> types.CompletionItem:
    """The item with the page of its keyword."""
    data = item.data
    if isinstance(data, dict) and isinstance(data.get("context"), str):
        row = keywords(data["context"]).get(item.label)
        if row is not None:
            text = "\n\n".join(part for part in described.keyword(row) if part)
            item.documentation = types.MarkupContent(types.MarkupKind.Markdown, text)
    return item


def _items(project: Project, point: Point, cursor: Cursor) -> Iterator[types.CompletionItem]:
    size = len(cursor.typed)
    if not cursor.before and cursor.context is not None:
        yield from _keywords(point, cursor)
        return
    row = keywords(cursor.context).get(cursor.before[0]) if cursor.context is not None else None
    if row is not None:
        yield from _words(project, point, cursor, arguments_of(row, cursor.version), cursor.before[1:])
    elif cursor.context is None and cursor.block is not None:
        kind = _kind_of_entries(cursor.block.name)
        if kind and (not cursor.before or cursor.block.name == "group"):
            yield from _names(project, point, kind, size)
        else:
            yield from _words(project, point, cursor, cursor.block.entries, cursor.before)


def _kind_of_entries(block: str) -> str:
    """What kind of names the entries of a block begin with, or ""."""
    return INSTANCE if block == "group" else TRACK_BLOCKS.get(block, "")


def _keywords(point: Point, cursor: Cursor) -> Iterator[types.CompletionItem]:
    """The keywords of the block that the release knows; what is there already and does not add up comes last."""
    there = {node.keyword for node in cursor.items}
    for row in keywords(cursor.context or "").values():
        if not present(row, cursor.version):
            continue
        deprecated = bool(row.deprecated) and (row.deprecated_from or cursor.version) <= cursor.version
        rank = 2 if deprecated else int(row.name in there and not row.repeatable)
        yield _item(
            point,
            row.name,
            len(cursor.typed),
            _KINDS.Module if row.block or row.entries else _KINDS.Keyword,
            f"{rank}{row.name}",
            detail=_detail(row, cursor),
            tags=[types.CompletionItemTag.Deprecated] if deprecated else None,
            data={"context": row.context},
        )


def _detail(row: Keyword, cursor: Cursor) -> str:
    form = arguments_of(row, cursor.version)
    return " ".join(filter(None, (form, "{ }" if row.block or row.entries else "")))


def _words(
    project: Project, point: Point, cursor: Cursor, form: str, before: tuple[str, ...]
) -> Iterator[types.CompletionItem]:
    """The words that a form has in the place after `before`."""
    size = len(cursor.typed)
    fields = slots(form)
    slot = fields[min(len(before), len(fields) - 1)] if fields else None
    if slot is None or (len(before) >= len(fields) and not slot.many):
        return
    if slot.kind.startswith("options("):
        yield from _options(project, point, cursor, slot.kind[8:-1].removeprefix("static-"), before)
    elif slot.kind == "interface":
        yield from _names(project, point, "interface", size)
    elif slot.kind == "bool":
        yield from _values(point, size, sorted(BOOLEANS))
    elif slot.kind.startswith(("(", "anycase(")):
        yield from _values(point, size, slot.kind.partition("(")[2].rstrip(")").split("|"))
    elif slot.kind == "server":
        yield from _values(point, size, ["fwmark", "group"])
    around = cursor.chain[-1].keyword if cursor.chain else ""
    if (around, cursor.before[:1]) == ("FILE_CHECK", ("track_file",)):
        yield from _names(project, point, "file", size)
    elif (around, cursor.before[:1]) == ("BFD_CHECK", ("name",)):
        yield from _names(project, point, "bfd", size)


def _options(
    project: Project, point: Point, cursor: Cursor, name: str, before: tuple[str, ...]
) -> Iterator[types.CompletionItem]:
    """The options of an entry that are not there yet, or the value of the last one."""
    size = len(cursor.typed)
    if name.startswith("weighed"):
        if before[-1:] != ("weight",):
            yield from _values(point, size, [each for each in hovers.WEIGHED if each not in before])
        return
    if name == "server" and before[-1:] == ("group",):
        yield from _names(project, point, SERVER_GROUP, size)
        return
    language = LANGUAGES.get(name)
    if language is None:
        return
    value = language.values.get(before[-1], "") if before else ""
    if value.endswith("interface"):
        yield from _names(project, point, "interface", size)
    elif before and before[-1] == "track_group":
        yield from _names(project, point, TRACK_GROUP, size)
    elif value.startswith("("):
        yield from _values(point, size, value.partition("(")[2].partition(")")[0].split("|"))
    elif not value:
        known = (each for each in language.values if language.since.get(each, cursor.version) <= cursor.version)
        yield from _values(point, size, [each for each in known if each not in before], _KINDS.Property)


def _values(
    point: Point, size: int, words: Iterable[str], kind: types.CompletionItemKind = _KINDS.EnumMember
) -> Iterator[types.CompletionItem]:
    for word in words:
        yield _item(point, word, size, kind)


def _names(project: Project, point: Point, kind: str, size: int) -> Iterator[types.CompletionItem]:
    """The names of a kind: those that are defined; of interfaces those that are used."""
    found: dict[str, str] = {}
    for snapshot in project.snapshots(point.document):
        for name in names_of(snapshot):
            here = name.span.line == point.line and os.path.realpath(name.span.file) == point.document.real
            if FROM_ENVIRONMENT in name.name:
                continue  # its name is in no file
            if name.kind == kind and (name.defines or (kind == "interface" and not here)):
                found.setdefault(name.name, f"{os.path.basename(name.span.file)}:{name.span.line}")
    icon = {"script": _KINDS.Function, INSTANCE: _KINDS.Class, GROUP: _KINDS.Class}.get(kind, _KINDS.Variable)
    for each, place in found.items():
        yield _item(point, each, size, icon, detail=f"{kind}, {place}")


def _paths(point: Point, typed: str) -> Iterator[types.CompletionItem]:
    """Files and folders beside the document, for an include."""
    folder, start = os.path.split(typed)
    base = os.path.join(os.path.dirname(point.document.real), folder)
    with suppress(OSError, ValueError):
        for name in sorted(os.listdir(base)):
            if name.startswith(start) and not (name.startswith(".") and not start):
                directory = os.path.isdir(os.path.join(base, name))
                yield _item(point, name, len(start), _KINDS.Folder if directory else _KINDS.File)


def _item(
    point: Point,
    label: str,
    size: int,
    kind: types.CompletionItemKind,
    sort: str | None = None,
    *,
    detail: str | None = None,
    tags: list[types.CompletionItemTag] | None = None,
    data: object = None,
) -> types.CompletionItem:
    """An item in place of the last `size` characters before the cursor."""
    edit = types.TextEdit(point.positions.between(point.offset - size, point.offset), label)
    return types.CompletionItem(
        label, kind=kind, detail=detail or None, sort_text=sort, text_edit=edit, tags=tags, data=data
    )
