"""What is said of a router in a situation: who is master, how long that takes, and why, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.cluster.results import UnsharedInstance
from kalint.report.cluster_words import listed, split_reason
from kalint.report.times import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Member, Witness
    from kalint.analysis.cluster.results import Answer
    from kalint.analysis.situation import Outcome

BAD, UNSURE, FINE = "bad", "unsure", "fine"
"""Nobody or two nodes are master; they may be, or timing decides between nodes; one node is."""


class SituationText(NamedTuple):
    """`level` is one of the above; `within` is "" where no time is known or the master stays."""

    level: str
    verdict: str
    within: str
    why: str


def said(router: Answer | UnsharedInstance, outcome: Outcome, states: Witness) -> SituationText:
    """All of it for one router."""
    return SituationText(level(outcome), verdict(outcome.masters), within(outcome), why(router, outcome, states))


def level(outcome: Outcome) -> str:
    """How bad it is."""
    if all(len(each) != 1 for each in outcome.masters):
        return BAD
    return FINE if len(outcome.masters) == 1 else UNSURE


def verdict(masters: Possible) -> str:
    """`lb1 is master`, `lb1 and lb2 are both master`, `there is no master`, or what of that may be."""
    if not masters:
        return "the master keeps changing and never settles"
    if all(len(each) == 1 for each in masters):
        return f"{' or '.join(each[0] for each in masters)} is master"
    return " or ".join(dict.fromkeys(map(_one, masters)))


def _one(names: Sequence[str]) -> str:
    if not names:
        return "there is no master"
    if len(names) == 1:
        return f"{names[0]} is master"
    return f"{listed(names)} are {'both' if len(names) == 2 else 'all'} master"


def within(outcome: Outcome) -> str:
    """`after at most 3.6 s`, and how long when keepalived is stopped in order."""
    found = outcome.failover
    if found is None:
        return ""
    shutdown = f" ({short(found.shutdown.worst)} s when keepalived is stopped in order)" if found.shutdown else ""
    return f"after at most {short(found.delay.worst)} s{shutdown}"


def why(router: Answer | UnsharedInstance, outcome: Outcome, states: Witness) -> str:
    """The election in one sentence."""
    alive = {name: priority for name, priority in outcome.priorities.items() if priority is not None}
    if isinstance(router, UnsharedInstance):
        return _single(router.member, outcome, states)
    if not alive:
        return f"no node can be master: {_silent(outcome.priorities, states)}"
    if len(outcome.masters) != 1:
        return _undecided(outcome, alive)
    masters = outcome.masters[0]
    if not masters:
        return "each node has a sync group with an instance in FAULT, which keeps the whole group from being master"
    if len(masters) > 1:
        return split_reason(router._replace(possible=outcome.masters))
    return _elected(router.router.members, outcome, states, masters[0], alive)


def _single(member: Member, outcome: Outcome, states: Witness) -> str:
    name = member.node.name
    priority = outcome.priorities[name]
    if priority is None:
        return f"{_silent(outcome.priorities, states)}, and no other node has this router"
    return f"{name} advertises {priority}, and no other node has this router"


def _undecided(outcome: Outcome, alive: Mapping[str, int]) -> str:
    best = max(alive.values())
    tied = [name for name, priority in alive.items() if priority == best]
    if len(tied) > 1:
        return f"{listed(tied)} tie at {best}: source addresses or timing decide"
    if () in outcome.masters:
        return f"timing or the order of events decides whether a node becomes master ({_numbers(alive)})"
    return f"timing or the order of events decides ({_numbers(alive)})"


def _elected(
    members: Sequence[Member], outcome: Outcome, states: Witness, master: str, alive: Mapping[str, int]
) -> str:
    stays = all(each == (master,) for each in outcome.before)
    mine = alive.get(master)
    others = {name: priority for name, priority in alive.items() if name != master}
    if mine is None or not others:
        silent = _silent({name: found for name, found in outcome.priorities.items() if found is None}, states)
        return f"{master} is the only node that can be master: {silent}"
    best = max(others.values())
    if mine > best:
        has = "is the address owner with 255" if mine == 255 else f"has the highest priority, {mine}"
        return f"{master} {has} ({_numbers(others)})"
    rivals = [name for name, priority in others.items() if priority == best]
    if mine == best:
        if stays:
            return f"{master} stays master: {listed(rivals)} with the same priority {mine} does not take over"
        return f"{listed([master, *rivals])} tie at {mine}: {master} has the higher source address"
    return f"{listed(rivals)} has {best}, but {_kept_back(members, rivals, master, mine)}"


def _kept_back(members: Sequence[Member], rivals: Sequence[str], master: str, mine: int) -> str:
    instances = [member.instance for member in members if member.node.name in rivals]
    if not all(instance.preempt.value for instance in instances):
        return f"nopreempt keeps it backup: {master} stays master with {mine}"
    if any(instance.sync_group is not None for instance in instances):
        return f"its sync group keeps it backup: {master} is master with {mine}"
    return f"{master} is master with {mine}"


def _numbers(alive: Mapping[str, int]) -> str:
    return ", ".join(f"{name} has {priority}" for name, priority in alive.items())


def _silent(priorities: Mapping[str, int | None], states: Witness) -> str:
    return listed([text for name in priorities for text in _state_of(name, states)])


def _state_of(name: str, states: Witness) -> Iterator[str]:
    mine = states.get(name, {})
    if DAEMON in mine:
        yield f"keepalived on {name} is stopped"
    else:
        bad = ", ".join(f"{key.replace(':', ' ', 1)} {state}" for key, state in mine.items())
        yield f"{name} is in FAULT{f' ({bad})' if bad else ''}"
