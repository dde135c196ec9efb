"""Real configurations made safe to run: no command of them is left, and what they name of the host is known."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from kalint.syntax import parse
from kalint.syntax.tree import Node
from kalint.text import Options, read

HARMLESS = {"user": "root", "script_user": "root", "file": "/run/tracked"}
"""What stands after a keyword instead of what the file says, since users and folders are the host's; else `true`."""
NOTHING = "/usr/bin/true"
COMMANDS = re.compile(
    r"(script|user|file|script_user|notify\w*|misc_path|quorum_(?:up|down)|startup_script|shutdown_script|\w*fifo\w*|reload_\w+)$"
)


def prepare(source: Path, folder: Path, config_id: str = "node") -> Path:
    """Copy a configuration and the files that it includes, with every command replaced by one that does nothing.

    Commands are found by the reader itself, and looked for again afterwards: what is left stops the test. Every user of
    a command becomes root, every random number 7. Returns the copy, `keepalived.conf` in the folder.
    """
    copy = folder / "keepalived.conf"
    for name in read(str(source), None, Options(config_id=config_id)).files:
        beside = os.path.relpath(name, source.parent)
        if Path(name) == source or not beside.startswith(".."):
            target = copy if Path(name) == source else folder / beside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(re.sub(rb"\$\{_RANDOM\b[^}]*\}", b"7", Path(name).read_bytes()))
    for node in _commands(copy, config_id):
        _replace(node)
    left = [f"{node.keyword} {node.words[1].text}" for node in _commands(copy, config_id)]
    if left:
        raise ValueError(f"{source}: commands are left: {left}")
    return copy


def _replace(node: Node) -> None:
    """Write another argument after a keyword, in the file where the keyword stands."""
    place, last = node.words[0].span, node.words[-1].span
    file = Path(place.file)
    lines = file.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    raw = lines[place.line - 1]
    start = raw.index(node.keyword, max(0, place.column - 1)) + len(node.keyword)
    end = last.end_column - 1 if not node.line.pieces else len(raw.rstrip("\\\r"))
    lines[place.line - 1] = f"{raw[:start]} {_instead(node)} {raw[end:]}"
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))


def _instead(node: Node) -> str:
    return HARMLESS.get(node.keyword, NOTHING)


def _commands(file: Path, config_id: str) -> list[Node]:
    """Those that do something, the last on a line first, so that replacing one leaves the places of the others."""
    found = [node for node in _nodes(file, config_id) if COMMANDS.match(node.keyword) and len(node.words) > 1]
    harmful = [node for node in found if node.words[1].text != _instead(node)]
    return sorted(harmful, key=lambda node: -node.words[0].span.column)


def _nodes(file: Path, config_id: str) -> Iterator[Node]:
    nodes, _ = parse(read(str(file), None, Options(config_id=config_id)).lines)
    return _all(nodes)


def _all(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.items or ())


def interfaces(file: Path, config_id: str = "node") -> set[str]:
    """The interfaces that a file names."""
    names: set[str] = set()
    for node in _nodes(file, config_id):
        words = [word.text for word in node.words]
        names.update(after for word, after in pairwise(words) if word in ("interface", "dev", "iif", "oif"))
        if words[0] in ("track_interface", "interfaces"):
            names.update(entry.keyword for entry in node.items or ())
    return {name for name in names if re.fullmatch(r"[!-.0-9;-~]{1,15}", name)} - {"lo"}


def namespaces(file: Path, config_id: str = "node") -> set[str]:
    """The network namespaces that a file names."""
    named = (node for node in _nodes(file, config_id) if node.keyword.startswith("net_namespace"))
    return {node.words[1].text for node in named if len(node.words) > 1 and "/" not in node.words[1].text}
