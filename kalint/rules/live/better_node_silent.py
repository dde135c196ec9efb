"""A silent node that should be master.

## What it does
Compares the priority of the present master with what each other node's file gives while nothing is down. A better
node that may preempt takes over after its master down interval (and its `preempt_delay`). The rule finds nodes that
do not, since when, and possible reasons. A node that sent priority 0 has a minute to return.

## Why it is bad
The cluster has lost its redundancy: the better node is stopped, crashed, cut off or in FAULT, or a failing script
lowers its priority. At the next failure no node may be left to take over.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    mcast_src_ip 10.0.0.1
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
    mcast_src_ip 10.0.0.2
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-9.0 10.0.0.2 priority 100
```

## Good
With the same files:
```
0.0-9.0 10.0.0.1 priority 150
```

## Source
RFC 5798, section 6.4.2; vrrp.c (vrrp_state_backup) of keepalived 2.2.7; measured with two daemons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.probe.explain import in_words
from kalint.rules.live import LiveRule
from kalint.rules.live.places import named, place, seconds
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import NodeStatus

INFO = RuleInfo("KA917", "better-node-silent", "warning", "heuristic", "a silent node that should be master")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for view in named(comparison):
        for node in view.nodes:
            if node.doing == "missing":
                name, priority = node.master
                yield INFO.at(
                    place(node.member, "priority"),
                    f"{view.key}: {node.member.node} (priority {node.priority}) should be master but has been silent "
                    f"{_since(node)}: {name} is master with {priority}",
                    help=_advice(node),
                )


def _since(node: NodeStatus) -> str:
    if node.left is not None:
        return f"since it sent priority 0 at {seconds(node.left)}"
    return f"since {seconds(node.since)}" if node.since else "from the start of the capture"


def _advice(node: NodeStatus) -> str:
    reasons = ["keepalived is stopped", "the link is cut"]
    if node.fault:
        reasons.append(f"the node is in FAULT ({in_words(node.fault)})")
    if node.lower is not None and node.lower[1]:
        priority, witness = node.lower
        reasons.append(f"{in_words(witness)} lowers its priority to {priority}")
    return f"find out on {node.member.node} whether {', '.join(reasons[:-1])}, or {reasons[-1]}"


RULE = LiveRule(INFO, check)
