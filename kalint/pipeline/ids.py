"""One file for several nodes: the config ids that its `@id` lines name, and a reading of the file for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError
from kalint.findings.diagnostic import Related
from kalint.pipeline.reading import resolved_text
from kalint.text import Text, carried

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.reading import Loaded, Request

MOST_BRANCHES = 4
OTHER = "other"
"""The id that stands for all that a file does not name, where it has lines for them (`@^lb1`)."""
MOST = 64
"""Ids of one file that are read one by one; what it does with more is said (`ids_left_out`)."""


class Reading(NamedTuple):
    """A file as the node of one config id reads it; None: the file has no lines for single ids, or one was given.

    `part` is the name of one configuration of several in a YAML file, "" for a file that is one, or carries one.
    """

    text: Text
    request: Request
    config_id: str | None = None
    part: str = ""


def readings(name: str, content: bytes | None, request: Request) -> tuple[Reading, ...]:
    """A file once for each config id that it names, or once where the request has an id or the file names none.

    Of a YAML file with several configurations that is each of them, or the one whose name is the id of the request.

    Raises:
        InputError: the file cannot be read.
    """
    if request.variables:
        from kalint.pipeline.rendered import nodes_of

        if nodes := nodes_of(name, request.text, request.variables):
            return tuple(_rendered(name, content, request, node) for node in nodes)
    parts = carried(name, content, request.text)
    if not parts:
        return _readings(name, content, request)
    from kalint.text.carriers import labels

    names = labels(parts) if len(parts) > 1 else ("",)
    chosen = [index for index, each in enumerate(names) if each and each == request.text.config_id]
    return tuple(
        reading._replace(part=names[index])
        for index in chosen or range(len(parts))
        for reading in _readings(name, content, request._replace(text=request.text._replace(placed=parts[index])))
    )


def _readings(name: str, content: bytes | None, request: Request) -> tuple[Reading, ...]:
    text = request.read(name, content)
    if text.template is not None and text.template.mask.branches > 1 and not text.ids:
        return (Reading(text, request), *_branches(name, content, request, text.template.mask.branches))
    if request.text.config_id is not None or not text.ids:
        return (Reading(text, request),)
    found: dict[str, Reading] = {}
    waiting = list(ids_of(text))
    while waiting and len(found) < MOST:  # a line for one id may hold a line for another, or include a file with some
        config_id = waiting.pop(0)
        own = request._replace(text=request.text._replace(config_id=config_id))
        text = own.read(name, content)
        told = tuple(problem for problem in text.problems if problem.kind != "config-id-unknown")  # nobody gave this id
        found[config_id] = Reading(text._replace(problems=told), own, config_id)
        known = {*found, *waiting}
        waiting += [each for each in ids_of(found[config_id].text) if each not in known]
    return tuple(found.values())


def ids_left_out(every: Sequence[Reading]) -> str:
    """Says how many of the ids that a file names are not read, empty where all are."""
    reading_of_ids = [reading for reading in every if reading.config_id is not None]
    named = {(reading.part, each) for reading in reading_of_ids for each in ids_of(reading.text)}
    read = {(reading.part, reading.config_id) for reading in reading_of_ids}
    if named <= read:
        return ""
    judged, count = len(read), len(named - read)
    were = "was" if count == 1 else "were"
    return f"{count} of its {judged + count} config ids {were} not judged, only the first {judged}: choose one with -i"


def _all_read(name: str, every: tuple[Reading, ...]) -> tuple[Reading, ...]:
    if ids_left_out(every):
        raise InputError(f"{name}: has more than {MOST} config ids: choose one with -i")
    return every


def _branches(name: str, content: bytes | None, request: Request, most: int) -> Iterator[Reading]:
    """A template with one branch of each condition at a time: where all are read, only the last statement counts."""
    for branch in range(min(most - 1, MOST_BRANCHES)):
        own = request._replace(text=request.text._replace(branch=branch))
        yield Reading(own.read(name, content), own)


def _rendered(name: str, content: bytes | None, request: Request, node: str) -> Reading:
    from kalint.pipeline.rendered import rendering

    own = request._replace(text=rendering(name, content, request.text, request.variables, node, request.texts))
    return Reading(own.read(name, content), own, node or None)


def load_each(name: str, content: bytes | None, request: Request) -> dict[str | None, Loaded]:
    """A file resolved for each config id that it names, or once, under None.

    Raises:
        InputError: the file cannot be read, is no configuration of keepalived, or names too many ids.
    """
    found = _all_read(name, readings(name, content, request))
    return {heading(each): resolved_text(name, *each[:2]) for each in found if each.request.text.branch is None}


def heading(reading: Reading) -> str | None:
    """What tells a reading of a file from its others: the name of the configuration, the id, or both (`web@lb1`)."""
    if not reading.part:
        return reading.config_id
    return reading.part if reading.config_id is None else f"{reading.part}@{reading.config_id}"


def ids_of(text: Text) -> tuple[str, ...]:
    """The ids whose readings differ: those that lines name, and one more where lines are for all but a single one.

    A file that names two or more names all nodes, in clusters too (`node_ids`).
    """
    if not text.others or len(text.ids) > 1:
        return text.ids
    other = OTHER
    while other in text.ids:
        other += "s"
    return (*text.ids, other)


def node_ids(path: str, request: Request) -> tuple[str, ...]:
    """The ids of a file that are the nodes of a cluster; the one for all others only where the file names a single one.

    Raises:
        InputError: the file cannot be read, or names too many ids.
    """
    if request.variables:
        from kalint.pipeline.rendered import nodes_of

        if nodes := nodes_of(path, request.text, request.variables):
            return tuple(node for node in nodes if node)
    found = _all_read(path, readings(path, None, request))
    if any(reading.part for reading in found):
        return ()
    named = {each for reading in found for each in reading.text.ids}
    every = tuple(reading.config_id for reading in found if reading.config_id is not None)
    return every if len(named) < 2 else tuple(each for each in every if each in named)


def standing_in(every: Iterable[Reading], part: str = "") -> str | None:
    """The id among those of a file that stands for all that the file does not name; None where there is none.

    `part`: of one of the configurations of a file.
    """
    found = tuple(each for each in every if each.part == part)
    named = {each for reading in found for each in reading.text.ids}
    if not named:
        return None
    return next((each.config_id for each in found if each.config_id not in {None, *named}), None)


def merged(found: Sequence[tuple[str | None, Iterable[Diagnostic]]], stand_in: str | None = None) -> list[Diagnostic]:
    """The findings of several readings of a text, each once; one that does not hold for all says for which ids it does.

    `stand_in` is the id that stands for all that the file does not name.
    """
    first: dict[object, Diagnostic] = {}
    ids: dict[object, list[str]] = {}
    for config_id, diagnostics in found:
        for diagnostic in diagnostics:
            key = diagnostic.code, diagnostic.span, diagnostic.message
            first.setdefault(key, diagnostic)
            if config_id is not None and config_id not in ids.setdefault(key, []):
                ids[key].append(config_id)
    return [
        each if len(ids.get(key, ())) in (0, len(found)) else _for(each, ids[key], stand_in)
        for key, each in first.items()
    ]


def _for(diagnostic: Diagnostic, ids: Sequence[str], stand_in: str | None) -> Diagnostic:
    """A finding that holds for some ids only, which every format says as its first related note."""
    named = [each for each in ids if each != stand_in]
    text = f"holds for config id{'s' * (len(named) > 1)} {', '.join(named)} only"
    if len(named) < len(ids):
        rest = "config ids that the file does not name"
        text = f"{text[:-5]} and for {rest}" if named else f"holds for {rest} only"
    note = Related(diagnostic.span, text)
    return diagnostic._replace(config_ids=tuple(ids), related=(note, *diagnostic.related))
