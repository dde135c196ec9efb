"""All rules as docs/rules/README.md lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.rules.page import index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.rules.rule import Rule


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - Markdown has no colour
    """Write a table of the `Rule`s, in the order given."""
    stream.write(index(cast("Iterable[Rule]", result)))
