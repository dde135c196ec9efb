"""Who hears whom: the directed graph of a virtual router's nodes, from what each makes of the others' adverts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.acceptance import ACCEPTED, UNHEARD, Verdict, verdict
from kalint.semantics.adverts import endpoint

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member
    from kalint.semantics.acceptance import Hearing
    from kalint.semantics.adverts import Endpoint


class Graph(NamedTuple):
    """What becomes of each node's adverts at each other node.

    Args:
        endpoints: each node's instance as sender and receiver, by the node's name.
        verdicts: by the receiver's and the sender's name; a pair that is missing accepts.
    """

    endpoints: Mapping[str, Endpoint]
    verdicts: Mapping[tuple[str, str], Verdict]

    def heard(self, receiver: str, sender: str) -> Hearing:
        """What becomes of the sender's adverts at the receiver."""
        found = self.verdicts.get((receiver, sender))
        return ACCEPTED if found is None else found.heard

    def of(self, receiver: str) -> Mapping[str, Hearing]:
        """What becomes of adverts at one node, by the sender's name, without those that it accepts."""
        return {
            sender: found.heard
            for (name, sender), found in self.verdicts.items()
            if name == receiver and found.heard != ACCEPTED
        }

    @property
    def whole(self) -> bool:
        """Whether everybody accepts everybody's adverts."""
        return all(found.heard == ACCEPTED for found in self.verdicts.values())

    def both(self, one: str, other: str) -> bool:
        """Whether two nodes accept each other's adverts."""
        return self.heard(one, other) == ACCEPTED == self.heard(other, one)

    def deaf(self, receiver: str, sender: str) -> bool:
        """Whether the sender's adverts do not even arrive."""
        return self.heard(receiver, sender) == UNHEARD


def mended_graph(members: Sequence[Member]) -> Graph:
    """The same as if every node accepted the adverts of every other."""
    return Graph(_endpoints(members), {})


def graph(members: Sequence[Member]) -> Graph:
    """The graph of one router's members. Only pairs with objections have a verdict."""
    endpoints = _endpoints(members)
    verdicts = {}
    for receiver, mine in endpoints.items():
        for sender, theirs in endpoints.items():
            if sender == receiver:
                continue
            others = {each.source for name, each in endpoints.items() if name not in (receiver, sender)}
            found = verdict(theirs, mine, {source for source in others if source is not None})
            if found.objections:
                verdicts[receiver, sender] = found
    return Graph(endpoints, verdicts)


def without(whole: Graph, cuts: Collection[frozenset[str]]) -> Graph:
    """The same while the links between some pairs of nodes are cut: neither hears the other."""
    silent = {
        (receiver, sender): Verdict(UNHEARD, ())
        for cut in cuts
        for receiver in cut
        for sender in cut
        if receiver != sender and receiver in whole.endpoints and sender in whole.endpoints
    }
    return whole._replace(verdicts={**whole.verdicts, **silent}) if silent else whole


def _endpoints(members: Sequence[Member]) -> dict[str, Endpoint]:
    return {
        member.node.name: endpoint(
            member.instance, member.node.resolved, member.node.addresses.get(member.instance.interface.value)
        )
        for member in members
    }
