"""`kalint settings` for people: a line for each value, with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.terminal import printable
from kalint.settings.model import SYSTEM
from kalint.version import Version

if TYPE_CHECKING:
    from kalint.settings.reader import EffectiveSettings


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - nothing here needs colour
    """Write which settings file counts for the path, then each value and who says so."""
    applying = cast("EffectiveSettings", result)
    if applying.settings is None:
        where = f"no kalint.toml or [tool.kalint] here or above, no {SYSTEM}"
        stream.write(f"{printable(applying.path)}: no settings: {where}\n")
    else:
        stream.write(f"{printable(applying.path)}: settings of {printable(applying.settings)}\n")
    rows = [(key, _said(key, value), place or "the default") for key, value, place in applying.values]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, said, place in rows:
        stream.write(f"  {printable(key):{widths[0]}}  {printable(said):{widths[1]}}  {printable(place)}\n")


def _said(key: str, value: object) -> str:
    if value in (None, ()):
        return "all" if key == "select" else "-"
    return ", ".join(value) if isinstance(value, tuple) and not isinstance(value, Version) else str(value)
