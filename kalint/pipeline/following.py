"""Changes and findings as they come: `kalint probe --follow` and `kalint watch`.

A `Watch` tells of changes; every second or so the rules look at what holds now, and what they find anew, or no longer,
is a change too. Each change says why: the code of a rule, and its reason.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import TYPE_CHECKING, NamedTuple

from kalint.probe.explain import in_words
from kalint.probe.facts import ip_of
from kalint.probe.recent import recent
from kalint.rules.live import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.probing import Observation
    from kalint.probe.compare import Comparison, Speaker, View
    from kalint.probe.facts import RouterKey, Seen
    from kalint.source import Span

PACE = 1.0
"""Seconds between two looks at the findings, at least; a look may take a tenth of the time."""
MOST_EVENTS = 1000
"""So many changes wait for one look at most; those beyond are counted."""
KEPT = 3600.0
"""Seconds for which what is not said again is kept, and how often it is looked for."""

TOLD_BEFORE = 5.0
"""Seconds for which a finding is not told again of which a change with the same code was told."""
_NUMBERS = re.compile(r"\d+\.\d\d s|\d+ (?:times|adverts|malformed)|heard \d+ and")


class Change(NamedTuple):
    """One change.

    Attributes:
        time: seconds since 1970; never before that of the change before it.
        router: the virtual router, None where it is about none.
        interface: where it is.
        event: `source` (heard for the first time), `priority`, `master`, `two masters`, `two masters over`,
            `preempted`, `shutdown`, `silent`, `silence` (nobody is master), `lost`, `interface lost`, `interface back`,
            `finding`, `cleared`, `reloaded`, `reload failed`.
        source: the address that it is about, or "".
        node: the node of that address, or "".
        priority: of the source, None where it does not matter.
        code: the rule's code, or "".
        severity: `error`, `warning`, `info`.
        reason: what happened, and why, in words.
    """

    time: float
    router: RouterKey | None
    interface: str
    event: str
    source: str = ""
    node: str = ""
    priority: int | None = None
    code: str = ""
    severity: str = "info"
    reason: str = ""


class Snapshot(NamedTuple):
    """What a look has come to: all that was seen, compared; what holds now; and the findings that do, by router."""

    comparison: Comparison
    now: Comparison
    findings: tuple[tuple[RouterKey | None, Diagnostic], ...]
    time: float
    raised: Counter[str]


_Identity = tuple["RouterKey | None", str, "Span", str]


class _Held(NamedTuple):
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
        self._findings: dict[_Identity, _Held] = {}
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
            departures=whole.departures,
        )
        found = tuple(self._judged(holds, observation.settled))
        views = {view.key: view for view in whole.views}
        waiting = sorted(self._waiting, key=lambda each: each[0])
        self._waiting.clear()
        self._told = {about: time for about, time in self._told.items() if now - time < TOLD_BEFORE}
        for time, key, kind, source, other in waiting:
            change = _change(time, key, kind, source, other, views.get(key), found)
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
        fresh: dict[_Identity, _Held] = {}
        for key, diagnostic in found:
            identity = (key, diagnostic.code, diagnostic.span, _NUMBERS.sub("", diagnostic.message))
            before = self._findings.get(identity)
            if before is None and identity not in fresh:
                self.raised[diagnostic.code] += 1
                said = (key, diagnostic.code) not in self._told
                fresh[identity] = _Held(key, diagnostic, said)
                if said:
                    self.say(_finding("finding", now, key, diagnostic))
            elif before is not None:
                fresh.setdefault(identity, before)
        for identity, held in self._findings.items():
            if identity not in fresh and held.said:
                self.say(_finding("cleared", now, held.router, held.diagnostic)._replace(severity="info"))
        self._findings = fresh


def _finding(event: str, now: float, key: RouterKey | None, diagnostic: Diagnostic) -> Change:
    message = diagnostic.message.removeprefix(f"{key}: ")
    return Change(
        now, key, key.link if key is not None else "", event, code=diagnostic.code, severity=diagnostic.severity,
        reason=message,
    )  # fmt: skip


def _change(
    time: float,
    key: RouterKey,
    kind: str,
    source: str,
    other: str,
    view: View | None,
    found: Sequence[tuple[RouterKey | None, Diagnostic]],
) -> Change:
    """What a `Watch` has told, with its reason."""
    if kind == "interface":
        return _interface(time, key, source)
    speaker = next((each for each in view.speakers if each.source.address == source), None) if view else None
    name, than = (view.name(each) if view is not None else each for each in (source, other))
    node = speaker.expected.node if speaker is not None and speaker.expected is not None else ""
    change = Change(time, key, key.link, kind, ip_of(source), node, _priority_of(kind, other, speaker))
    if kind in ("source", "priority"):
        return _priority(change, speaker, view, name)
    code, severity, reason = {
        "master": ("", "info", f"{name} is master{f', after {than}' if other and other != source else ''}"),
        "two masters": ("KA901", "error", f"two masters: {name} and {than}"),
        "two masters over": ("KA901", "info", f"{name} and {than} are no longer both master"),
        "preempted": ("", "info", f"{name} gave way"),
        "shutdown": ("KA912", "info", f"{name} took leave (priority 0): stopped, or in FAULT"),
        "silent": ("", "warning", f"{name} fell silent: crashed, cut off, or its adverts are lost"),
        "silence": ("KA908", "error", "nobody is master: nothing was heard for longer than any backup waits"),
        "lost": ("KA914", "info", f"{name} cannot be heard any more: the interface is away"),
    }.get(kind, ("", "info", kind))
    if code in ("KA901", "KA908") and severity == "error":
        told = next((each for at, each in found if at == key and each.code == code and _names(each, name, than)), None)
        reason = told.message.removeprefix(f"{key}: ") if told is not None else reason
        severity = told.severity if told is not None else severity
    return change._replace(code=code, severity=severity, reason=reason)


def _names(diagnostic: Diagnostic, *names: str) -> bool:
    return all(name in diagnostic.message for name in names)


def _interface(time: float, key: RouterKey, state: str) -> Change:
    if state == "up":
        return Change(time, None, key.interface, "interface back", code="KA914", reason=f"{key.interface} is back")
    reason = {"down": "was taken down", "no carrier": "lost its carrier", "gone": "is gone"}.get(state, state)
    return Change(
        time, None, key.interface, "interface lost", code="KA914", severity="error",
        reason=f"{key.interface} {reason}: nothing is known until it is back",
    )  # fmt: skip


def _priority_of(kind: str, other: str, speaker: Speaker | None) -> int | None:
    if kind in ("source", "priority"):
        return int(other)
    return speaker.source.latest if speaker is not None else None


def _priority(change: Change, speaker: Speaker | None, view: View | None, name: str) -> Change:
    """A priority, with what the file says of it."""
    first = change.event == "source"
    stranger = view is not None and bool(view.members) and speaker is not None and speaker.expected is None
    known = ", and is none of the nodes" if stranger else ""
    said = f"{name} is heard for the first time{known}; it advertises" if first else f"{name} advertises"
    said = f"{said} priority {change.priority}"
    if stranger:
        return change._replace(code="KA902" if first else "", severity="warning" if first else "info", reason=said)
    explained = speaker.priorities if speaker is not None else ()
    found = next((each for each in explained if each.priority == change.priority), None)
    if found is None or change.priority == 0:
        return change._replace(reason=said)
    if not found.predicted:
        return change._replace(code="KA903", severity="error", reason=f"{said}, which its file does not predict")
    if found.usual:
        return change._replace(reason=f"{said}: everything good")
    reasons = "; or ".join(in_words(each) for each in found.explanations[:3])
    return change._replace(code="KA911", reason=f"{said}: {reasons}")
