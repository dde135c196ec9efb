"""Findings of one kind in one file are listed up to a number, and only counted beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.findings.diagnostic import Diagnostic

MOST = 100
"""Findings of one rule and severity in one file that are listed."""


Kind = tuple[str, str, str]
"""A file, a code and a severity."""


def kind_of(finding: Diagnostic) -> Kind:
    """What findings have in common that are counted together."""
    return finding.span.file, finding.code, finding.severity


class Tally:
    """How many findings of each kind were listed, and of those that were not, the first and their number."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._listed: dict[Kind, int] = {}
        self._first: dict[Kind, Diagnostic] = {}
        self._left: dict[Kind, int] = {}

    def lists(self, finding: Diagnostic) -> bool:
        """Count a finding; whether it is one of those that are listed."""
        key = kind_of(finding)
        listed = self._listed.get(key, 0)
        if listed < self._most and finding.stands_for == 1:
            self._listed[key] = listed + 1
            return True
        if key not in self._first:
            self._first[key] = finding
        self._left[key] = self._left.get(key, 0) + finding.stands_for
        return False

    def full(self, file: str, code: str, severity: str) -> bool:
        """Whether nothing of another finding will be shown but that there is one more."""
        return (file, code, severity) in self._first

    def others(self) -> Iterator[Diagnostic]:
        """One finding for all of each kind that are not listed."""
        for key, finding in self._first.items():
            left = self._left[key]
            yield finding if left == finding.stands_for else _standing_for(finding, left)


def counted(found: Iterable[Diagnostic], most: int = MOST, tally: Tally | None = None) -> Iterator[Diagnostic]:
    """The first findings of each kind in each file, and one finding that stands for all others of that kind.

    That one is at the place of the first that is not listed, and has their severity and number. What was counted
    already may be counted again with others. A `tally` of the caller's knows meanwhile what is still listed.
    """
    tally = tally or Tally(most)
    for finding in found:
        if tally.lists(finding):
            yield finding
    yield from tally.others()


def _standing_for(finding: Diagnostic, count: int) -> Diagnostic:
    return finding._replace(
        message=f"{count:,} more findings of this rule in this file are counted, not listed",
        help="fix those that are listed, and check again",
        related=(),
        fix=None,
        stands_for=count,
        config_ids=(),
    )
