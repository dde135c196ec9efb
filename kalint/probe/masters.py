"""Who is master of one virtual router, as far as the wire tells, advert by advert.

A master that hears a better one becomes backup, and one that no node accepts stays master; the wire shows both only
indirectly.
From 2.0.0 a master restarts its advert timer at every advert that it receives, also at one that it rejects, so two
masters that reject each other silence each other: one sends for seconds, then by jitter the other
(vrrp_scheduler.c vrrp_dispatcher_read). What proves two masters is therefore not that both send all the time, but
- one that rises although a better one (or one as good) was heard a moment ago: it does not hear that one, since a
  backup waits three advert intervals; or
- one that goes on although a better one has risen; or
- two that say what the other must reject, and neither sent priority 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from kalint.probe.facts import MasterPeriod, Overlap, Silence
from kalint.probe.flapping import MASTERS, Flapping

if TYPE_CHECKING:
    from kalint.probe.facts import Ending

MOST_MASTERS = 8
"""At most this many sources are followed as masters of one router at a time."""
MOST_KEPT = 500
"""At most this many of the last periods, overlaps and silences of a router are kept."""
FORGOTTEN = 12
"""Advert intervals after which a master that was silenced by one that it does not hear counts as gone."""


def patience(interval: float) -> float:
    """Seconds after an advert in which the next one must come from a living master, with room for a busy machine."""
    return min(1.5 * interval + 0.05, 2.5 * interval)


class Claim:
    """A source that is master, as far as the wire tells."""

    __slots__ = ("address", "adverts", "after", "interval", "last", "pause", "priority", "source", "start")

    def __init__(self, source: str, address: bytes, time: float, priority: int, interval: float) -> None:
        self.source = source
        self.address = address
        self.start = self.last = time
        self.priority = priority
        self.interval = interval
        self.adverts = 1
        self.after = ""
        self.pause = 0.0

    def outranks(self, other: Claim) -> bool:
        """Whether the other, a master, becomes backup when it hears this one."""
        return (self.priority, self.address) > (other.priority, other.address)


class _Pair:
    """Two masters at once: how sure that is, and since when."""

    __slots__ = ("adverts", "deaf", "proven", "rejecting", "start")

    def __init__(self, start: float, rejecting: bool, deaf: bool) -> None:
        self.start = start
        self.rejecting = rejecting
        self.deaf = deaf
        self.proven = rejecting or deaf
        self.adverts: dict[str, int] = {}


class Mastership:
    """One router's masters.

    `rejects` says of two sources whether what one says is rejected by the other. `factor` is the number of advert
    intervals that backups wait (down_timer_adverts). `told` is called with (time, kind, source, other) for each change.
    """

    def __init__(
        self,
        rejects: Callable[[str, str], bool],
        factor: int = 3,
        told: Callable[[float, str, str, str], None] | None = None,
    ) -> None:
        self.rejects = rejects
        self.factor = factor
        self.told = told
        self.claims: dict[str, Claim] = {}
        self.last: float | None = None
        self.bound = 0.0
        self.periods: list[MasterPeriod] = []
        self.silences: list[Silence] = []
        self.flapping = Flapping(MASTERS)
        self.without = 0.0
        self.doubles = 0
        self._pairs: dict[tuple[str, str], _Pair] = {}
        self._overlaps: tuple[Overlap, ...] = ()
        self._before: tuple[str, float] = ("", 0.0)
        self._quiet = False

    def advert(self, source: str, address: bytes, time: float, priority: int, interval: float, version: int) -> None:
        """Take note of one advert, in order of time; `address` is the source in network order."""
        claims = self.claims
        claim = claims.get(source)
        if (
            claim is not None
            and priority
            and len(claims) == 1
            and interval == claim.interval
            and time - claim.last <= self.bound
        ):  # the one master goes on: nearly every advert
            self.last = claim.last = time
            claim.adverts += 1
            claim.priority = priority
            return
        gap = 0.0
        if self.last is not None:
            gap = time - self.last
            if gap > self.bound:
                self._silent(self.last, time)
        self.last = time
        self.bound = 1.05 * (self.factor * interval + (1.0 if version == 2 else interval)) + 0.1
        claim = self.claims.get(source)
        if priority == 0:
            if claim is not None:
                self._end(claim, time, "shutdown")
            return
        if claim is None:
            if len(self.claims) >= MOST_MASTERS:
                return
            claim = self._rise(Claim(source, address, time, priority, interval), gap)
        else:
            claim.last = time
            claim.adverts += 1
            claim.priority = priority
            claim.interval = interval
        if len(self.claims) > 1:
            self._contest(claim, time, gap)

    def changed(self, source: str, time: float) -> None:
        """A source says something else now, which others may reject, or accept."""
        for key, pair in self._pairs.items():
            if source in key:
                pair.rejecting = self.rejects(*key)
                if pair.rejecting and not pair.proven:
                    pair.proven = True
                    self._two(time, source, key[1] if key[0] == source else key[0])

    def _two(self, time: float, source: str, other: str) -> None:
        self.doubles += 1
        self._tell(time, "two masters", source, other)

    def without_master(self, now: float) -> float:
        """Seconds up to now in which nobody was master, from the last advert of one to the first of another."""
        if not self.claims:
            return self.without + (now - self._before[1] if self._before[0] else 0.0)
        last = max(claim.last for claim in self.claims.values())
        return self.without + (now - last if now - last > self.bound else 0.0)

    def _rise(self, claim: Claim, gap: float) -> Claim:
        for other in list(self.claims.values()):
            self._age(other, claim, claim.start, gap)
        living = max(self.claims.values(), key=lambda each: each.last, default=None)
        name, end = (living.source, living.last) if living is not None else self._before
        claim.after, claim.pause = name, claim.start - end if name else 0.0
        if living is None:
            self.without += claim.pause
        for other in self.claims.values():
            quiet = claim.start - other.last
            raced = claim.start - other.start < 0.5 * other.interval and other.adverts == 1
            deaf = claim.priority <= other.priority and quiet <= patience(other.interval) and not raced
            pair = _Pair(claim.start, self.rejects(claim.source, other.source), deaf)
            pair.adverts = {claim.source: 0, other.source: 0}
            self._pairs[_key(claim, other)] = pair
            if pair.proven:
                self._two(claim.start, claim.source, other.source)
        self.claims[claim.source] = claim
        if claim.after and claim.after != claim.source:
            self.flapping.add(claim.start)
        self._tell(claim.start, "master", claim.source, claim.after)
        return claim

    def _contest(self, claim: Claim, time: float, gap: float) -> None:
        """One of several masters has spoken: see who of the others is still there, and whether two are for sure."""
        for other in list(self.claims.values()):
            if other is claim:
                continue
            pair = self._pairs[_key(claim, other)]
            pair.adverts[claim.source] += 1
            late = time - pair.start > 0.5 * claim.interval
            if not pair.proven and late and other.outranks(claim) and time - other.last <= patience(other.interval):
                pair.proven = True
                self._two(time, claim.source, other.source)
            self._age(other, claim, time, gap)

    def _age(self, other: Claim, compared: Claim, time: float, gap: float) -> None:
        """End a master that should have spoken by now."""
        limit = patience(other.interval)
        quiet = time - other.last
        if quiet <= limit:
            return
        outranked = compared.outranks(other)
        pair = self._pairs.get(_key(other, compared))
        if pair is not None and not pair.rejecting and outranked:
            self._end(other, other.last, "preempted")
        elif self._silenced(other, quiet):
            if gap > limit:  # nothing restarted its timer, and yet it sent nothing
                self._end(other, time - gap, "silent")
        else:
            self._end(other, other.last, "silent")

    def _silenced(self, claim: Claim, quiet: float) -> bool:
        """Whether silence proves nothing, since others that it does not obey keep its timer from ending."""
        for pair, other in self._rivals(claim):
            if pair.rejecting or (pair.deaf and not other.outranks(claim) and quiet < FORGOTTEN * claim.interval):
                return True
        return False

    def _rivals(self, claim: Claim) -> list[tuple[_Pair, Claim]]:
        return [
            (pair, self.claims[key[1] if key[0] == claim.source else key[0]])
            for key, pair in self._pairs.items()
            if claim.source in key
        ]

    def _end(self, claim: Claim, time: float, ended: Ending) -> None:
        for key in [key for key in self._pairs if claim.source in key]:
            self._close(key, self._pairs.pop(key), max(time, claim.last), False)
        del self.claims[claim.source]
        self._before = (claim.source, max(time, claim.last))
        _keep(self.periods, _period(claim, max(time, claim.last), ended))
        self._tell(time if self.last is None else self.last, ended, claim.source, "")

    def _close(self, key: tuple[str, str], pair: _Pair, time: float, going_on: bool) -> None:
        self._overlaps = _with(self._overlaps, key, pair, time, going_on, self.bound)
        if pair.proven:
            self._tell(time if self.last is None else self.last, "two masters over", *key)

    def heard(self, time: float) -> None:
        """Somebody who is not followed has sent an advert: it is not silent."""
        if self.last is not None:
            self.last = max(self.last, time)

    def forget(self, before: float) -> None:
        """Forget what ended before."""
        self.periods = [period for period in self.periods if period.end >= before]
        self.silences = [silence for silence in self.silences if silence.end >= before]
        self._overlaps = tuple(overlap for overlap in self._overlaps if overlap.end >= before)

    def lost(self, time: float) -> None:
        """The interface went away: nothing is known from then on, until something is heard again."""
        for claim in list(self.claims.values()):
            self._end(claim, min(claim.last, time), "lost")
        self._before = ("", 0.0)
        self.last = None
        self._quiet = False

    def look(self, now: float) -> None:
        """Tell that nobody is master any more, if so, before somebody is heard again."""
        if self.last is not None and now - self.last > self.bound and not self._quiet:
            self._quiet = True
            self._tell(now, "silence", "", "")

    def _silent(self, start: float, end: float) -> None:
        for claim in list(self.claims.values()):
            self._end(claim, claim.last, "silent")
        _keep(self.silences, Silence(start, end, False))
        if not self._quiet:
            self._tell(end, "silence", "", "")
        self._quiet = False

    def _tell(self, time: float, kind: str, source: str, other: str) -> None:
        if self.told is not None:
            self.told(time, kind, source, other)

    def at(self, now: float) -> tuple[tuple[MasterPeriod, ...], tuple[Overlap, ...], tuple[Silence, ...]]:
        """All periods, overlaps and silences up to now, those that are still going on too, in order of time."""
        overlaps = self._overlaps
        silences = list(self.silences)
        quiet = self.last is not None and now - self.last > self.bound
        periods = [*self.periods]
        for claim in self.claims.values():
            gone = quiet or (now - claim.last > patience(claim.interval) * 2 and len(self.claims) == 1)
            periods.append(_period(claim, claim.last, "silent" if gone else "seen"))
        for key, pair in self._pairs.items():
            end = max(self.claims[name].last for name in key) if quiet else now
            overlaps = _with(overlaps, key, pair, end, not quiet, self.bound)
        if quiet and self.last is not None:
            silences.append(Silence(self.last, now, True))
        return (
            tuple(sorted(periods, key=lambda period: period.start)),
            tuple(sorted(overlaps, key=lambda overlap: overlap.start)),
            tuple(silences),
        )


def _key(one: Claim, other: Claim) -> tuple[str, str]:
    return (one.source, other.source) if one.source < other.source else (other.source, one.source)


def _with(
    overlaps: tuple[Overlap, ...], key: tuple[str, str], pair: _Pair, end: float, going_on: bool, bound: float
) -> tuple[Overlap, ...]:
    """The overlaps and that of a pair, if it is proven; one that had ended only just before it is the same."""
    if not pair.proven:
        return overlaps
    counts = (pair.adverts[key[0]], pair.adverts[key[1]])
    overlap = Overlap(key, pair.start, max(end, pair.start), pair.rejecting, going_on, counts)
    for index, known in enumerate(overlaps):
        if known.sources == key and pair.start - known.end <= bound:
            both = (known.adverts[0] + counts[0], known.adverts[1] + counts[1])
            overlap = overlap._replace(start=known.start, adverts=both)
            return (*overlaps[:index], overlap, *overlaps[index + 1 :])
    return (*overlaps[-MOST_KEPT + 1 :], overlap)


_Fact = TypeVar("_Fact")


def _keep(facts: list[_Fact], fact: _Fact) -> None:
    """Append a fact, and forget the oldest where there are too many."""
    facts.append(fact)
    if len(facts) > MOST_KEPT:
        del facts[0]


def _period(claim: Claim, end: float, ended: Ending) -> MasterPeriod:
    return MasterPeriod(claim.source, claim.start, end, ended, claim.adverts, claim.priority, claim.after, claim.pause)
