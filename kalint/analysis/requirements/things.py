"""All that can fail in a cluster: trackers, own interfaces, daemons, and what fails as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.common_causes import failing
from kalint.analysis.cluster.members import DAEMON, STOPPED

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member, Node, Shared, Witness
    from kalint.semantics.resolved import Tracker

NO_NODE = ""
"""The node of what fails as one on several."""


class Thing(NamedTuple):
    """What can fail: `key` on `node` (`script:chk`, `daemon`), or `together:NAME` without a node.

    `states` are its bad ones, and `witnesses` what each of them is: node, thing and state.
    """

    node: str
    key: str
    states: tuple[str, ...]
    witnesses: tuple[tuple[tuple[str, str, str], ...], ...]

    def __hash__(self) -> int:
        """Its name is enough to tell it apart: a file has hundreds of states."""
        return hash((self.node, self.key))

    @property
    def is_daemon(self) -> bool:
        return self.key == DAEMON


Down = tuple[tuple[Thing, int], ...]
"""What is down in a situation, each with the number of its state, in the order in which it failed."""


def witness_of(down: Down) -> dict[str, dict[str, str]]:
    """What is not good, by node and thing. A node that is stopped has nothing else."""
    found: dict[str, dict[str, str]] = {}
    for thing, state in down:
        for node, key, bad in thing.witnesses[state]:
            found.setdefault(node, {})[key] = bad
    return found


def things_of(nodes: Sequence[Node], members: Sequence[Member], together: Sequence[Shared]) -> tuple[Thing, ...]:
    """Everything, node by node, in the order of its instances; a node's daemon comes last, then what fails as one."""
    as_one = {thing for shared in together for thing in shared.things}
    found = [Thing(NO_NODE, shared.key, ("failed",), (_flat(failing(shared, members)),)) for shared in together]
    mine: list[Thing] = []
    for node in nodes:
        for key, states in _of_node([member for member in members if member.node is node]).items():
            if (node.name, key) not in as_one:
                mine.append(single(node.name, key, *states))
    return (*mine, *(thing for thing in found if thing.witnesses[0]))


def single(node: str, key: str, *states: str) -> Thing:
    """A thing of one node with its bad states."""
    return Thing(node, key, states, tuple(((node, key, state),) for state in states))


def _flat(witness: Witness) -> tuple[tuple[str, str, str], ...]:
    return tuple((node, key, state) for node, states in witness.items() for key, state in states.items())


def _of_node(members: Sequence[Member]) -> Mapping[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for member in members:
        for thing in member.reach.things:
            states = found.setdefault(thing.key, {})
            states.update(dict.fromkeys(choice.state for choice in thing.choices[1:]))
    for member in members:
        found.setdefault(own_link(member), {})["down"] = None
    found[DAEMON] = {STOPPED: None}
    return {key: states for key, states in found.items() if states}


def own_link(member: Member) -> str:
    """A member's own interface, as a thing."""
    return f"interface:{member.instance.interface.value}"


def things_of_member(member: Member) -> Iterator[str]:
    """The keys of what a member hangs on, its sync group's things, its own interface and its daemon too."""
    yield from (tracker.key for tracker in (*member.instance.trackers, *member.instance.group_faults))
    yield from (thing.key for thing in member.reach.things)
    yield from (own_link(member), DAEMON)


class TrackersByThing:
    """What members track, by thing: a member may have thousands of trackers, which are sorted once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Member, dict[str, list[tuple[Tracker, bool]]]]] = {}

    def of(self, member: Member, key: str) -> Sequence[tuple[Tracker, bool]]:
        """The trackers of a thing that count, and whether each is the member's own: those of its sync group follow."""
        known = self._known.get(id(member))
        if known is None:  # the member is kept, so that no other one gets its number
            found: dict[str, list[tuple[Tracker, bool]]] = {}
            for trackers, own in ((member.instance.trackers, True), (member.instance.group_faults, False)):
                for tracker in trackers:
                    if tracker.ignored is None:
                        found.setdefault(tracker.key, []).append((tracker, own))
            known = self._known[id(member)] = member, found
        return known[1].get(key, ())


def singles(things: Sequence[Thing]) -> Iterator[tuple[Thing, int]]:
    """Each thing in each of its bad states."""
    for thing in things:
        for state in range(len(thing.states)):
            yield thing, state
