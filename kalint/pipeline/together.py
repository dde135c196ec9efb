"""The line under a check of a few files that says that they form a virtual router, and what tells more of it."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.findings.diagnostic import Findings
    from kalint.pipeline.reading import Asked
    from kalint.semantics.resolved import Instance

MOST_FILES = 5
MOST_BYTES = 125_000
"""Bytes of all files: beyond that nobody waits for a hint."""


def hint(paths: Sequence[str], asked: Asked, findings: Findings) -> tuple[str, ...]:
    """At most one line: which router the files share that are checked one by one."""
    few = 1 < len(set(paths)) == len(paths) <= MOST_FILES and all(map(os.path.isfile, paths))
    if not few or sum(map(os.path.getsize, findings.sources)) > MOST_BYTES:
        return ()
    from kalint.pipeline.checking import resolutions

    on: dict[object, tuple[int, list[str]]] = {}
    for name, resolved in resolutions(paths, asked).items():
        for key, vrid in {key: vrid for each in resolved.instances for key, vrid in _keys(each)}.items():
            on.setdefault(key, (vrid, []))[1].append(name)
    shared = [(vrid, files) for vrid, files in on.values() if len(files) > 1]
    if not shared:
        return ()
    vrid, files = max(shared, key=lambda one: len(one[1]))
    every = "both" if len(files) == 2 else f"all {len(files)}"
    command = " ".join(("kalint cluster", *map(shlex.quote, files)))
    return (f"router {vrid} is on {every}: {command} shows which node is master after each failure",)


def _keys(instance: Instance) -> Iterator[tuple[object, int]]:
    """What two nodes of one router have in common, a VRID and an address, each with the VRID."""
    vrid = instance.virtual_router_id.value
    for address in instance.virtual_addresses:
        yield (instance.family, vrid, address.partition("/")[0]), vrid
