"""Which requirements begin or cease to hold between two judgements of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.verdict import HOLDS
from kalint.analysis.difference import Change
from kalint.requirements.normal import normal
from kalint.rules.support.verdicts import SAID, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.verdict import Verdict


def changes(old: Sequence[Verdict], new: Sequence[Verdict]) -> Iterator[Change]:
    """The requirements whose verdict is another one, in the new order, then those that are required no longer.

    One with a name is the same requirement under that name; another one, where it says the same.
    """
    before, after = _by_key(old), _by_key(new)
    for key, verdict in after.items():
        was = before.get(key)
        if was is None:
            yield Change("requirement", _text(verdict), "", _said(verdict))
        elif was.outcome != verdict.outcome or normal(was.requirement) != normal(verdict.requirement):
            yield Change("requirement", _text(verdict), _said(was), _said(verdict))
    for key, verdict in before.items():
        if key not in after:
            yield Change("requirement", _text(verdict), _said(verdict), "")


def _by_key(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    return {verdict.requirement.name or normal(verdict.requirement): verdict for verdict in verdicts}


def _text(verdict: Verdict) -> str:
    return normal(verdict.requirement, with_name=True)


def _said(verdict: Verdict) -> str:
    said = SAID[verdict.outcome]
    return said if verdict.outcome == HOLDS else f"{said} ({summary(verdict)})"
