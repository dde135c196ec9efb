"""`kalint settings` for programs: schema kalint/settings/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO, cast

from kalint.settings.reader import COMMAND_LINE
from kalint.version import Version

if TYPE_CHECKING:
    from kalint.settings.reader import EffectiveSettings

SCHEMA = "kalint/settings/1"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write an `EffectiveSettings` as one document."""
    applying = cast("EffectiveSettings", result)
    document = {
        "schema": SCHEMA,
        "file": applying.path,
        "settings": applying.settings,
        "values": [_row(key, value, place) for key, value, place in applying.values],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _row(key: str, value: object, place: str) -> dict[str, Any]:
    """A value, and its source: settings (with the place), command line or default."""
    row: dict[str, Any] = {"key": key, "value": value}
    if isinstance(value, Version):
        row["value"] = str(value)
    if place in ("", COMMAND_LINE):
        return {**row, "source": place or "default"}
    file, line, column = place.rsplit(":", 2)
    return {**row, "source": "settings", "file": file, "line": int(line), "column": int(column)}
