"""Outcomes and their cache: under which key one is kept, and which one must not be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from kalint.pipeline.caching import told, told_of_files, watched_request
from kalint.pipeline.outcome import guarded, judge_file, judged, texts
from kalint.pipeline.packing import outcome_of, packed

if TYPE_CHECKING:
    from kalint.pipeline.caching import Cache, Watched
    from kalint.pipeline.outcome import Outcome
    from kalint.pipeline.reading import SettingsResolver

Key = tuple[object, ...]
_LOOKS = "KA013"
"""A rule that looks for folders of its own accord, to say how an include may be meant."""


def known_outcome(name: str, settler: SettingsResolver, named: frozenset[str], cache: Cache) -> Outcome | None:
    """The outcome of a file as it is kept; None where all is not as it was."""
    key = _key(name, settler)
    return None if key is None else cache.known(key, named, outcome_of)


def kept_outcome(name: str, settler: SettingsResolver, named: frozenset[str], cache: Cache) -> Outcome:
    """The outcome of a file, which is kept.

    Raises:
        OutOfTimeError: the time of --timeout ran out.
    """
    request, _ = settler(name)
    key = _key(name, settler)
    if key is None:
        return judge_file(name, None, request, named)

    def find(watched: Watched) -> Outcome:
        found = judged(name, texts(name, None, watched_request(request, watched)), named)
        if found.files:
            watched.outside(list(found.files), request.text.include_root)
        return found

    return guarded(name, request.version, lambda: cache.result(key, named, find, keepable))


def _key(name: str, settler: SettingsResolver) -> Key | None:
    """All that decides of a file, besides the machine; None where a rendering reads more files than the text."""
    request, settings = settler(name)
    if request.variables:
        return None
    return "file", name, told(request), (told_of_files(settings), os.getcwd()) if request.included is not None else None


def keepable(outcome: Outcome) -> list[Any] | None:
    """An outcome without the secrets that it has; None where these are part of it."""
    found = [*outcome.diagnostics]
    if outcome.suppressions is not None:
        found += [each.diagnostic for each in outcome.suppressions.suppressed]
    if any(each.code == _LOOKS or (each.fix is not None and not each.fix.shown) for each in found):
        return None
    return packed(outcome._replace(hidden=frozenset()))
