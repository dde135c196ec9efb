"""Two nodes can have the same, highest priority.

## What it does
Finds nodes that share the highest priority while nothing is down, or after one failure that a weight should answer.
There is one finding for each virtual router. It is a warning if all nodes share one file or all have nopreempt: equal
priorities are then usually intended.

## Why it is bad
At a start the node whose timer ends first becomes master. That is not necessarily the first in the file or the one
with the higher address, which decides only between two masters. When the master fails, the timers of the others end
together, so any of them may become master, or two for a moment. Equal priorities after a failure never move the
master.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_state_backup (an advert of the own priority is accepted) and vrrp_state_master_rx in keepalived/vrrp/vrrp.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import packed
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import once_heard
from kalint.rules.cluster.places import both, called, listed, others, place
from kalint.rules.cluster.weight_never_moves_master import useless
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.independent import Tie
    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA802", "tie-reachable", "error", "proven", "equal priorities while nothing is down or after one failure"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for each in cluster.answers:
        answer = each.if_heard
        for found in _always(answer) or _after_a_failure(answer):
            yield found._replace(message=f"{found.message}{once_heard(each)}")


def _always(answer: Answer) -> list[Diagnostic]:
    """The nodes that share the highest priority while nothing is down."""
    top = max((priority or 0 for priority in answer.router.nominal.values()), default=0)
    tied = [member for member in answer.router.members if top and member.reach.nominal == top]
    if len(tied) < 2 or tied[0].instance.owner or _one_address(tied):
        return []
    if not {member.node.name for member in tied} <= {*answer.masters}:
        if answer.decided_by != "address":
            return []  # a sync group decides
        end = f"{answer.master} becomes master only because of its higher source address"
    elif len(tied) > 2:
        end = "any of them may become master at a start, and again when the master fails"
    else:
        end = "either may become master at a start"
    text = f"{_named(tied)} {both(tied)} have priority {top} while nothing is down: {end}"
    found = _at(tied, text, "give the nodes different priorities, 10 or more apart")
    return [found._replace(severity="warning") if _meant(answer) else found]


def _after_a_failure(answer: Answer) -> list[Diagnostic]:
    """The nodes that come to one priority, above all others, by a single failure; of several the first."""
    if not any(member.instance.preempt.value for member in answer.router.members):
        return []
    for tie in answer.ties:
        tied = [member for member in answer.router.members if member.node.name in tie.nodes]
        failed = [(node, thing, state) for node, states in tie.witness.items() for thing, state in states.items()]
        if len(failed) != 1 or tied[0].instance.owner or _said(answer, failed) or _one_address(tied):
            continue
        node, thing, state = failed[0]
        what = f"{thing.replace(':', ' ', 1)} of {node} is {state}"
        end = _end(answer, tie, (node, thing, state))
        if not end:
            continue
        text = f"{_named(tied)} {both(tied)} have priority {tie.priority} when {what}: {end}"
        return [_at(tied, text, "leave a gap between the priorities that no sum of weights closes exactly")]
    return []


def _end(answer: Answer, tie: Tie, failed: tuple[str, str, str]) -> str:
    """What the election makes of a tie after one failure; empty where it decides nothing."""
    row = next((each for each in answer.failures if (each.node, each.thing, each.state) == failed), None)
    if row is None or row.ignored is not None:
        return ""
    after = [node for node in tie.nodes if node in row.masters]
    if row.possible == row.possible_before == ((row.masters[0],),) and after:
        return f"a tie does not move the master, and {after[0]} stays master"
    if len(after) < len(tie.nodes):
        return ""
    if set(row.before).isdisjoint(tie.nodes):
        return "their timers end together, so either may become master"
    return "a tie does not move the master, and whichever of them is master stays master"


def _at(tied: Sequence[Member], text: str, advice: str) -> Diagnostic:
    one, other, *more = tied
    return INFO.at(place(other, "priority"), text, *others((one, *more), "the priority of {}", "priority"), help=advice)


def _named(tied: Sequence[Member]) -> str:
    """`VI_1 of a, b and c`, or each with its own name."""
    if len({member.instance.name for member in tied}) > 1:
        return listed(map(called, tied))
    return f"{tied[0].instance.name} of {listed(member.node.name for member in tied)}"


def _meant(answer: Answer) -> bool:
    """Whether equal priorities are probably meant: one file is for all nodes, or none of them preempts."""
    members = answer.router.members
    files = {member.instance.written.node.line.file for member in members}
    return len(files) == 1 or not any(member.instance.preempt.value for member in members)


def _one_address(tied: Sequence[Member]) -> bool:
    """Whether unicast-asymmetry says that two speak from one address, which comes first."""
    known = [address for member in tied if (address := packed(member.address)) is not None]
    return len(set(known)) < len(known)


def _said(answer: Answer, failed: list[tuple[str, str, str]]) -> bool:
    """Whether the weight is one of those that never move the master."""
    for node, thing, _ in failed:
        member = next(member for member in answer.router.members if member.node.name == node)
        told = not answer.router.grouped or node in answer.masters
        if told and any(each.key == thing for each in useless(answer, member)):
            return True
    return False


RULE = ClusterRule(INFO, check)
