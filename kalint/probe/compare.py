"""The wire against the prediction: what was seen, whose it is, and where it is not what the files say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import packed
from kalint.probe.addresses import shared
from kalint.probe.expected import by_place
from kalint.probe.explain import Explained, can_speak, explain, settle
from kalint.probe.facts import SourceAdvert, ip_of
from kalint.probe.hearing import Place
from kalint.probe.nodes import statuses
from kalint.probe.sources import assign, hints
from kalint.probe.view import ComparedSource, View
from kalint.semantics.acceptance import ANOTHER, BROKEN, Objection, clash, listed, objections, proves
from kalint.semantics.addresses import is_multicast
from kalint.semantics.adverts import MULTICAST_TTL

if TYPE_CHECKING:
    from kalint.analysis.requirements.promises import TakeoverLimit
    from kalint.probe.expected import ByPlace, Expected, Release
    from kalint.probe.explain import States
    from kalint.probe.facts import Rejects, Router, RouterKey, Seen, Source
    from kalint.probe.running import Departure

MOST_TOGETHER = 32
"""At most this many instances of a node are looked at together."""

Known = Mapping[str, "States"]
"""The states of things that are known, by node."""


class Missing(NamedTuple):
    """A router of the files of which nothing was heard in `seconds`; it takes `bound` to say that it has no master.

    `elsewhere`: its adverts are unicast between other hosts, so that nothing can be told here.
    """

    members: tuple[Expected, ...]
    seconds: float
    bound: float
    elsewhere: bool = False

    @property
    def enough(self) -> bool:
        """Whether a master would have been heard."""
        return self.seconds > self.bound


class Comparison(NamedTuple):
    """All of it.

    `configured`: whether there was any file; `departures` come from keepalived's own dump; `known` are the states of
    things that the comparison took for granted, by node; `expected` are all instances of the files, and `releases` what
    their nodes are taken to run. `promises` are what requirements say of takeovers.
    """

    seen: Seen
    views: tuple[View, ...]
    missing: tuple[Missing, ...]
    departures: tuple[Departure, ...]
    configured: bool
    live: bool
    place: str
    known: Known = MappingProxyType({})
    expected: tuple[Expected, ...] = ()
    releases: Mapping[str, Release] = MappingProxyType({})
    promises: tuple[TakeoverLimit, ...] = ()


class Prediction(NamedTuple):
    """What the wire is compared with: the instances of all nodes, and the states of things that are known.

    `local` are the addresses of this host, and `links` the states that its interfaces had all the time: they hold for
    the node whose adverts come from here. `releases` are what the nodes are taken to run, by their names;
    `promises` are what requirements say of takeovers.
    """

    expected: tuple[Expected, ...] = ()
    known: Known = MappingProxyType({})
    departures: tuple[Departure, ...] = ()
    local: frozenset[str] = frozenset()
    links: States = MappingProxyType({})
    releases: Mapping[str, Release] = MappingProxyType({})
    promises: tuple[TakeoverLimit, ...] = ()


def compare(
    seen: Seen,
    prediction: Prediction,
    interfaces: Sequence[str] = (),
    place: str = "",
    live: bool = False,
    promiscuous: bool = False,
) -> Comparison:
    """Set what was seen against what the files say.

    Args:
        seen: the observation.
        prediction: what the files say.
        interfaces: those that were listened on.
        place: what was looked at: interfaces, or a file.
        live: whether it was the wire itself.
        promiscuous: whether frames for other hosts were taken too.
    """
    where = Place(interfaces, prediction.local, live, promiscuous)
    # Sources are named first, so that what one router makes clear counts for the others.
    places = by_place(prediction.expected)
    routers = sorted(seen.routers, key=lambda router: _rank(router.key, places))
    members = [members_of(router.key, places) for router in routers]
    nodes = hints(list(zip(routers, members, strict=True)))
    views = [_view(router, some, prediction, nodes) for router, some in zip(routers, members, strict=True)]
    told = _together(views, prediction, seen.seconds)
    views = [_narrowed(view, told) for view in views] if told else views
    known = {**prediction.known, **told}
    views = [view._replace(partly=where.partly(view.router)) for view in views]
    listened = [where.listened(seen, interface=view.key.interface) for view in views]
    found = statuses(views, prediction.expected, known, seen.seconds, listened)
    both = shared(views, prediction.expected)
    views = [view._replace(nodes=nodes, shared=same) for view, nodes, same in zip(views, found, both, strict=True)]
    missing = []
    for mine in _places(prediction.expected, interfaces):
        speak = any(can_speak(member, prediction.known.get(member.node, {})) for member in mine)
        seconds = where.listened(seen, mine)
        if mine[0].place not in seen.heard and speak and seconds is not None:
            bound = max(member.down_interval() for member in mine)
            missing.append(Missing(mine, seconds, bound, where.elsewhere(mine)))
    configured = bool(prediction.expected)
    return Comparison(
        seen,
        tuple(views),
        tuple(missing),
        prediction.departures,
        configured,
        live,
        place,
        prediction.known,
        prediction.expected,
        prediction.releases,
        prediction.promises,
    )


def _rank(key: RouterKey, places: ByPlace) -> int:
    """Routers of the files come first, and of these those on the link of the files, so that no flood hides them."""
    links = {each.instance.interface.value for each in places.get((key.family, key.virtual_router_id), ())}
    return 0 if key.link in links else 1 if links else 2


def _places(expected: Sequence[Expected], interfaces: Sequence[str]) -> Iterator[tuple[Expected, ...]]:
    """The instances of each router that can be heard on these interfaces (none: anywhere)."""
    here = [each for each in expected if each.instance.interface.value in interfaces]
    yield from map(tuple, by_place(here or expected).values())


def members_of(key: RouterKey, places: ByPlace) -> tuple[Expected, ...]:
    """The instances that can be this router; where a node has several, the one on the interface."""
    found: dict[str, Expected] = {}
    for each in places.get((key.family, key.virtual_router_id), ()):
        if each.node not in found or each.instance.interface.value == key.link:
            found[each.node] = each
    return tuple(found.values())


def _view(router: Router, members: tuple[Expected, ...], prediction: Prediction, known: Mapping[str, str]) -> View:
    assigned = assign(router, members, known)
    taken = {id(each[0]) for each in assigned.values() if len(each) == 1}
    compared_sources = []
    for source in router.sources:
        nodes = assigned[source.address]
        expected = nodes[0] if nodes else None
        others = tuple(each for each in nodes[1:] if id(each) not in taken)
        links = prediction.links if source.ip in prediction.local else {}
        priorities = tuple(_explained(source, expected, others, prediction.known, links))
        departs = tuple(dict.fromkeys(_departs(source, expected))) if expected is not None else ()
        rejected = tuple(
            {
                (receiver.node, objection): (receiver, objection)
                for receiver, objection in _rejected(source, expected, members)
            }.values()
        )
        compared_sources.append(ComparedSource(source, expected, others, priorities, departs, rejected))
    return View(router, members, tuple(compared_sources))


def _explained(
    source: Source, expected: Expected | None, others: tuple[Expected, ...], known: Known, links: States
) -> Iterator[Explained]:
    if expected is None:
        return
    for priority in source.priorities:
        if priority == 0:
            continue
        each = [explain(expected, priority, {**links, **known.get(expected.node, {})})]
        each += [explain(other, priority, known.get(other.node, {})) for other in others]
        yield min(each, key=_distance)


def _together(views: Sequence[View], prediction: Prediction, end: float) -> dict[str, dict[str, str]]:
    """The states that follow from what all routers of a node advertise now, by node.

    A script that several of them track has one state; so what one of them leaves open another may settle.
    """
    now: dict[str, dict[str, int]] = {}
    for view in views:
        for compared in view.compared_sources:
            run = compared.source.run
            fresh = end - run.last <= 3 * compared.source.said.interval
            if compared.expected is not None and not compared.others and fresh:
                priority = compared.source.latest
                if any(each.priority == priority and each.predicted for each in compared.priorities):
                    now.setdefault(compared.expected.node, {})[compared.expected.instance.name] = priority
    told = {}
    for node, priorities in now.items():
        mine = tuple(each for each in prediction.expected if each.node == node and each.instance.name in priorities)
        if 1 < len(mine) <= MOST_TOGETHER:
            told[node] = settle(mine, priorities, prediction.known.get(node, {}))
    return told


def _narrowed(view: View, told: Mapping[str, States]) -> View:
    """With shorter explanations of what is advertised now, where the other routers of the node leave any."""
    compared_sources = []
    for compared in view.compared_sources:
        states = told.get(compared.expected.node) if compared.expected is not None else None
        if not states or compared.expected is None:
            compared_sources.append(compared)
            continue
        latest = compared.source.latest
        again = [
            explain(compared.expected, each.priority, states) if each.priority == latest and each.predicted else each
            for each in compared.priorities
        ]
        # Adverts of several routers are not of one moment: what they contradict each other in says nothing.
        kept = [new if new.predicted else old for old, new in zip(compared.priorities, again, strict=True)]
        compared_sources.append(compared._replace(priorities=tuple(kept)))
    return view._replace(compared_sources=tuple(compared_sources))


def _distance(explained: Explained) -> int:
    """How far a priority is from what the file can reach."""
    if explained.predicted:
        return 0
    return abs(explained.closest[0] - explained.priority) if explained.closest is not None else 256


def source_adverts(source: Source) -> Iterator[SourceAdvert]:
    """What the source said, one after the other."""
    priority = max(source.priorities, default=0)
    for content in source.contents:
        yield SourceAdvert(source.address, priority, content, tuple(source.copies), source.proofs.get(content))


def _departs(source: Source, own: Expected) -> Iterator[Objection]:
    """Where the adverts of a node are not what its own file says."""
    instance = own.instance
    for sent in source_adverts(source):
        content = sent.content
        if content.version != instance.vrrp_version:
            yield Objection("version", str(content.version), str(instance.vrrp_version))
        interval = instance.advert_interval.value
        if abs(content.interval - interval) > 0.001:
            yield Objection("interval", f"{content.interval:g} s", f"{interval:g} s")
        if frozenset(content.addresses) != own.addresses and not _cut(source):
            yield Objection("addresses", listed(content.addresses), listed(sorted(own.addresses)))
        if content.version != instance.vrrp_version and "hmac" not in (content.auth, own.auth):
            continue  # each version has an authentication of its own
        if content.auth != own.auth:
            yield Objection("auth", content.auth, own.auth)
        elif own.password is not None and not proves(sent.proof, own.password):
            yield Objection("auth", content.auth, ANOTHER)
        elif own.hmac is not None and content.auth == "hmac":
            yield from _signed(sent, own)
    other = any(content.version != instance.vrrp_version for content in source.contents)
    for copy in source.copies:
        if copy.checksum not in (*own.checksum, "cut") and (not other or copy.checksum in BROKEN):
            yield Objection("checksum", copy.checksum, " or ".join(sorted(own.checksum)))
        ttl = MULTICAST_TTL if is_multicast(packed(copy.destination)) else own.ttl
        if ttl is not None and copy.ttl != ttl:
            yield Objection("ttl", str(copy.ttl), str(ttl))


def _cut(source: Source) -> bool:
    return all(copy.checksum == "cut" for copy in source.copies)


def _signed(sent: SourceAdvert, own: Expected) -> Iterator[Objection]:
    if own.hmac is None:
        return
    if sent.content.key_id != own.hmac.active:
        yield Objection("auth", f"auth_hmac key {sent.content.key_id}", f"auth_hmac key {own.hmac.active}")
    elif not proves(sent.proof, own.hmac.keys[own.hmac.active]):
        yield Objection("auth", f"auth_hmac key {own.hmac.active}", ANOTHER)


def _rejected(
    source: Source, own: Expected | None, members: Iterable[Expected]
) -> Iterator[tuple[Expected, Objection]]:
    for receiver in members:
        if own is not None and receiver.node != own.node:
            for sent in source_adverts(source):
                for objection in _against(sent, receiver):
                    if objection.kind != "addresses" or not _cut(source):
                        yield receiver, objection


def rejecting(expected: Sequence[Expected]) -> Rejects:
    """Whether one of two sources rejects the other's adverts, as far as they and the files tell."""
    places = by_place(expected)

    def rejects(key: RouterKey, one: SourceAdvert, other: SourceAdvert) -> bool:
        if clash(one.advert, other.advert):
            return True
        members = members_of(key, places)
        for heard, hearing in ((one, other), (other, one)):
            receiver = _of(hearing, members)
            if receiver is None:
                continue
            # What it does not do itself is not what it runs with, whatever its file says.
            stale = {found.kind for found in _against(hearing, receiver)}
            if any(found.rejects and found.kind not in stale for found in _against(heard, receiver)):
                return True
        return False

    return rejects


def _against(sent: SourceAdvert, receiver: Expected) -> Iterator[Objection]:
    """Everything that a node has against the adverts of a source."""
    return objections(sent.advert, receiver.endpoint, receiver.sources)


def _of(sent: SourceAdvert, members: Sequence[Expected]) -> Expected | None:
    """The node of a sent: by its address, else the only one whose addresses and priority these are."""
    for member in members:
        if ip_of(sent.address) in member.sources:
            return member
    fits = [
        member
        for member in members
        if not member.sources
        and frozenset(sent.content.addresses) == member.addresses
        and any(found.priority == sent.priority for found in member.reach.reachable)
    ]
    return fits[0] if len(fits) == 1 else None
