"""state MASTER on more than one node.

## What it does
Finds virtual routers where more than one node has `state MASTER`.

## Why it is bad
The priority decides who is master, not this line. From 2.0.0 on, below priority 255, it only clears nopreempt and
preempt_delay. Before 2.0.0 both nodes become master at the start, and the addresses move twice.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    state MASTER
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
    state MASTER
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
    state MASTER
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
    state BACKUP
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c; vrrp_init_state in vrrp_scheduler.c up to 1.4.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import both, called, listed, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA810", "both-state-MASTER", "warning", "proven", "state MASTER on more than one node")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        masters = [
            member
            for member in answer.router.members
            if member.instance.state.value == "MASTER" and not member.instance.owner
        ]
        if len(masters) > 1:
            yield INFO.at(
                place(masters[1], "state"),
                f"{listed(map(called, masters))} {both(masters)} have state MASTER: the priority decides who is "
                f"master, but before 2.0.0 {both(masters)} of them start as master",
                *others((masters[0], *masters[2:]), "the state of {}", "state"),
                help="write state BACKUP on every node, and the highest priority on the one that should be master",
            )


RULE = ClusterRule(INFO, check)
