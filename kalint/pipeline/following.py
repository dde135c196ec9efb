"""Changes and findings as they come: `kalint probe --follow` and `kalint watch`.

A `Watch` tells of changes; every second or so the rules look at what holds now, and what they find anew, or no longer,
is a change too. Each change says why: the code of a rule, and its reason.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import TYPE_CHECKING, NamedTuple

from kalint.probe.changes import Change, described, finding
from kalint.probe.recent import recent
from kalint.rules.live import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.probing import Observation
    from kalint.probe.compare import Comparison
    from kalint.probe.facts import RouterKey, Seen
    from kalint.source import Span

PACE = 1.0
"""Seconds between two looks at the findings, at least; a look may take a tenth of the time."""
MOST_EVENTS = 1000
"""At most this many changes wait for one look; more are counted."""
KEPT = 3600.0
"""Seconds for which what is not said again is kept, and how often it is looked for."""

TOLD_BEFORE = 5.0
"""Seconds for which a finding is not told again of which a change with the same code was told."""
_NUMBERS = re.compile(r"\d+\.\d\d s|\d+ (?:times|adverts|malformed)|heard \d+ and")


class Snapshot(NamedTuple):
    """What a look has come to: all that was seen, compared; what holds now; and the findings that do, by router."""

    comparison: Comparison
    now: Comparison
    findings: tuple[tuple[RouterKey | None, Diagnostic], ...]
    time: float
    raised: Counter[str]
    interfaces: tuple[str, ...] = ()


_Identity = tuple["RouterKey | None", str, "Span", str]


class _ActiveFinding(NamedTuple):
    """A finding that holds; `said`: as such, and not by a change with its code."""

    router: RouterKey | None
    diagnostic: Diagnostic
    said: bool


class Follower:
    """Follows an observation.

    Args:
        said: called with each change, in order of time.
        looked: called with what each look has come to.
    """

    def __init__(self, said: Callable[[Change], None], looked: Callable[[Snapshot], None] = lambda _: None) -> None:
        self.observation: Observation | None = None
        self.skipped = 0
        self.raised: Counter[str] = Counter()
        self._said = said
        self._looked = looked
        self._waiting: deque[tuple[float, RouterKey, str, str, str]] = deque()
        self._findings: dict[_Identity, _ActiveFinding] = {}
        self._told: dict[tuple[RouterKey | None, str], float] = {}
        self._malformed: dict[str, tuple[int, float]] = {}
        self._next = self._forgotten = self._last = 0.0

    def told(self, time: float, key: RouterKey, kind: str, source: str, other: str) -> None:
        """Keep a change until the next look; see `kalint.probe.watch`."""
        if len(self._waiting) < MOST_EVENTS:
            self._waiting.append((time, key, kind, source, other))
        else:
            self.skipped += 1

    def tick(self) -> None:
        """Look, if it is time or something has happened."""
        if self.observation is None or not self.observation.begun:
            return
        now = self.observation.now()
        if self._waiting or now >= self._next:
            import time

            began = time.monotonic()
            self._look(now)
            self._next = now + max(PACE, 10 * (time.monotonic() - began))

    def look(self) -> None:
        """Look at once: the observation ends."""
        if self.observation is not None and self.observation.begun:
            self._look(self.observation.now())

    def say(self, change: Change) -> None:
        """Pass a change on; time never runs backwards."""
        self._last = max(self._last, change.time)
        self._said(change._replace(time=self._last))

    def _look(self, now: float) -> None:
        observation = self.observation
        if observation is None:
            return
        if now - self._forgotten > KEPT:
            if self._forgotten:
                observation.forget(KEPT)
            self._forgotten = now
        seen = observation.seen()
        whole = observation.compared(seen)
        holds = observation.compared(recent(seen, self._grown(seen)))
        statuses = {view.key: view.nodes for view in whole.views}
        holds = holds._replace(
            views=tuple(view._replace(nodes=statuses.get(view.key, ())) for view in holds.views),
            missing=tuple(missing for missing in holds.missing if missing.enough),
        )
        found = tuple(self._judged(holds, observation.settled))
        views = {view.key: view for view in whole.views}
        waiting = sorted(self._waiting, key=lambda each: each[0])
        self._waiting.clear()
        self._told = {about: time for about, time in self._told.items() if now - time < TOLD_BEFORE}
        for time, key, kind, source, other in waiting:
            change = described(time, key, kind, source, other, views.get(key), found)
            if change.code:
                self._told[change.router, change.code] = now
            self.say(change)
        self._compare_findings(found, now)
        self._looked(Snapshot(whole, holds, found, now, self.raised))

    def _grown(self, seen: Seen) -> dict[str, float]:
        """When each reason of malformed packets was last counted."""
        for reason, count in seen.malformed.items():
            if self._malformed.get(reason, (0, 0.0))[0] != count:
                self._malformed[reason] = (count, seen.seconds)
        return {reason: time for reason, (_, time) in self._malformed.items()}

    def _judged(
        self, comparison: Comparison, settled: Callable[[Iterable[Diagnostic]], Iterable[Diagnostic]]
    ) -> Iterator[tuple[RouterKey | None, Diagnostic]]:
        """Every finding, with its router where it is about one."""
        bare = comparison.seen._replace(malformed={}, notices=(), foreign=())
        for view in comparison.views:
            alone = comparison._replace(views=(view,), missing=(), departures=(), seen=bare)
            for diagnostic in settled(judge(alone)):
                yield view.key, diagnostic
        for diagnostic in settled(judge(comparison._replace(views=()))):
            yield None, diagnostic

    def _compare_findings(self, found: Sequence[tuple[RouterKey | None, Diagnostic]], now: float) -> None:
        fresh: dict[_Identity, _ActiveFinding] = {}
        for key, diagnostic in found:
            identity = (key, diagnostic.code, diagnostic.span, _NUMBERS.sub("", diagnostic.message))
            before = self._findings.get(identity)
            if before is None and identity not in fresh:
                self.raised[diagnostic.code] += 1
                said = (key, diagnostic.code) not in self._told
                fresh[identity] = _ActiveFinding(key, diagnostic, said)
                if said:
                    self.say(finding("finding", now, key, diagnostic))
            elif before is not None:
                fresh.setdefault(identity, before)
        for identity, held in self._findings.items():
            if identity not in fresh and held.said:
                self.say(finding("cleared", now, held.router, held.diagnostic)._replace(severity="info"))
        self._findings = fresh
