"""What the members of a router have against each other's adverts, as `kalint.semantics.acceptance` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.hearing import mended_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer
    from kalint.semantics.acceptance import Objection
    from kalint.semantics.adverts import Endpoint


class Direction(NamedTuple):
    """From one member to another: `reasons` are why its adverts do not count there, by what differs.

    `endpoint` is the sender's.
    """

    sender: Member
    receiver: Member
    endpoint: Endpoint
    reasons: Mapping[str, Objection]


class Directions:
    """All ways between the members of one router."""

    def __init__(self, answer: Answer) -> None:
        self._members = answer.router.members
        self._graph = answer.graph or mended_graph(answer.router.members)

    def way(self, sender: Member, receiver: Member) -> Direction:
        """The way between two members; of one that accepts the adverts the reasons are empty."""
        found = self._graph.verdicts.get((receiver.node.name, sender.node.name))
        reasons = {} if found is None else {each.setting: each for each in found.reasons}
        return Direction(sender, receiver, self._graph.endpoints[sender.node.name], reasons)

    def __iter__(self) -> Iterator[Direction]:
        """Every way on which adverts do not count, in the order of the senders, then of the receivers."""
        for sender in self._members:
            for receiver in self._members:
                way = self.way(sender, receiver)
                if way.reasons:
                    yield way


def rejects(there: bool, back: bool, one: Member, other: Member) -> str:
    """Who rejects whose adverts: those of `one` (`there`), those of the other (`back`), or both."""
    if there and back:
        return "each rejects the adverts of the other"
    sender, receiver = (one, other) if there else (other, one)
    return f"{receiver.node.name} rejects the adverts of {sender.node.name}"


def too(answer: Answer, deaf: Iterable[Member]) -> str:
    """What becomes of members that do not hear some other, while nothing is down: a verb and its object."""
    names = [member.node.name for member in deaf]
    together = [set(found) for found in answer.possible]
    one = len(names) == 1
    if all(found >= {*names} and len(found) > 1 for found in together):
        return f"become{'s' * one} master too"
    if not one and all(not found.isdisjoint(names) and not found <= {*names} for found in together):
        return "one of them becomes master too"
    return "can be master at the same time"


def once_heard(answer: Answer) -> str:
    """The end of a message that takes it that all hear each other, where they do not: another finding says so."""
    return " (once all nodes hear each other)" if answer.mended is not None else ""


def casts_differ(reason: Objection) -> bool:
    """Whether one of two members uses multicast, and the other unicast."""
    return reason.kind == "path" and "multicast" in (reason.seen, reason.wanted)
