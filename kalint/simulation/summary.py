"""What a run comes to: who is master, who answers for the addresses, when nobody is master and when two are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.simulation.event import MASTER
from kalint.simulation.network import shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    from kalint.analysis.cluster.members import Node, Router
    from kalint.semantics.resolved import Resolved
    from kalint.simulation.event import Event


class RouterKey(NamedTuple):
    """A virtual router; its first `instance`, of the first of its nodes, tells two of one VRID apart."""

    virtual_router_id: int
    family: str
    instance: str
    node: str


class Masters(NamedTuple):
    """Who is master from now on: nodes in their order. Times are microseconds, here and below."""

    time: int
    router: RouterKey
    nodes: tuple[str, ...]


class Answers(NamedTuple):
    """Who answers for a router's addresses from now on.

    `node` is who announced them last, or the only one who has them, None: nobody. `holders` have them on their
    interface, with a killed daemon too.
    """

    time: int
    router: RouterKey
    node: str | None
    holders: tuple[str, ...]


class Spell(NamedTuple):
    """A time when nobody is master (`outage`), or several are (`double`, whose `nodes` they are)."""

    kind: Literal["outage", "double"]
    start: int
    end: int
    router: RouterKey
    nodes: tuple[str, ...] = ()

    @property
    def time(self) -> int:
        return self.end

    @property
    def length(self) -> int:
        return self.end - self.start


Record = Masters | Answers | Spell


class _Place:
    """A virtual router in the course of a run.

    `interfaces` has the interface, as a thing, of each node's instances that are of it in some file. It is `active`
    while a file that a node runs has it.
    """

    def __init__(self, key: RouterKey) -> None:
        self.key = key
        self.interfaces: dict[tuple[str, str], str] = {}
        self.active = False
        self.masters: set[str] = set()
        self.holders: set[str] = set()
        self.announced: str | None = None
        self.told_masters: tuple[str, ...] | None = None
        self.told_answers: tuple[str | None, tuple[str, ...]] = (None, ())
        self.since = 0

    def add(self, router: Router) -> None:
        for member in router.members:
            link = f"interface:{member.instance.interface.value}"
            self.interfaces[member.node.name, member.instance.name] = link

    def is_of(self, router: Router) -> bool:
        """Whether a router of other files is this one: an instance is of both, or a node has it on one interface."""
        if (self.key.virtual_router_id, self.key.family) != (router.virtual_router_id, router.family):
            return False
        mine = {(node, link) for (node, _), link in self.interfaces.items()}
        theirs = {(member.node.name, f"interface:{member.instance.interface.value}") for member in router.members}
        return bool(mine & theirs) or not {node for node, _ in mine} & {node for node, _ in theirs}

    def link_of(self, node: str) -> str:
        return next(link for (name, _), link in self.interfaces.items() if name == node)


class Summary:
    """Follows a run, event by event. What happens in one microsecond counts as one change.

    `others` are the configurations that nodes read in the course of it, by name: a start or a reload may add routers.
    """

    def __init__(self, nodes: Sequence[Node], others: Sequence[tuple[str, Resolved]] = ()) -> None:
        self._order = {node.name: number for number, node in enumerate(nodes)}
        self._places: dict[tuple[str, str], _Place] = {}
        self._links: dict[tuple[str, str], list[_Place]] = {}
        self._down: set[tuple[str, str]] = set()
        self._changed: dict[_Place, None] = {}
        self._now = 0
        self._all: list[_Place] = []
        for router in shared(nodes):
            self._new_place(router).add(router)
        for name, resolved in others:
            changed = [node._replace(resolved=resolved) if node.name == name else node for node in nodes]
            for router in shared(changed):
                known = next((place for place in self._all if place.is_of(router)), None)
                (known or self._new_place(router)).add(router)
        for place in self._all:
            for (node, instance), link in place.interfaces.items():
                self._places.setdefault((node, instance), place)
                self._links.setdefault((node, link), []).append(place)
        self.routers: tuple[RouterKey, ...] = tuple(place.key for place in self._all)
        self.reread(nodes)

    def _new_place(self, router: Router) -> _Place:
        first = router.members[0]
        key = RouterKey(router.virtual_router_id, router.family, first.instance.name, first.node.name)
        self._all.append(_Place(key))
        return self._all[-1]

    def reread(self, nodes: Iterable[Node]) -> None:
        """A node runs another configuration from now on: routers come and go."""
        present = {(node.name, instance.name) for node in nodes for instance in node.resolved.instances}
        for place in self._all:
            active = not present.isdisjoint(place.interfaces)
            if active != place.active:
                place.active = active
                self._changed[place] = None

    @property
    def masters(self) -> dict[RouterKey, tuple[str, ...]]:
        """Who is master now, and can be heard: one whose own interface is down is mute."""
        return {place.key: self._heard(place, place.masters) for place in self._all}

    def key_of(self, node: str, instance: str) -> RouterKey | None:
        """The router of a node's instance; None: no file has it."""
        place = self._places.get((node, instance))
        return place.key if place is not None else None

    @property
    def members(self) -> dict[tuple[str, str], RouterKey]:
        """The router of each node's instance, in all files."""
        return {member: place.key for place in self._all for member in place.interfaces}

    def add(self, event: Event) -> list[Record]:
        """Take up an event; what the time before it has come to."""
        records: list[Record] = []
        if event.time != self._now:
            records = list(self._settle())
            self._now = event.time
        if event.kind == "world" and (event.node, event.thing) in self._links:
            (self._down.add if event.after == "down" else self._down.discard)((event.node, event.thing))
            self._changed.update(dict.fromkeys(self._links[event.node, event.thing]))
        elif event.instance and (event.node, event.instance) in self._places:
            self._instance(self._places[event.node, event.instance], event)
        return records

    def finish(self, end: int) -> Iterator[Record]:
        """What the rest comes to, up to the end of the run."""
        yield from self._settle()
        for place in self._all:
            spell = self._spell(place, end)
            if spell is not None:
                yield spell

    def _instance(self, place: _Place, event: Event) -> None:
        if event.kind == "state":
            (place.masters.add if event.after == MASTER else place.masters.discard)(event.node)
        elif event.kind == "addresses":
            (place.holders.discard if event.after == "released" else place.holders.add)(event.node)
        elif event.kind == "arp":
            place.announced = event.node
        else:
            return
        self._changed[place] = None

    def _heard(self, place: _Place, names: set[str]) -> tuple[str, ...]:
        found = [name for name in names if (name, place.link_of(name)) not in self._down]
        return tuple(sorted(found, key=self._order.__getitem__))

    def _settle(self) -> Iterator[Record]:
        for place in self._changed:
            masters = self._heard(place, place.masters)
            if not place.active and (masters or place.told_masters is None):
                pass  # a daemon that is still to read the file without it, or none that has read the one with it
            elif not place.active:
                yield from self._gone(place)
            elif masters != place.told_masters:
                spell = self._spell(place, self._now)
                if spell is not None:
                    yield spell
                if masters or place.told_masters is not None:
                    yield Masters(self._now, place.key, masters)
                place.told_masters, place.since = masters, self._now
            holders = self._heard(place, place.holders)
            node = place.announced if place.announced in holders else holders[0] if holders else None
            if (node, holders) != place.told_answers:
                place.told_answers = node, holders
                yield Answers(self._now, place.key, node, holders)
        self._changed.clear()

    def _gone(self, place: _Place) -> Iterator[Record]:
        """No file has the router any more: that nobody is master is no outage."""
        spell = self._spell(place, self._now)
        if spell is not None:
            yield spell
        if place.told_masters:
            yield Masters(self._now, place.key, ())
        place.told_masters = None

    def _spell(self, place: _Place, now: int) -> Spell | None:
        masters = place.told_masters
        if masters is None or len(masters) == 1 or now == place.since:
            return None
        return Spell("double" if masters else "outage", place.since, now, place.key, masters)
