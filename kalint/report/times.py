"""Times and their terms, as text and as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.timing.detection import Delay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.timing.detection import Detection
    from kalint.analysis.timing.failover import Failover


def delay_of(delay: Delay) -> dict[str, object]:
    """A time in seconds: its best and worst case, and the terms that add up to them."""
    return {
        "best": delay.best,
        "worst": delay.worst,
        "terms": [
            {"name": name, "best": round(best, 6), "worst": round(worst, 6)} for name, best, worst in delay.terms
        ],
    }


def detection_of(found: Detection) -> dict[str, object]:
    """The times of a tracker; `advert` and `recovered` are null where there is no such advert."""
    return {
        "ko": delay_of(found.ko),
        "ok": delay_of(found.ok),
        "signal": found.signal,
        "advert": found.advert and delay_of(found.advert),
        "recovered": found.recovered and delay_of(found.recovered),
    }


def failover_of(found: Failover) -> dict[str, object]:
    """The time to the new master, and how it learns of the failure."""
    return {
        "from": found.old,
        "to": found.new,
        "signal": found.signal,
        **delay_of(found.delay),
        "shutdown": found.shutdown and delay_of(found.shutdown),
        "waits_for": found.waits_for,
    }


def span(delay: Delay) -> str:
    """`0 to 2 s`, or `3 s` where it always takes the same."""
    best, worst = short(delay.best), short(delay.worst)
    return f"{worst} s" if best == worst else f"{best} to {worst} s"


def short(seconds: float) -> str:
    """Seconds with at most two decimals."""
    return f"{round(seconds, 2):g}"


def lines(delay: Delay, indent: str) -> Iterator[str]:
    """`0 to 2 s  next run`, a line for each term, the names below each other."""
    ranges = [span(Delay((term,))) for term in delay.terms]
    width = max(map(len, ranges), default=0)
    for term, text in zip(delay.terms, ranges, strict=True):
        yield f"{indent}{text.ljust(width)}  {term.name}"
