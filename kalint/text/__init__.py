"""Files to logical lines: comments, includes, `@id`, `$definitions`, `~SEQ`, `~LST` and braces, in keepalived's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kalint.problem import Problem
from kalint.source import Line


class Options(NamedTuple):
    """What reading depends on besides the file.

    `config_id` is keepalived's -i (None: the host's name up to the first dot); `include_root` confines includes;
    `environment` is what `${_ENV NAME}` sees (its values are never printed).
    """

    config_id: str | None = None
    include_root: str | None = None
    environment: Mapping[str, str] = {}


class Text(NamedTuple):
    """Everything read: the logical lines in order, what was odd, and each file's own lines (for carets)."""

    lines: list[Line]
    problems: tuple[Problem, ...]
    files: Mapping[str, list[str]]


def read(path: str, content: bytes | None = None, options: Options = Options()) -> Text:
    """Read a configuration and all that it includes. `content` stands for the file's (standard input).

    Raises:
        InputError: the file itself cannot be read.
    """
    if content is None:
        with open(path, "rb") as stream:
            content = stream.read()
    raw = content.decode("utf-8", "surrogateescape").split("\n")
    lines: list[Line] = []
    for number, text in enumerate(raw, 1):
        for mark in "!#":
            text = text.split(mark)[0]
        start = 0
        for index, character in enumerate(text + "}"):
            if character in "{}" or index == len(text):
                part = text[start:index]
                if part.strip():
                    column = start + len(part) - len(part.lstrip()) + 1
                    lines.append(Line(part.strip(), path, number, column))
                if index < len(text):
                    lines.append(Line(character, path, number, index + 1))
                start = index + 1
    return Text(lines, (), {path: raw})
