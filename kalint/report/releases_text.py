"""`kalint releases` for people: systems with their releases, then all releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.version import COMING, NEWEST, releases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.systems import System


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write a line for each system, and one for each series of releases."""
    systems = cast("Sequence[System]", result)
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    width = max(len(system.name) for system in systems)
    print(f"{bold}{'system'.ljust(width)}  {'release':8}source{plain}", file=stream)
    for system in systems:
        print(f"{system.name.ljust(width)}  {system.version:8}{system.source}", file=stream)
    series: dict[tuple[int, int], list[str]] = {}
    for version in releases():
        if version != COMING:
            series.setdefault(version[:2], []).append(str(version))
    print(f"\n{bold}releases of keepalived that kalint knows{plain}", file=stream)
    for every in series.values():
        print(f"{every[0]} to {every[-1]}", file=stream)
    print(f"\nA newer release is read as {NEWEST}, and kalint says so.", file=stream)
