"""Findings of one kind in one file are listed up to a number, and only counted beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.findings.diagnostic import Diagnostic

MOST = 100
"""Findings of one rule and severity in one file that are listed."""


def counted(found: Iterable[Diagnostic], most: int = MOST) -> Iterator[Diagnostic]:
    """The first findings of each kind in each file, and one finding that stands for all others of that kind.

    That one is at the place of the first that is not listed, and has their severity and number. What was counted
    already may be counted again with others.
    """
    listed: dict[object, int] = {}
    first: dict[object, Diagnostic] = {}
    left: dict[object, int] = {}
    for finding in found:
        key: object = finding.span.file, finding.code, finding.severity
        if listed.setdefault(key, 0) < most and finding.stands_for == 1:
            listed[key] += 1
            yield finding
        else:
            first.setdefault(key, finding)
            left[key] = left.get(key, 0) + finding.stands_for
    for kind, finding in first.items():
        yield finding if left[kind] == finding.stands_for else _standing_for(finding, left[kind])


def _standing_for(finding: Diagnostic, count: int) -> Diagnostic:
    return finding._replace(
        message=f"{count:,} more findings of this rule in this file are counted, not listed",
        help="fix those that are listed, and check again",
        related=(),
        fix=None,
        stands_for=count,
        config_ids=(),
    )
