"""Outcomes and their cache: under which key one is kept, and which one must not be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from kalint.pipeline.caching import told, watched_request
from kalint.pipeline.outcome import guarded, judge_file, judged, texts
from kalint.pipeline.packing import outcome_of, packed

if TYPE_CHECKING:
    from kalint.pipeline.caching import Cache, Watched
    from kalint.pipeline.outcome import Outcome
    from kalint.pipeline.reading import Settler

_LOOKS = "KA013"
"""A rule that looks for folders of its own accord, to say how an include may be meant."""


def kept_outcome(
    name: str,
    settler: Settler,
    named: frozenset[str],
    cache: Cache,
) -> Outcome:
    """The outcome of a file, from the cache if all is as it was.

    Raises:
        OutOfTimeError: the time of --timeout ran out.
    """
    request, settings = settler(name)
    if request.variables:  # a rendering reads more files than the text
        return judge_file(name, None, request, named)
    by_file = (settings.files, os.getcwd()) if request.included is not None else None

    def find(watched: Watched) -> Outcome:
        found = judged(name, texts(name, None, watched_request(request, watched)), named)
        if found.files:
            watched.outside(list(found.files), request.text.include_root)
        return found

    key = "file", name, told(request), by_file
    return guarded(name, request.version, lambda: cache.result(key, named, find, keepable, outcome_of))


def keepable(outcome: Outcome) -> list[Any] | None:
    """An outcome without the secrets that it has; None where these are part of it."""
    found = [*outcome.diagnostics]
    if outcome.suppressions is not None:
        found += [each.diagnostic for each in outcome.suppressions.suppressed]
    if any(each.code == _LOOKS or (each.fix is not None and not each.fix.shown) for each in found):
        return None
    return packed(outcome._replace(hidden=frozenset()))
