"""What is counted of one source and of one virtual router, and how much of it is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from kalint.probe.facts import Content, Copy, Rejects, Router, RouterKey, Run, Source, SourceAdvert
from kalint.probe.flapping import PRIORITIES, Flapping
from kalint.probe.masters import Mastership

if TYPE_CHECKING:
    from kalint.wire import Advert

MOST_KINDS = 64
"""At most this many contents, copies, problems and priority changes of a source are kept."""

Told = Callable[[float, RouterKey, str, str, str], None]


class RunCount:
    """Adverts that were alike, as they come."""

    __slots__ = ("adverts", "first", "last")

    def __init__(self, time: float) -> None:
        self.adverts = 0
        self.first = self.last = time

    def frozen(self) -> Run:
        return Run(self.adverts, self.first, self.last)


class SourceCount:
    """One address at one router."""

    def __init__(self, address: str, packed: bytes, time: float) -> None:
        self.address = address
        self.packed = packed
        self.run = RunCount(time)
        self.priorities: dict[int, RunCount] = {}
        self.contents: dict[Content, RunCount] = {}
        self.copies: dict[Copy, RunCount] = {}
        self.proofs: dict[Content, object] = {}
        self.problems: dict[str, int] = {}
        self.items = 0
        self.hardware: dict[str, float] = {}
        self.mac = ""
        self.returns = 0
        self.changes: deque[tuple[float, int]] = deque(maxlen=MOST_KINDS)
        self.flapping = Flapping(PRIORITIES)
        self.known = False
        self.content: Content | None = None
        self.priority = -1
        self.destination = ""

    def forget(self, before: float) -> None:
        """Forget what it said before, but not what it says now."""
        self.contents = {key: run for key, run in self.contents.items() if run.last >= before or key == self.content}
        self.proofs = {key: proof for key, proof in self.proofs.items() if key in self.contents}
        self.copies = {key: run for key, run in self.copies.items() if run.last >= min(before, self.run.last)}
        self.priorities = {
            key: run for key, run in self.priorities.items() if run.last >= before or key == self.priority
        }
        self.problems.clear()
        self.items = len(self.copies) + len(self.priorities)
        self.items += sum(1 + len(content.addresses) for content in self.contents)

    def frozen(self) -> Source:
        return Source(
            self.address,
            tuple(self.hardware),
            self.run.frozen(),
            {priority: run.frozen() for priority, run in self.priorities.items() if run.adverts},
            {content: run.frozen() for content, run in self.contents.items() if run.adverts},
            {copy: run.frozen() for copy, run in self.copies.items()},
            dict(self.problems),
            tuple(self.changes),
            dict(self.proofs),
            self.priority,
            self.flapping.episodes(),
        )


class RouterCount:
    """One virtual router."""

    def __init__(self, key: RouterKey, rejects: Rejects, factor: int, told: Told | None) -> None:
        self.key = key
        self.sources: dict[str, SourceCount] = {}
        self.machines: dict[str, set[str]] = {}
        self.dropped = 0
        self.mastership = Mastership(
            self._rejecting(rejects),
            factor,
            None if told is None else lambda time, kind, one, other: told(time, key, kind, one, other),
        )

    def reconfigure(self, rejects: Rejects, factor: int) -> None:
        """Go on with other files."""
        self.mastership.factor = factor
        self.mastership.rejects = self._rejecting(rejects)

    def _rejecting(self, rejects: Rejects) -> Callable[[str, str], bool]:
        return lambda one, other: rejects(self.key, sent_now(self.sources[one]), sent_now(self.sources[other]))

    def frozen(self, now: float) -> Router:
        periods, overlaps, silences = self.mastership.at(now)
        sources = tuple(source.frozen() for source in self.sources.values())
        masters = self.mastership
        return Router(
            self.key, sources, periods, overlaps, silences, self.dropped, masters.flapping.episodes(),
            masters.flapping.total, masters.doubles, masters.without_master(now),
        )  # fmt: skip


class KnownAdvert:
    """Adverts that are alike but for time and authentication, and where they are counted."""

    def __init__(
        self,
        router: RouterCount,
        source: SourceCount,
        advert: Advert,
        content: Content,
        prioritised: RunCount,
        time: float,
    ) -> None:
        self.router = router
        self.source = source
        self.content = content
        self.mac = advert.source_mac
        self.secret = content.secret
        self.key_id = content.key_id
        self.destination = advert.destination
        self.interval = advert.interval
        self.half = advert.interval / 2
        self.priority = advert.priority
        self.prioritised = prioritised
        self.said = source.contents.get(content) or RunCount(time)  # of what is too much to be kept, nothing is counted
        self.copied = source.copies.get(Copy(advert.destination, advert.ttl, advert.checksum)) or RunCount(time)


def sent_now(source: SourceCount) -> SourceAdvert:
    """What it sends now."""
    content = source.content or next(iter(source.contents))
    return SourceAdvert(source.address, source.priority, content, tuple(source.copies), source.proofs.get(content))


def make_room(source: SourceCount, content: Content, advert: Advert, time: float, room: int) -> RunCount:
    """Make room for `room` more items of what an advert of a new kind says; return the run of its priority."""
    copy = Copy(advert.destination, advert.ttl, advert.checksum)
    if len(source.contents) < MOST_KINDS and content not in source.contents and room > 0:
        source.contents[content] = RunCount(time)
        source.items += 1 + len(content.addresses)
    if content in source.contents:
        source.proofs[content] = advert.secret
    if len(source.copies) < MOST_KINDS and copy not in source.copies and room > 0:
        source.copies[copy] = RunCount(time)
        source.items += 1
    for problem in advert.problems:
        if problem in source.problems or (len(source.problems) < MOST_KINDS and room > 0):
            source.problems[problem] = source.problems.get(problem, 0) + 1
    prioritised = source.priorities.get(advert.priority)
    if prioritised is None:
        prioritised = RunCount(time)
        if room > 0:
            source.priorities[advert.priority] = prioritised
            source.items += 1
    return prioritised
