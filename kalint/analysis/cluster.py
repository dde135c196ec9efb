"""Several nodes' configurations together: which virtual routers they share, and who is master of them when what fails.

Priorities come from `reach`, elections from `election`; what is asked over all combinations comes from `tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.election import Seat, settle
from kalint.analysis.reach import OWNER, Reach, reaching
from kalint.analysis.seats import packed, seat_of, source_of, starts_as_master
from kalint.analysis.tables import Move, Power, Tie, Witness, cheapest_move, never_masters, no_master, power, ties
from kalint.semantics.effect import outcome

if TYPE_CHECKING:
    from kalint.diagnostic import Diagnostic
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.version import Version

Masters = tuple["str | None", ...]
"""Who may be master, the likeliest first; None: nobody."""

DAEMON, STOPPED = "daemon", "stopped"
"""The failure of a node as a whole, as `Failure.thing` and `Failure.state`."""


class Node(NamedTuple):
    """A node of the cluster. `addresses` has the source address of each interface, where it is known."""

    name: str
    resolved: Resolved
    addresses: Mapping[str, str] = {}


class Member(NamedTuple):
    """A node's instance of a router. `address` is its source address, or None: unknown."""

    node: Node
    instance: Instance
    reach: Reach
    address: str | None


class Router(NamedTuple):
    """A virtual router that nodes share: one VRID of one family on one link. `members` in the order of the nodes."""

    virtual_router_id: int
    family: str
    members: tuple[Member, ...]

    @property
    def key(self) -> tuple[int, str, str]:
        return self.virtual_router_id, self.family, self.members[0].instance.name

    @property
    def reaches(self) -> dict[str, Reach]:
        """Each node's table."""
        return {member.node.name: member.reach for member in self.members}

    @property
    def grouped(self) -> bool:
        """Whether a sync group binds a member to another router."""
        return any(member.instance.sync_group is not None for member in self.members)

    @property
    def nominal(self) -> dict[str, int | None]:
        """Each node's priority while everything is good (None: FAULT)."""
        return {member.node.name: member.reach.nominal for member in self.members}


class Failure(NamedTuple):
    """One thing of one node fails on a good day: the priorities then (None: FAULT), and who may be master then.

    `before` is who is master on that day.
    """

    node: str
    thing: str
    state: str
    priorities: Mapping[str, int | None]
    masters: Masters
    before: Masters


class Answer(NamedTuple):
    """All that is worked out of one router.

    `masters` are those of a good day, and `decided_by` says how: `priority`, `owner`, `address`, `sync_group` (a group
    keeps the better node away), or `undetermined` (the order of starting, or timers). `powers` has what each thing
    can do, by node and thing; it is empty where a sync group is in it. `complete` is False where sync groups bind so
    many routers together that outcomes may be missing.
    """

    router: Router
    masters: Masters
    decided_by: str
    failures: tuple[Failure, ...]
    ties: tuple[Tie, ...]
    never_masters: tuple[str, ...]
    no_master: Witness | None
    move: Move | None
    powers: Mapping[tuple[str, str], Power]
    complete: bool = True


class Alone(NamedTuple):
    """An instance without a counterpart on another node, and why."""

    member: Member
    reason: str

    @property
    def node(self) -> str:
        """The node's name."""
        return self.member.node.name

    @property
    def instance(self) -> Instance:
        """The instance itself."""
        return self.member.instance


class Cluster(NamedTuple):
    """The result of `kalint cluster`."""

    nodes: tuple[Node, ...]
    answers: tuple[Answer, ...]
    alone: tuple[Alone, ...]

    @property
    def members(self) -> Iterator[Member]:
        """Every instance of every node."""
        for answer in self.answers:
            yield from answer.router.members
        for alone in self.alone:
            yield alone.member


def analyse(nodes: Sequence[Node]) -> Cluster:
    """Everything about a cluster: who is master on a good day, after each single failure, and in all combinations."""
    routers, alone = match(nodes)
    answers: dict[int, Answer] = {}
    for part in _parts(routers):
        found = _Part(part)
        for router in part:
            answers[id(router)] = _answer(found, router)
    return Cluster(tuple(nodes), tuple(answers[id(router)] for router in routers), alone)


def match(nodes: Sequence[Node]) -> tuple[tuple[Router, ...], tuple[Alone, ...]]:
    """The routers that nodes share, by VRID and family, and the instances that nobody shares.

    Where a node has a VRID on two interfaces, the name of the interface has to be the same too.
    """
    places: dict[tuple[int, str], dict[str, list[Member]]] = {}
    for node in nodes:
        reach = reaching(node.resolved.profile)
        for instance in node.resolved.instances:
            interface = instance.interface.value
            address = node.addresses.get(interface) or source_of(instance)
            member = Member(node, instance, reach(instance), address)
            key = instance.virtual_router_id.value, instance.family
            places.setdefault(key, {}).setdefault(node.name, []).append(member)
    routers, alone = [], []
    for (vrid, family), by_node in places.items():
        for members in _links(by_node):
            if len(members) > 1:
                routers.append(Router(vrid, family, members))
            else:
                alone.append(Alone(members[0], _why_alone(by_node)))
    return tuple(routers), tuple(alone)


def _links(by_node: Mapping[str, list[Member]]) -> Iterator[tuple[Member, ...]]:
    if all(len(members) == 1 for members in by_node.values()):
        yield tuple(members[0] for members in by_node.values())
        return
    links: dict[str, dict[str, Member]] = {}
    for name, members in by_node.items():
        for member in members:
            links.setdefault(member.instance.interface.value, {}).setdefault(name, member)
    for found in links.values():
        yield tuple(found.values())


def _why_alone(by_node: Mapping[str, list[Member]]) -> str:
    if len(by_node) > 1:
        return "the other nodes have this VRID on interfaces of other names"
    return "no other node has this VRID in this address family"


def _parts(routers: Sequence[Router]) -> list[list[Router]]:
    """The routers in sets that sync groups bind together."""
    part_of: dict[tuple[str, str], list[Router]] = {}
    parts: list[list[Router]] = []
    for router in routers:
        groups = [(member.node.name, member.instance.sync_group) for member in router.members]
        keys = [(name, group) for name, group in groups if group is not None]
        merged = [router]
        for other in {id(part_of[key]): part_of[key] for key in keys if key in part_of}.values():
            parts = [part for part in parts if part is not other]
            merged = other + merged
        parts.append(merged)
        for each in merged:
            for member in each.members:
                if member.instance.sync_group is not None:
                    part_of[member.node.name, member.instance.sync_group] = merged
    return parts


class _Part:
    """The routers of one part with their elections; the settled masters of a set of priorities are kept."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self.members = [(router, member) for router in routers for member in router.members]
        self.good = tuple(member.reach.nominal for _, member in self.members)
        self._known: dict[tuple[tuple[int | None, ...], frozenset[tuple[object, str]]], list[_Held]] = {}
        self.complete = True
        self.starts = self._start()

    def _start(self) -> list[_Held]:
        eager = frozenset(
            (router.key, member.node.name)
            for router, member in self.members
            if starts_as_master(member.instance, member.node.resolved)
        )
        return self.settled(self.good, eager, start=True)

    def settled(
        self, priorities: tuple[int | None, ...], masters: frozenset[tuple[object, str]], start: bool = False
    ) -> list[_Held]:
        """Who may hold which routers, from who holds them now."""
        known = self._known.get((priorities, masters)) if not start else None
        if known is None:
            seats = [
                self._seat(router, member, priority, masters)
                for (router, member), priority in zip(self.members, priorities, strict=True)
            ]
            settled = settle(seats, start)
            self.complete = self.complete and all(found.complete for found in settled)
            known = [
                frozenset((key, name) for key, name in each.items() if name is not None)
                for found in settled
                for each in found.outcomes
            ]
            if not start:
                self._known[priorities, masters] = known
        return known

    def _seat(
        self, router: Router, member: Member, priority: int | None, masters: frozenset[tuple[object, str]]
    ) -> Seat:
        return seat_of(
            member.node.name,
            router.key,
            member.instance,
            member.node.resolved.profile,
            priority,
            member.address,
            (router.key, member.node.name) in masters,
        )


_Held = frozenset[tuple[object, str]]


def _masters(router: Router, held: Sequence[_Held]) -> Masters:
    """Who may be master of a router, the highest priority of a good day first, then the highest address."""
    found = {next((name for key, name in each if key == router.key), None) for each in held}
    order = {member.node.name: index for index, member in enumerate(router.members)}

    def rank(name: str | None) -> tuple[int, bytes, int]:
        if name is None:
            return 1, b"", 0
        member = router.members[order[name]]
        return -(member.reach.nominal or 0), _inverted(packed(member.address)), order[name]

    return tuple(sorted(found, key=rank))


def _inverted(address: bytes | None) -> bytes:
    return b"" if address is None else bytes(255 - byte for byte in address)


def _answer(part: _Part, router: Router) -> Answer:
    masters = _masters(router, part.starts)
    failures = tuple(_failures(part, router, masters))
    reaches = router.reaches
    powers = {}
    if not router.grouped:
        powers = {
            (member.node.name, thing.key): power(reaches, member.node.name, thing)
            for member in router.members
            for thing in member.reach.things
        }
    return Answer(
        router,
        masters,
        _decided_by(router, masters),
        failures,
        tuple(ties(reaches)),
        never_masters(reaches),
        no_master(reaches),
        cheapest_move(reaches, masters[0]) if masters and masters[0] is not None else None,
        powers,
        part.complete,
    )


def _decided_by(router: Router, masters: Masters) -> str:
    if len(masters) != 1 or masters[0] is None:
        return "undetermined"
    nominal = router.nominal
    best = nominal[masters[0]] or 0
    others = [priority or 0 for name, priority in nominal.items() if name != masters[0]]
    if best > max(others):
        return "owner" if best == OWNER else "priority"
    return "address" if best == max(others) else "sync_group"


def _failures(part: _Part, router: Router, before: Masters) -> Iterator[Failure]:
    """Each thing of each node, in each of its bad states that makes a difference of its own; then each whole node."""
    for member in router.members:
        name = member.node.name
        for thing in member.reach.things:
            seen: set[tuple[Masters, bool]] = set()
            for choice in thing.choices[1:]:
                failure = _failure(part, router, before, name, thing.key, choice.state)
                kind = failure.masters, choice.fault
                if kind not in seen:
                    seen.add(kind)
                    yield failure
        yield _failure(part, router, before, name, DAEMON, STOPPED)


def _failure(part: _Part, router: Router, before: Masters, node: str, thing: str, state: str) -> Failure:
    priorities = tuple(
        _priority(member, good, thing, state) if member.node.name == node else good
        for (_, member), good in zip(part.members, part.good, strict=True)
    )
    held = list(dict.fromkeys(after for start in part.starts for after in part.settled(priorities, start)))
    mine = {
        member.node.name: priority
        for (owner, member), priority in zip(part.members, priorities, strict=True)
        if owner is router
    }
    first = [start for start in part.starts if _masters(router, [start])[0] == before[0]] if before else []
    likeliest = [after for start in first for after in part.settled(priorities, start)]
    masters = tuple(dict.fromkeys((*_masters(router, likeliest), *_masters(router, held))))
    return Failure(node, thing, state, mine, masters, before)


def after(router: Router, node: str, thing: str) -> tuple[Masters, Masters]:
    """Who is master of a router without groups on a good day, and after the first bad state of a node's thing."""
    part = _Part((router,))
    good = _masters(router, part.starts)
    states = [
        choice.state
        for member in router.members
        if member.node.name == node
        for each in member.reach.things
        if each.key == thing
        for choice in each.choices[1:]
    ]
    return good, _failure(part, router, good, node, thing, states[0]).masters if states else good


def _priority(member: Member, good: int | None, thing: str, state: str) -> int | None:
    if thing == DAEMON:
        return None
    if all(other.key != thing for other in member.reach.things):
        return good
    return outcome(member.instance, {thing: state}, member.node.resolved.profile)


class Judged(NamedTuple):
    """What `kalint cluster` prints: the analysis and what the rules say of it, for the release that counts.

    `sources` has the lines of every file that was read.
    """

    version: Version
    cluster: Cluster
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, list[str]] = {}

    def of(self, router: Router) -> Iterator[Diagnostic]:
        """The findings at one of a router's instances."""
        places = {
            (node.line.file, line)
            for node in (member.instance.written.node for member in router.members)
            for line in range(node.line.number, (node.closer or node.line).number + 1)
        }
        for found in self.diagnostics:
            spans = (found.span, *(related.span for related in found.related))
            if any((span.file, span.line) in places for span in spans):
                yield found
