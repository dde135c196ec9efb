"""What holds now of an observation that has gone on for long: what was said a while ago has been mended since."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from kalint.probe.facts import Router, Run, Seen, Source

LEAST = 60.0
INTERVALS = 12
"""Seconds, and advert intervals of the source, after which what is not said again no longer holds."""

_Kind = TypeVar("_Kind", bound=Hashable)


def recent(seen: Seen, grown: Mapping[str, float]) -> Seen:
    """The observation without what no longer holds.

    Args:
        seen: the whole of it.
        grown: when each reason of malformed packets was last counted, in seconds like all times of it.
    """
    cut = seen.seconds - LEAST
    return seen._replace(
        routers=tuple(_router(router, seen.seconds) for router in seen.routers),
        malformed={reason: count for reason, count in seen.malformed.items() if grown.get(reason, 0.0) >= cut},
        notices=tuple(notice for notice in seen.notices if notice[0] >= cut or _stays(notice, seen)),
        foreign=tuple(found for found in seen.foreign if found.run.last >= cut),
    )


def _stays(notice: tuple[float, str, str], seen: Seen) -> bool:
    """Whether it is the last of an interface that is still away."""
    last = [each for each in seen.notices if each[1] == notice[1]][-1]
    return seen.listening.get(notice[1], 0.0) is None and notice == last


def _router(router: Router, now: float) -> Router:
    cut = now - LEAST
    overlaps = tuple(each for each in router.overlaps if each.going_on or each.end >= cut)
    periods = tuple(each for each in router.periods if each.ended == "seen" or each.end >= cut)
    named = {name for overlap in overlaps for name in overlap.sources} | {period.source for period in periods}
    return router._replace(
        sources=tuple(
            _source(source, now)
            for source in router.sources
            if source.address in named or source.run.last >= now - _while(source)
        ),
        periods=periods,
        overlaps=overlaps,
        silences=tuple(each for each in router.silences if each.going_on or each.end >= cut),
        flapping=tuple(each for each in router.flapping if each.end >= cut),
    )


def _while(source: Source) -> float:
    return max(LEAST, INTERVALS * source.said.interval)


def _source(source: Source, now: float) -> Source:
    cut = min(source.run.last, now - _while(source))
    return source._replace(
        contents=_since(source.contents, cut),
        priorities=_since(source.priorities, cut),
        copies=_since(source.copies, cut),
        flapping=tuple(each for each in source.flapping if each.end >= now - LEAST),
    )


def _since(runs: Mapping[_Kind, Run], cut: float) -> Mapping[_Kind, Run]:
    return {kind: run for kind, run in runs.items() if run.last >= cut}
