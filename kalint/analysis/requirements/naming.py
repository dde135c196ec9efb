"""The names of a requirement in a cluster: which nodes, routers, things and links they are, or what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import DAEMON, TOGETHER, Router
from kalint.analysis.given_states import known_things
from kalint.analysis.requirements.things import Thing, single
from kalint.requirements.errors import RequirementError
from kalint.semantics.addresses import canonical
from kalint.semantics.states import bad_state

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Shared
    from kalint.analysis.cluster.results import Cluster
    from kalint.requirements.model import Claim, LinkName, Name, Place, RouterName, ThingName

MOST_SHOWN = 6


class Names:
    """All names of one cluster."""

    def __init__(self, cluster: Cluster, things: Sequence[Thing], together: Sequence[Shared]) -> None:
        self.cluster = cluster
        self.nodes = [node.name for node in cluster.nodes]
        self.things = {(thing.node, thing.key): thing for thing in things}
        self.together = {thing: shared.name for shared in together for thing in shared.things}
        self.shared = [shared.name for shared in together]
        self.routers = [answer.router for answer in cluster.answers]
        self.routers += [
            Router(each.instance.virtual_router_id.value, each.instance.family, (each.member,))
            for each in cluster.alone
        ]
        self._known = {node.name: dict.fromkeys(known_things(node.resolved)) for node in cluster.nodes}
        self._by_name: dict[str, list[Router]] = {}
        self._by_number: dict[int, list[Router]] = {}
        for router in self.routers:
            self._by_number.setdefault(router.virtual_router_id, []).append(router)
            for name in dict.fromkeys(member.instance.name for member in router.members):
                self._by_name.setdefault(name, []).append(router)

    def node(self, name: Name, place: Place) -> str:
        """The node of a name.

        Raises:
            RequirementError: there is none.
        """
        if name.text in self.nodes:
            return name.text
        raise _wrong(place, name.text, name.column, f"no node is named {name.text}", _meant(name.text, self.nodes))

    def claimed(self, claim: Claim, place: Place) -> tuple[Router, ...]:
        """The routers that a claim is about.

        Raises:
            RequirementError: no router has the name, a name means several, or a node has no instance of it.
        """
        nodes = [self.node(name, place) for name in claim.nodes]
        if claim.other is not None:
            nodes.append(self.node(claim.other, place))
        named = [self.router(router, place) for router in claim.routers]
        for router, written in zip(named, claim.routers, strict=True):
            for name in claim.nodes:
                if name.text not in _nodes(router):
                    text = f"{name.text} has no instance of {shown(router)}"
                    raise _wrong(place, name.text, name.column, text, f"{' and '.join(_nodes(router))} have one")
            del written
        if named:
            return tuple(named)
        found = [router for router in self.routers if all(node in _nodes(router) for node in nodes)]
        if not found:
            which = " and ".join(nodes) or "no node"
            first = claim.nodes[0] if claim.nodes else None
            text = f"{which} has no virtual router" if len(nodes) == 1 else f"{which} share no virtual router"
            raise _wrong(place, first.text if first else "", first.column if first else 1, text, "")
        return tuple(found)

    def router(self, name: RouterName, place: Place) -> Router:
        """The router of a name, a VRID, or a virtual address.

        Raises:
            RequirementError: there is none, or there are several.
        """
        if name.name is None:
            fitting: Sequence[Router] = [
                each for each in self.numbered(name.virtual_router_id) if name.family in (None, each.family)
            ]
            text, known = f"VRID {name.virtual_router_id}", [f"VRID {number}" for number in self._by_number]
            if name.family is not None:
                text = f"{text} {name.family}"
        else:
            text = name.name.text
            fitting = self._named(text)
            known = list(self._by_name)
        if not fitting:
            raise _wrong(place, text, name.column, f"no virtual router is named {text}", _meant(text, known))
        if len(fitting) > 1:
            means = " and ".join(f"{shown(each)} on {', '.join(_where(each, text))}" for each in fitting)
            advice = "name it by its VRID or by a virtual address"
            raise _wrong(place, text, name.column, f"{text} means different routers: {means}", advice)
        return fitting[0]

    def numbered(self, virtual_router_id: int | None) -> Sequence[Router]:
        """The routers of a VRID."""
        return self._by_number.get(virtual_router_id, ()) if virtual_router_id is not None else ()

    def called(self, text: str) -> Sequence[Router]:
        """The routers that have an instance of a name."""
        return self._by_name.get(text, ())

    def _named(self, text: str) -> Sequence[Router]:
        by_name = self.called(text)
        if by_name:
            return by_name
        address = canonical(text)
        return [
            each
            for each in self.routers
            if any(
                address == canonical(virtual)
                for member in each.members
                for virtual in member.instance.virtual_addresses
            )
        ]

    def thing(self, name: ThingName, place: Place) -> Thing:
        """What can fail by its name; a thing that is on several nodes must name one.

        Raises:
            RequirementError: there is none of the name, or it is on several nodes, or fails only together with others.
        """
        assert name.name is not None
        text, column = name.name.text, name.name.column
        if name.kind == "node":
            return self._own(self.node(name.name, place), DAEMON, text, column, place)
        if name.kind == TOGETHER:
            found = self.things.get(("", f"{TOGETHER}:{text}"))
            if found is None:
                advice = _meant(text, self.shared) if self.shared else "the settings of the cluster list none"
                raise _wrong(place, text, column, f"nothing is listed as together.{text}", advice)
            return found
        key = f"{name.kind}:{text}"
        if name.node is not None:
            node = self.node(name.node, place)
            if key not in self._known[node]:
                raise self._unknown(name.kind, text, column, [node], place)
            return self._own(node, key, text, column, place)
        nodes = [node for node in self.nodes if key in self._known[node]]
        if not nodes:
            raise self._unknown(name.kind, text, column, self.nodes, place)
        if len(nodes) > 1:
            advice = "write: " + " or ".join(f"{name.kind} {text} on {node}" for node in nodes[:MOST_SHOWN])
            raise _wrong(place, text, column, f"{name.kind} {text} is on {_list(nodes)}", advice)
        return self._own(nodes[0], key, text, column, place)

    def on(self, name: ThingName, node: str, place: Place) -> Thing | None:
        """The thing of `on the master` at one node, or None: that node has none of the name."""
        key = DAEMON if name.name is None else f"{name.kind}:{name.name.text}"
        if key != DAEMON and key not in self._known[node]:
            return None
        text, column = ("", name.column) if name.name is None else (name.name.text, name.name.column)
        return self._own(node, key, text, column, place)

    def exists(self, name: ThingName, place: Place) -> None:
        """Check that some node has what is named without its node.

        Raises:
            RequirementError: no node has it.
        """
        if name.name is not None and not any(
            f"{name.kind}:{name.name.text}" in known for known in self._known.values()
        ):
            raise self._unknown(name.kind, name.name.text, name.name.column, self.nodes, place)

    def link(self, name: LinkName, place: Place) -> frozenset[str]:
        """The two nodes of a link."""
        return frozenset((self.node(name.one, place), self.node(name.other, place)))

    def _own(self, node: str, key: str, text: str, column: int, place: Place) -> Thing:
        group = self.together.get((node, key))
        if group is not None:
            what = f"{node} as a whole" if key == DAEMON else f"{key.replace(':', ' ')} on {node}"
            raise _wrong(place, text, column, f"{what} fails only with others", f"write: {TOGETHER} {group}")
        found = self.things.get((node, key))
        if found is not None:
            return found
        state = bad_state(key.partition(":")[0])  # keepalived drops the tracker: nothing hangs on it
        return single(node, key, state)

    def _unknown(self, kind: str, text: str, column: int, nodes: Sequence[str], place: Place) -> RequirementError:
        names = dict.fromkeys(
            key.partition(":")[2] for node in nodes for key in self._known[node] if key.startswith(f"{kind}:")
        )
        where = nodes[0] if len(nodes) == 1 else "any node"
        return _wrong(place, text, column, f"no {kind} {text} on {where}", _meant(text, list(names)))


def shown(router: Router) -> str:
    """A router as people name it: by the name of its instances where they have one."""
    names = dict.fromkeys(member.instance.name for member in router.members)
    return next(iter(names)) if len(names) == 1 else f"VRID {router.virtual_router_id} {router.family}"


def _nodes(router: Router) -> list[str]:
    return [member.node.name for member in router.members]


def _where(router: Router, text: str) -> list[str]:
    named = [member.node.name for member in router.members if member.instance.name == text]
    return named or _nodes(router)


def _meant(text: str, known: Iterable[str]) -> str:
    names = list(dict.fromkeys(known))
    close = get_close_matches(text, names, 1)
    if close:
        return f"did you mean {close[0]}?"
    return f"there is {_list(names)}" if names else "there is none"


def _list(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _wrong(place: Place, text: str, column: int, message: str, advice: str) -> RequirementError:
    shift = place.column - 1
    return RequirementError(message, place.text, column, max(1, len(text)), advice, place.file, place.line, shift)
