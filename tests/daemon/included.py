"""A configuration of which some lines inside blocks stand in files of their own, as the daemon and kalint get it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

from answers import resolved
from harness import ROOM, Namespace

from kalint.semantics.resolved import Resolved

MOST_LINES = 8
TRIES = 6
NAME = "keepalived.conf"


def parted(rng: random.Random, config: str) -> dict[str, str]:
    """The files by name: `keepalived.conf` includes the others, each in a block, with whole statements and blocks."""
    lines = config.split("\n")
    files: dict[str, str] = {}
    for number in range(rng.randrange(TRIES)):
        start = rng.randrange(len(lines))
        end = _end(lines, start, rng.randrange(1, MOST_LINES))
        if end is None or any("include" in line for line in lines[start:end]):
            continue
        name = f"part{number}.inc"
        files[name] = "\n".join(lines[start:end]) + rng.choice(("\n", ""))
        lines[start:end] = [f"include {name}"]
    return {NAME: "\n".join(lines), **files}


def _end(lines: list[str], start: int, most: int) -> int | None:
    """Behind the last line of a run of whole lines inside a block; None where the first is not inside one."""
    if sum(line.count("{") - line.count("}") for line in lines[:start]) <= 0:
        return None
    depth, end = 0, None
    for number in range(start, min(len(lines), start + most)):
        depth += lines[number].count("{") - lines[number].count("}")
        if depth < 0:
            break
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if depth == 0 and not following.startswith("{"):
            end = number + 1
    return end


def read(files: Mapping[str, str], config_id: str | None) -> Resolved:
    """What kalint makes of the files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        return resolved(str(Path(folder) / NAME), None, config_id)


def put(files: Mapping[str, str], node: Namespace) -> None:
    """Put the included files where a daemon in the namespace looks for them; who starts it gives it the other one."""
    for name, text in files.items():
        if name != NAME:
            node.path(f"{ROOM}/{name}").write_text(text)
