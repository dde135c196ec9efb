"""Adverts in, facts out: counts what each source says, in memory that no flood can fill."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Collection
from typing import TYPE_CHECKING

from kalint.probe.counting import MOST_KINDS, KnownAdvert, RouterCount, RunCount, SourceCount, Told, make_room
from kalint.probe.facts import (
    TWO_MACHINES,
    Content,
    ForeignSource,
    Rejects,
    RouterKey,
    Seen,
    ip_of,
)
from kalint.probe.flapping import PRIORITIES, Flapping

if TYPE_CHECKING:
    from kalint.wire import Advert, Foreign, Malformed, Notice, SkippedFrame

MOST_ROUTERS = 1024
MOST_SOURCES = 4096
"""Of all routers together."""
MOST_OF_ROUTER = 64
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
        self._foreign: dict[tuple[str, str, str, str, int], RunCount] = {}
        self._rejects = rejects
        self._factors = factors
        self._addresses = frozenset(addresses)
        self._told = told
        self._routers: dict[RouterKey, RouterCount] = {}
        self._sources = 0
        self._known: dict[tuple[object, ...], KnownAdvert | None] = {}

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

    def _machine(self, known: KnownAdvert, time: float) -> None:
        """Take note that an address sends from another Ethernet address; two that go on in turn are two machines."""
        source, router = known.source, known.router
        before = source.hardware.get(known.mac)
        same = known.content is source.content and known.priority == source.priority
        if source.mac and same and time - source.run.last < known.interval / 100:
            return  # one frame that was captured twice
        virtual = known.mac.startswith(VIRTUAL_MAC) or source.mac.startswith(VIRTUAL_MAC)
        if source.mac and before is not None and time - before <= AT_ONCE * known.interval and not virtual:
            source.returns += 1
            if source.returns >= RETURNS and known.mac != next(iter(source.hardware)):
                del source.hardware[known.mac]
                router.machines.setdefault(source.address, set()).add(known.mac)
                self._known.clear()  # from the next advert on it is a source of its own
                source.returns = 0
                source.flapping = Flapping(PRIORITIES)  # the changes so far were between two machines
                return
        source.mac = known.mac
        if known.mac and (known.mac in source.hardware or len(source.hardware) < MOST_KINDS):
            source.hardware[known.mac] = time

    def _change(self, known: KnownAdvert, time: float) -> None:
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

    def _meet(self, advert: Advert, said: tuple[object, ...]) -> KnownAdvert | None:
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
        known = KnownAdvert(router, source, advert, content, make_room(source, content, advert, time, room), time)
        self._items += source.items - before if advert.source not in self._addresses else 0
        self._weight += 1 + len(advert.addresses)
        if len(self._known) >= MOST_KNOWN or self._weight > MOST_REMEMBERED:
            self._known.clear()
            self._weight = 0
        self._known[said] = known
        return known

    def _router(self, advert: Advert) -> RouterCount | None:
        key = RouterKey(advert.interface, advert.vlans, advert.family, advert.virtual_router_id)
        router = self._routers.get(key)
        if router is None:
            factor = self._factors.get((key.family, key.virtual_router_id))
            ours = factor is not None and not key.vlans  # at most 255 of each family and interface
            if len(self._routers) >= MOST_ROUTERS * (1 if factor is None else 2) and not ours:
                self.dropped += 1
                return None
            router = self._routers[key] = RouterCount(key, self._rejects, factor or 3, self._told)
        return router

    def _source(self, router: RouterCount, advert: Advert, time: float) -> SourceCount | None:
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
            source = router.sources[name] = SourceCount(name, socket.inet_pton(family, advert.source), time)
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

    def passed_over(self, frame: SkippedFrame) -> None:
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
            run = self._foreign[key] = RunCount(self.now)
        run.adverts += 1
        run.last = self.now

    def notice(self, notice: Notice) -> None:
        """Take note of what happened to the capture itself."""
        self.now = max(self.now, notice.time - self.epoch)
        if notice.kind == "dropped":
            self.lost += notice.amount
            return
        time, interface = notice.time - self.epoch, notice.interface
        if notice.kind in LOST and self._listening.get(interface, 0.0) is None:
            return  # it is lost already: a new interface of that name, not up yet, is no other loss
        self.notices.append((time, interface, notice.kind))
        if notice.kind == "up":
            self._listening[interface] = time
        elif notice.kind in LOST:
            self._listening[interface] = None
            for router in self._routers.values():
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
