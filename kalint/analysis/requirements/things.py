"""All that can fail in a cluster: trackers, own interfaces, daemons, and what fails as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.common_causes import failing
from kalint.analysis.cluster.members import DAEMON, STOPPED

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member, Node, Shared, Witness

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


def singles(things: Sequence[Thing]) -> Iterator[tuple[Thing, int]]:
    """Each thing in each of its bad states."""
    for thing in things:
        for state in range(len(thing.states)):
            yield thing, state
