"""`kalint diff` of many: as text, the changed ones and how many are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.columns import named
from kalint.report.diff_text import blocks
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.difference import Comparison


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write a block for each that changes, and a last line that counts."""
    every = cast("Sequence[Comparison]", result)
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    for one in every:
        if one.changes:
            print(f"{bold}{printable(one.name)}{plain}", file=stream)
            names = named(one.nodes)
            for line in blocks(one, color):
                print(f"  {names.short(line)}".rstrip(), file=stream)
            if names.common:
                print(f"\n  {printable(names.legend())}", file=stream)
            print(file=stream)
    print(summary(every), file=stream)


def summary(every: Sequence[Comparison]) -> str:
    """`2 of 300 change from keepalived 2.0.20 to 2.2.8`, in words."""
    changed = sum(bool(one.changes) for one in every)
    failed = sum(bool(one.error) for one in every)
    releases = ""
    if every and every[0].old.version is not None and every[0].old.version != every[0].new.version:
        releases = f" from keepalived {every[0].old.version} to {every[0].new.version}"
    whole = len(every) - failed
    verb = f"{changed} of {whole} change{'s' * (changed == 1)}" if changed else f"none of {whole} changes"
    return f"{verb}{releases}; {failed} could not be compared" if failed else f"{verb}{releases}"
