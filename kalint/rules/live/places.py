"""What the rules on the wire share: where a statement stands, what times and things are called, and mismatches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.probe.expected import by_place
from kalint.probe.explain import in_words
from kalint.source import Span

if TYPE_CHECKING:
    from kalint.probe.compare import Comparison
    from kalint.probe.expected import Expected
    from kalint.probe.view import ComparedSource, View

MOST_NAMED = 20
"""At most this many findings of a kind that strangers can cause at will."""


def named(comparison: Comparison) -> Sequence[View]:
    """The routers whose findings are told one by one: all of the files, which come first, and some of the others."""
    views = comparison.views
    return views if len(views) <= MOST_NAMED else views[: max(MOST_NAMED, len(by_place(comparison.expected)))]


def nowhere(comparison: Comparison) -> Span:
    """The place of a finding that no file has: what was looked at, line 0."""
    return Span(comparison.place, 0, 0, 0, 0)


def place(expected: Expected, *keywords: str) -> Span:
    """The statement of the first of the keywords that the instance has, else the instance's own first line."""
    settings = expected.instance.written.settings
    for keyword in keywords:
        if keyword in settings:
            words = settings[keyword].words
            return words[min(1, len(words) - 1)].span
    words = expected.instance.written.node.words
    return words[min(1, len(words) - 1)].span


def spot(compared: ComparedSource, comparison: Comparison, *keywords: str) -> Span:
    """The statement in the file of a source, where it has one."""
    return place(compared.expected, *keywords) if compared.expected is not None else nowhere(comparison)


def seconds(time: float) -> str:
    """`1.59 s`."""
    return f"{time:.2f} s"


def explained(explanations: Iterable[Mapping[str, str]], more: int = 0) -> str:
    """Several smallest explanations: one of them is so."""
    found = [in_words(each) for each in explanations]
    rest = [f"{more} more"] if more else []
    return "; or ".join([*found, *rest])
