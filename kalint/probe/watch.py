"""Adverts in, facts out: counts what each source says, in memory that no flood can fill."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from kalint.probe.facts import (
    TWO_MACHINES,
    Content,
    Copy,
    ForeignSource,
    Rejects,
    Router,
    RouterKey,
    Run,
    Seen,
    Source,
    SourceAdvert,
    ip_of,
)
from kalint.probe.flapping import PRIORITIES, Flapping
from kalint.probe.masters import Mastership

if TYPE_CHECKING:
    from kalint.wire import Advert, Foreign, Malformed, Notice, PassedOver

MOST_ROUTERS = 1024
MOST_SOURCES = 4096
"""Of all routers together."""
MOST_OF_ROUTER = 64
MOST_KINDS = 64
"""At most this many contents, copies, problems and priority changes of a source are kept."""
MOST_ITEMS = 65536
"""At most this many contents, priorities, copies and problems are kept of all sources that no file names."""
MOST_KNOWN = 16384
MOST_REMEMBERED = 65536
"""Adverts that are looked up, and the addresses in them."""
VIRTUAL_MAC = "00:00:5e:00:0"
LOST = ("down", "no carrier", "gone")
"""What happens to an interface on which nothing is heard any more."""
RETURNS, AT_ONCE = 2, 5
"""An address whose Ethernet address has come back this often, each time within this many intervals, is two machines."""
MOST_NOTICES = 200


Told = Callable[[float, RouterKey, str, str, str], None]


class _Run:
    __slots__ = ("adverts", "first", "last")

    def __init__(self, time: float) -> None:
        self.adverts = 0
        self.first = self.last = time

    def frozen(self) -> Run:
        return Run(self.adverts, self.first, self.last)


class _Source:
    """One address at one router."""

    def __init__(self, address: str, packed: bytes, time: float) -> None:
        self.address = address
        self.packed = packed
        self.run = _Run(time)
        self.priorities: dict[int, _Run] = {}
        self.contents: dict[Content, _Run] = {}
        self.copies: dict[Copy, _Run] = {}
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


class _Router:
    """One virtual router."""

    def __init__(self, key: RouterKey, rejects: Rejects, factor: int, told: Told | None) -> None:
        self.key = key
        self.sources: dict[str, _Source] = {}
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
        return lambda one, other: rejects(self.key, _voice(self.sources[one]), _voice(self.sources[other]))

    def frozen(self, now: float) -> Router:
        periods, overlaps, silences = self.mastership.at(now)
        sources = tuple(source.frozen() for source in self.sources.values())
        masters = self.mastership
        return Router(
            self.key, sources, periods, overlaps, silences, self.dropped, masters.flapping.episodes(),
            masters.flapping.total, masters.doubles, masters.without_master(now),
        )  # fmt: skip


class _Known:
    """Adverts that are alike but for time and authentication, and where they are counted."""

    def __init__(
        self, router: _Router, source: _Source, advert: Advert, content: Content, prioritised: _Run, time: float
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
        self.said = source.contents.get(content) or _Run(time)  # of what is too much to be kept, nothing is counted
        self.copied = source.copies.get(Copy(advert.destination, advert.ttl, advert.checksum)) or _Run(time)


class Watch:
    """One observation.

    Args:
        epoch: when it begins, in seconds since 1970.
        rejects: whether one of two sources rejects what the other says.
        factors: how many advert intervals the backups of a family's VRID wait, where that is known; those are never
            crowded out.
        addresses: sources that are never crowded out.
        told: called with (time, router, kind, source, other) for each change.
    """

    def __init__(
        self,
        epoch: float,
        rejects: Rejects,
        factors: dict[tuple[str, int], int],
        addresses: Collection[str] = (),
        told: Told | None = None,
    ) -> None:
        self.epoch = epoch
        self.adverts = 0
        self.dropped = 0
        self.lost = 0
        self.now = 0.0
        self.notices: deque[tuple[float, str, str]] = deque(maxlen=MOST_NOTICES)
        self.reasons: dict[str, int] = {}
        self._items = self._weight = 0
        self._passed_over: dict[str, int] = {}
        self._heard: set[tuple[str, int]] = set()
        self._listening: dict[str, float | None] = {}
        self._foreign: dict[tuple[str, str, str, str, int], _Run] = {}
        self._rejects = rejects
        self._factors = factors
        self._addresses = frozenset(addresses)
        self._told = told
        self._routers: dict[RouterKey, _Router] = {}
        self._sources = 0
        self._known: dict[tuple[object, ...], _Known | None] = {}

    def advert(self, advert: Advert) -> None:
        """Count one advert."""
        said = advert[5:]
        known = self._known.get(said)
        if known is None or advert.secret is not None:
            known = self._meet(advert, said)
            if known is None:
                return
        time = self.now = advert.time - self.epoch
        source = known.source
        if known.mac != source.mac:
            self._machine(known, time)
        run = known.copied
        run.adverts += 1
        run.last = time
        run = source.run
        if known.destination != source.destination and run.adverts and time - run.last < known.half:
            return  # the same advert, for another unicast peer
        source.destination = known.destination
        self.adverts += 1
        run.adverts += 1
        run.last = time
        run = known.prioritised
        run.adverts += 1
        run.last = time
        run = known.said
        run.adverts += 1
        run.last = time
        priority = known.priority
        if known.content is not source.content or priority != source.priority:
            self._change(known, time)
        known.router.mastership.advert(
            source.address, source.packed, time, priority, known.interval, known.content.version
        )

    def _machine(self, known: _Known, time: float) -> None:
        """Take note that an address sends from another Ethernet address; two that go on in turn are two machines."""
        source, router = known.source, known.router
        before = source.hardware.get(known.mac)
        if source.mac and time - source.run.last < known.interval / 100:
            return  # one frame that was captured twice
        virtual = known.mac.startswith(VIRTUAL_MAC) or source.mac.startswith(VIRTUAL_MAC)
        if source.mac and before is not None and time - before <= AT_ONCE * known.interval and not virtual:
            source.returns += 1
            if source.returns >= RETURNS and known.mac != next(iter(source.hardware)):
                del source.hardware[known.mac]
                router.machines.setdefault(source.address, set()).add(known.mac)
                self._known.clear()  # from the next advert on it is a source of its own
                source.returns = 0
                return
        source.mac = known.mac
        if known.mac and (known.mac in source.hardware or len(source.hardware) < MOST_KINDS):
            source.hardware[known.mac] = time

    def _change(self, known: _Known, time: float) -> None:
        """Take note that a source says something else, or has another priority."""
        source = known.source
        if known.content is not source.content:
            before, source.content = source.content, known.content
            if before is not None and before != known.content:
                known.router.mastership.changed(source.address, time)
        if known.priority != source.priority:
            source.priority = known.priority
            if source.changes and known.priority:
                source.flapping.add(time)
            source.changes.append((time, known.priority))
            kind = "priority" if source.known else "source"
            source.known = True
            if self._told is not None:
                self._told(time, known.router.key, kind, source.address, str(known.priority))

    def _meet(self, advert: Advert, said: tuple[object, ...]) -> _Known | None:
        """Find or make the place where an advert like this one counts; None where there is no room for it."""
        known = self._known.get(said)
        secret = advert.secret if advert.auth == "pass" else None
        key_id = advert.hmac.key_id if advert.hmac is not None else None
        if known is not None and known.secret == secret and known.key_id == key_id:
            known.source.proofs[known.content] = advert.secret
            return known
        time = advert.time - self.epoch
        router = self._router(advert)
        source = self._source(router, advert, time) if router is not None else None
        self._heard.add((advert.family, advert.virtual_router_id))
        if router is None or source is None:
            self.now = time
            self.adverts += 1
            if router is not None:
                router.mastership.heard(time)
            return None
        content = Content(advert.version, advert.interval, advert.addresses, advert.auth, secret, key_id)
        content = next((each for each in source.contents if each == content), content)
        room = MOST_KINDS if advert.source in self._addresses else max(0, MOST_ITEMS - self._items)
        before = source.items
        known = _Known(router, source, advert, content, _note(source, content, advert, time, room), time)
        self._items += source.items - before if advert.source not in self._addresses else 0
        self._weight += 1 + len(advert.addresses)
        if len(self._known) >= MOST_KNOWN or self._weight > MOST_REMEMBERED:
            self._known.clear()
            self._weight = 0
        self._known[said] = known
        return known

    def _router(self, advert: Advert) -> _Router | None:
        key = RouterKey(advert.interface, advert.vlans, advert.family, advert.virtual_router_id)
        router = self._routers.get(key)
        if router is None:
            factor = self._factors.get((key.family, key.virtual_router_id))
            ours = factor is not None and not key.vlans  # at most 255 of each family and interface
            if len(self._routers) >= MOST_ROUTERS * (1 if factor is None else 2) and not ours:
                self.dropped += 1
                return None
            router = self._routers[key] = _Router(key, self._rejects, factor or 3, self._told)
        return router

    def _source(self, router: _Router, advert: Advert, time: float) -> _Source | None:
        name = advert.source
        if advert.source_mac in router.machines.get(name, ()):
            name = f"{name}{TWO_MACHINES}{advert.source_mac}"
        source = router.sources.get(name)
        if source is None:
            crowded = len(router.sources) >= MOST_OF_ROUTER or self._sources >= MOST_SOURCES
            if crowded and advert.source not in self._addresses:
                router.dropped += 1
                self.dropped += 1
                return None
            family = socket.AF_INET if advert.family == "ipv4" else socket.AF_INET6
            source = router.sources[name] = _Source(name, socket.inet_pton(family, advert.source), time)
            self._sources += 1
        return source

    def reconfigure(self, rejects: Rejects, factors: dict[tuple[str, int], int], addresses: Collection[str]) -> None:
        """Go on with other files; see `__init__`."""
        self._rejects, self._factors, self._addresses = rejects, factors, frozenset(addresses)
        for key, router in self._routers.items():
            router.reconfigure(rejects, factors.get((key.family, key.virtual_router_id), 3))

    def forget(self, before: float) -> None:
        """Forget what was not heard since, in seconds like all times here: sources, and what they no longer say."""
        self._known.clear()
        self._weight = 0
        for key, router in list(self._routers.items()):
            for name, source in list(router.sources.items()):
                if source.run.last >= before or ip_of(name) in self._addresses or name in router.mastership.claims:
                    source.forget(before)
                else:
                    del router.sources[name]
            router.mastership.forget(before)
            if not router.sources and (key.family, key.virtual_router_id) not in self._factors:
                del self._routers[key]
        sources = [source for router in self._routers.values() for source in router.sources.values()]
        self._sources = len(sources)
        self._items = sum(each.items for each in sources if ip_of(each.address) not in self._addresses)
        self._foreign = {key: run for key, run in self._foreign.items() if run.last >= before}

    def look(self, now: float) -> None:
        """Tell of routers that have fallen silent by now, in seconds since 1970."""
        for router in self._routers.values():
            router.mastership.look(now - self.epoch)

    def malformed(self, packet: Malformed) -> None:
        """Count a VRRP packet that is no advert."""
        self.now = packet.time - self.epoch
        if packet.reason in self.reasons or len(self.reasons) < MOST_KINDS:
            self.reasons[packet.reason] = self.reasons.get(packet.reason, 0) + 1

    def passed_over(self, frame: PassedOver) -> None:
        """Count a frame that cannot be taken apart."""
        if frame.what in self._passed_over or len(self._passed_over) < MOST_KINDS:
            self._passed_over[frame.what] = self._passed_over.get(frame.what, 0) + 1

    def foreign(self, packet: Foreign) -> None:
        """Count a packet of another protocol for the same purpose."""
        self.now = packet.time - self.epoch
        link = RouterKey(packet.interface, packet.vlans, packet.family, packet.group).link
        key = (packet.protocol, link, packet.family, packet.source, packet.group)
        run = self._foreign.get(key)
        if run is None:
            if len(self._foreign) >= MOST_KINDS:
                self.dropped += 1
                return
            run = self._foreign[key] = _Run(self.now)
        run.adverts += 1
        run.last = self.now

    def notice(self, notice: Notice) -> None:
        """Take note of what happened to the capture itself."""
        self.now = max(self.now, notice.time - self.epoch)
        if notice.kind == "dropped":
            self.lost += notice.amount
            return
        time, interface = notice.time - self.epoch, notice.interface
        self.notices.append((time, interface, notice.kind))
        if notice.kind == "up":
            self._listening[interface] = time
        elif notice.kind in LOST:
            before = self._listening.get(interface, 0.0)
            self._listening[interface] = None
            for router in self._routers.values() if before is not None else ():
                if router.key.interface == interface:
                    router.mastership.lost(time)
        if self._told is not None and notice.kind in ("up", *LOST):
            self._told(time, RouterKey(interface, (), "", 0), "interface", notice.kind, "")

    def seen(self, now: float) -> Seen:
        """Everything up to now, in seconds since 1970."""
        seconds = max(0.0, now - self.epoch)
        routers = tuple(router.frozen(seconds) for router in self._routers.values())
        ordered = tuple(sorted(routers, key=lambda router: (router.key[3], router.key[2], *router.key[:2])))
        foreign = tuple(ForeignSource(*key, run.frozen()) for key, run in self._foreign.items())
        reasons, notices = dict(self.reasons), tuple(self.notices)
        return Seen(
            self.epoch, seconds, self.adverts, ordered, reasons, self.dropped, self.lost, notices, foreign,
            frozenset(self._heard), dict(self._listening), dict(self._passed_over),
        )  # fmt: skip


def _voice(source: _Source) -> SourceAdvert:
    content = source.content or next(iter(source.contents))
    return SourceAdvert(source.address, source.priority, content, tuple(source.copies), source.proofs.get(content))


def _note(source: _Source, content: Content, advert: Advert, time: float, room: int) -> _Run:
    """Make room for `room` more items of what an advert of a new kind says; return the run of its priority."""
    copy = Copy(advert.destination, advert.ttl, advert.checksum)
    if len(source.contents) < MOST_KINDS and content not in source.contents and room > 0:
        source.contents[content] = _Run(time)
        source.items += 1 + len(content.addresses)
    if content in source.contents:
        source.proofs[content] = advert.secret
    if len(source.copies) < MOST_KINDS and copy not in source.copies and room > 0:
        source.copies[copy] = _Run(time)
        source.items += 1
    for problem in advert.problems:
        if problem in source.problems or (len(source.problems) < MOST_KINDS and room > 0):
            source.problems[problem] = source.problems.get(problem, 0) + 1
    prioritised = source.priorities.get(advert.priority)
    if prioritised is None:
        prioritised = _Run(time)
        if room > 0:
            source.priorities[advert.priority] = prioritised
            source.items += 1
    return prioritised
