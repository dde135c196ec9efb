"""What findings are collected into until every rule has been asked: few are kept, however many there are."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context, Rule

MANY = 1000
"""Findings of one rule that are kept until the others have been asked; a rule that has more is asked for them again."""


class Collected:
    """The findings of the rules on one configuration, in order of the rules.

    Of a rule that has very many none is kept: it is asked again whenever somebody goes through the findings.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._parts: list[list[Diagnostic] | Rule] = []
        self._codes: tuple[str, ...] = ()

    def add(self, rule: Rule) -> None:
        """Ask a rule."""
        some = list(islice(rule.check(self._context), MANY + 1))
        if some:
            self._parts.append(rule if len(some) > MANY else some)

    def keep(self, codes: tuple[str, ...]) -> None:
        """Leave out all findings but those of these rules."""
        self._codes = codes

    def places(self) -> Iterator[Diagnostic]:
        """All of them, for a caller that reads nothing but their codes and places."""
        self._context.placing = True
        try:
            yield from self
        finally:
            self._context.placing = False

    def __bool__(self) -> bool:
        return bool(self._parts)

    def __iter__(self) -> Iterator[Diagnostic]:
        for part in self._parts:
            for finding in part if isinstance(part, list) else part.check(self._context):
                if not self._codes or finding.code in self._codes:
                    yield finding
