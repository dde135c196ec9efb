"""A node that no tracked failure makes master.

## What it does
Finds nodes whose priority is below that of another node in every combination of tracked failures. Members of sync
groups are not considered.

## Why it is bad
While keepalived runs on the other nodes, this node never becomes master. That is right for a node that only replaces
a stopped daemon. It is wrong if failing checks on the other nodes should make it master.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    dont_track_primary
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
vrrp_state_backup in keepalived/vrrp/vrrp.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA813", "never-master", "info", "proven", "a node that no tracked failure makes master")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        for member in answer.router.members:
            if member.node.name in answer.never_masters and _known(answer) and member.reach.reachable:
                yield INFO.at(
                    place(member, "priority"),
                    f"{called(member)} reaches at most priority {member.reach.reachable[-1].priority}, and another "
                    f"node is above it in every state: {member.node.name} becomes master only when keepalived on that "
                    "node stops",
                    *others((other for other in answer.router.members if other is not member), "{}", "priority"),
                )


def _known(answer: Answer) -> bool:
    """Whether no sync group is in it, and the files name every interface, whose loss is a FAULT."""
    return not answer.router.grouped and all(member.instance.interface.value for member in answer.router.members)


RULE = ClusterRule(INFO, check)
