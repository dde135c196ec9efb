"""Who is master while any set of things has failed: the answer to switches thrown one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.common_causes import failing
from kalint.analysis.cluster.component import Component, masters_of, parts
from kalint.analysis.cluster.configurations import Configurations
from kalint.analysis.cluster.members import DAEMON, STOPPED, TOGETHER
from kalint.analysis.cluster.results import Answer, Failure
from kalint.analysis.given_states import parse_states
from kalint.analysis.timing.failover import Failovers
from kalint.errors import UsageError
from kalint.semantics.priority import outcome

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import Priorities
    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Member, Witness
    from kalint.analysis.cluster.results import Cluster, UnsharedInstance
    from kalint.analysis.timing.failover import Failover

MOST_ORDERED = 3
"""Of up to this many failures every order is tried; of more, all at once and one after the other as given."""

Thrown = tuple[str, str, str]
"""A failure: the node, the thing as `kind:name` (or `daemon`), and its state."""


class Outcome(NamedTuple):
    """One virtual router in a situation.

    `priorities` by node (None: FAULT, or no daemon). `masters` are all ways in which it can be settled, the likeliest
    first, each with all nodes that are master at once (none: nobody). `before` is the same while nothing has failed.
    `failover` is how long the new master takes, None where the master stays or no model fits.
    """

    priorities: Mapping[str, int | None]
    masters: Possible
    before: Possible
    failover: Failover | None = None


class Situation(NamedTuple):
    """Every router while `states` hold, by node and thing; `outcomes` in the order of `Situations.routers`."""

    states: Witness
    outcomes: tuple[Outcome, ...]


class Situations:
    """Situations of one cluster; what they have in common is worked out once.

    `routers` are the shared ones, in the order of the cluster, then those that one node alone has.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.routers = cluster.routers
        self._failovers = Failovers(cluster)
        self._priorities: dict[tuple[int, frozenset[Thrown]], Priorities] = {}
        configurations = Configurations()
        bound = [
            Component(routers, configurations=configurations)
            for routers in parts([each.router for each in cluster.answers])
        ]
        self._component = {router.key: component for component in bound for router in component.routers}
        self._concerning: dict[int, frozenset[tuple[str, str]]] = {}

    def of(self, thrown: Sequence[Thrown] = ()) -> Situation:
        """The situation once these have failed, in this order or at once."""
        return Situation(merged(thrown), tuple(self.outcome(each, thrown) for each in self.routers))

    def outcome(self, router: Answer | UnsharedInstance, thrown: Sequence[Thrown] = ()) -> Outcome:
        """One router of the situation."""
        concerning = self.concerning(router) if thrown else frozenset()
        own = [each for each in thrown if each[:2] in concerning]
        if isinstance(router, Answer):
            return self._shared(router, own)
        name = router.node
        priority = _priority(router.member, merged(own).get(name, {}))
        return Outcome({name: priority}, _held(name, priority), _held(name, router.member.reach.nominal))

    def concerning(self, router: Answer | UnsharedInstance) -> frozenset[tuple[str, str]]:
        """The things that can matter to a router, with their nodes: it, or one that sync groups bind to it, needs them.

        The routers of one component have one set.
        """
        if not isinstance(router, Answer):
            return _things_of([router.member])
        component = self._component[router.router.key]
        if id(component) not in self._concerning:
            self._concerning[id(component)] = _things_of([member for _, member in component.members])
        return self._concerning[id(component)]

    def _shared(self, answer: Answer, thrown: Sequence[Thrown]) -> Outcome:
        component, router = self._component[answer.router.key], answer.router
        states = merged(thrown)
        priorities = component.of(router, self._those(component, thrown))
        before = masters_of(router, component.starts)
        if not thrown:
            return Outcome(priorities, before, before)
        ways = [[self._those(component, some) for some in way] for way in _ways(thrown)]
        masters = component.possible(router, *ways)
        failure = Failure("", "", "", priorities, masters, before, states)
        return Outcome(priorities, masters, before, self._failovers.of(answer, failure))

    def _those(self, component: Component, thrown: Sequence[Thrown]) -> Priorities:
        """The priorities of a component, which all of its routers ask for."""
        states = merged(thrown)
        held = frozenset((node, key, state) for node, mine in states.items() for key, state in mine.items())
        found = self._priorities.get((id(component), held))
        if found is None:
            found = self._priorities[id(component), held] = component.priorities(states)
        return found


def _things_of(members: Sequence[Member]) -> frozenset[tuple[str, str]]:
    daemons = {(member.node.name, DAEMON) for member in members}
    return frozenset(daemons | {(member.node.name, thing.key) for member in members for thing in member.reach.things})


def merged(thrown: Sequence[Thrown]) -> dict[str, dict[str, str]]:
    """The states by node and thing; of two states of one thing the later one counts."""
    states: dict[str, dict[str, str]] = {}
    for node, thing, state in thrown:
        states.setdefault(node, {})[thing] = state
    return states


def _ways(thrown: Sequence[Thrown]) -> Iterator[list[Sequence[Thrown]]]:
    """The orders in which they may have happened, each as the growing list of what has failed."""
    yield [thrown]
    orders = permutations(thrown) if 1 < len(thrown) <= MOST_ORDERED else [tuple(thrown)]
    for order in orders:
        yield [order[: count + 1] for count in range(len(order))]


def _held(name: str, priority: int | None) -> Possible:
    return ((),) if priority is None else ((name,),)


def _priority(member: Member, states: Mapping[str, str]) -> int | None:
    if DAEMON in states:
        return None
    known = {thing.key for thing in member.reach.things}
    return outcome(
        member.instance,
        {key: state for key, state in states.items() if key in known},
        member.node.resolved.profile,
    )


def parse_thrown(texts: Sequence[str], cluster: Cluster) -> tuple[Thrown, ...]:
    """The failures of `--state`: `NODE:KIND:NAME=STATE`, `NODE:daemon=stopped`, `together:NAME=failed`.

    Raises:
        UsageError: no such node, thing or state; or one thing in two states.
    """
    found: dict[tuple[str, str], Thrown] = {}
    for text in texts:
        for node, thing, state in _parsed(text, cluster):
            if found.setdefault((node, thing), (node, thing, state))[2] != state:
                raise UsageError(f"--state {text}: {thing} of {node} cannot be {found[node, thing][2]} and {state}")
    return tuple(found.values())


def _parsed(text: str, cluster: Cluster) -> Iterator[Thrown]:
    name, colon, rest = text.partition(":")
    if not colon or not rest:
        raise UsageError(f"--state {text}: write NODE:KIND:NAME=STATE, such as lb1:script:chk=ko")
    if name == TOGETHER and name not in {node.name for node in cluster.nodes}:
        yield from _as_one(text, rest, cluster)
        return
    node = next((node for node in cluster.nodes if node.name == name), None)
    if node is None:
        raise UsageError(f"--state {text}: no node is named {name}; the nodes are {_names(cluster)}")
    if rest.partition("=")[0] == DAEMON:
        if rest != f"{DAEMON}={STOPPED}":
            raise UsageError(f"--state {text}: write {name}:{DAEMON}={STOPPED}")
        yield name, DAEMON, STOPPED
        return
    for key, state in parse_states([rest], node.resolved).items():
        yield name, key, state


def _as_one(text: str, rest: str, cluster: Cluster) -> Iterator[Thrown]:
    group, _, state = rest.partition("=")
    shared = {each.name: each for answer in cluster.answers for each in answer.router.shared}
    if group not in shared or state != "failed":
        known = ", ".join(f"{TOGETHER}:{each}=failed" for each in shared) or "none in the settings"
        raise UsageError(f"--state {text}: things that fail together are {known}")
    for node, states in failing(shared[group], list(cluster.members)).items():
        for key, bad in states.items():
            yield node, key, bad


def _names(cluster: Cluster) -> str:
    return ", ".join(node.name for node in cluster.nodes)
