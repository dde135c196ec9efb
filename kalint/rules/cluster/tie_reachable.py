"""Two nodes can have the same priority.

## What it does
Finds nodes that have the same priority, above all others, while all is well, or after one failure that a weight was
to answer. Nodes that all have nopreempt are meant to stay where they are, and are left out.

## Why it is bad
A tie never moves the master: it stays where it is. At the start the node whose timer ends first is master, and that
is neither the first in the file nor the one with the higher address; the address decides between two masters only.

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
from kalint.rules.cluster.places import called, others, place
from kalint.rules.cluster.weight_never_moves_master import useless
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.independent import Tie
    from kalint.analysis.cluster.results import Answer, Cluster, Member
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA802", "tie-reachable", "error", "proven", "equal priorities on a good day or after one failure")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for each in cluster.answers:
        answer = each.if_heard
        if any(member.instance.preempt.value for member in answer.router.members):
            for tie in answer.ties:
                yield from _tie(answer, tie)


def _tie(answer: Answer, tie: Tie) -> Iterator[Diagnostic]:
    one, other = (member for member in answer.router.members if member.node.name in tie.nodes)
    failed = [(node, thing, state) for node, states in tie.witness.items() for thing, state in states.items()]
    if len(failed) > 1 or one.instance.owner or _said(answer, failed) or _one_address(one, other):
        return
    when = "while all is well"
    if failed:
        node, thing, state = failed[0]
        when = f"when {thing.replace(':', ' ', 1)} of {node} is {state}"
    yield INFO.at(
        place(other, "priority"),
        f"{called(one)} and {called(other)} both have {tie.priority} {when}: {_who(one, other, bool(failed))}",
        *others((one,), "the priority of {}", "priority"),
        help="leave a gap between the priorities that no sum of weights closes exactly",
    )


def _one_address(one: Member, other: Member) -> bool:
    """Whether unicast-asymmetry says that both speak from one address, which comes first."""
    return packed(one.address) is not None and packed(one.address) == packed(other.address)


def _said(answer: Answer, failed: list[tuple[str, str, str]]) -> bool:
    """Whether the weight is one of those that never move the master."""
    for node, thing, _ in failed:
        member = next(member for member in answer.router.members if member.node.name == node)
        if not answer.router.grouped and any(each.key == thing for each in useless(answer, member)):
            return True
    return False


def _who(one: Member, other: Member, failed: bool) -> str:
    if failed:
        return "a tie moves nobody, so the master stays"
    mine, theirs = packed(one.address), packed(other.address)
    text = "whoever is master stays, and at the start the timer that ends first decides"
    if mine is None or theirs is None or mine == theirs:
        return text
    return f"{text}; should both become master, {(one if mine > theirs else other).node.name} wins by its address"


RULE = ClusterRule(INFO, check)
