"""All rules as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from tabulate import tabulate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.rules.rule import Rule


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a plain table
    """Write one line for each `Rule`, in the order given."""
    infos = [rule.info for rule in cast("Iterable[Rule]", result)]
    rows = [(info.code, info.severity, info.confidence, info.name, info.summary) for info in infos]
    headers = ("code", "severity", "confidence", "name", "what it finds")
    stream.write(tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True) + "\n")
