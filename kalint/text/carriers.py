"""Files that are no configuration as they stand: which one of those that they carry is read, and what is masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.errors import InputError
from kalint.text import is_carrier
from kalint.text.templates import Template, masked
from kalint.text.yaml_texts import NONE, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.source import Line
    from kalint.text.placed import Placed

MOST_NAMES = 8


def only(path: str, content: bytes, lines: list[str], config_id: str | None) -> Placed | None:
    """The one configuration of a YAML file, or that of several whose key is that of the config id; None: no YAML.

    Raises:
        InputError: the file has none, or several of which the config id names none.
    """
    if not is_carrier(path):
        return None
    found = texts(path, content, lines)
    if not found:
        raise InputError(f"{path}: {NONE}")
    if len(found) == 1:
        return found[0]
    chosen = [each for each, name in zip(found, labels(found), strict=True) if name == config_id]
    if len(chosen) != 1:
        names = ", ".join(labels(found)[:MOST_NAMES])
        raise InputError(f"{path}: holds {len(found)} configurations: choose one with -i, of {names}")
    return chosen[0]


def labels(found: Sequence[Placed]) -> tuple[str, ...]:
    """A name for each of several configurations of a file: its last key without `.conf`, else the line where it is."""
    short = [_short(each.name) for each in found]
    return tuple(
        name if short.count(name) == 1 else f"{name}:{each.lines[0].number if each.lines else 0}"
        for name, each in zip(short, found, strict=True)
    )


def _short(name: str) -> str:
    """`web.data.lb1.conf` is called lb1; a key `keepalived.conf` says nothing, so that what it is in stays."""
    bare = name.removesuffix(".conf").removesuffix("keepalived").rstrip("._-/")
    for folder in ("data", "stringData"):
        bare = bare.removesuffix(f".{folder}")
    return bare.rsplit(".", 1)[-1].rsplit("/", 1)[-1] or name


def unrendered(
    path: str, lines: list[str], placed: Placed | None, branch: int | None = None
) -> tuple[Template, tuple[Line, ...] | None]:
    """A template without what a rendering decides: its own lines and the mask, and the lines to read if placed.

    `branch` is the one of each condition that is read; None: all of them.
    """
    mask = masked("\n".join(lines), path.endswith(".mako"), branch)
    if placed is None:
        return Template(path, lines, mask), None
    inner = masked("\n".join(line.text for line in placed.lines), branch=branch)
    rest = zip(placed.lines, inner.text.split("\n"), strict=True)
    read = tuple(line._replace(text=text) for line, text in rest)
    return Template(path, placed.own, mask._replace(balanced=inner.balanced, missing=inner.missing)), read
