"""`kalint releases --format json`: schema kalint/releases/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO, cast

from kalint.version import COMING, NEWEST, releases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.systems import System


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write one document."""
    systems = cast("Sequence[System]", result)
    document = {
        "schema": "kalint/releases/1",
        "newest": str(NEWEST),
        "releases": [str(version) for version in releases() if version != COMING],
        "systems": [
            {"name": system.name, "keepalived_version": system.version, "source": system.source} for system in systems
        ],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")
