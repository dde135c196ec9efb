"""nopreempt is in effect on some of the nodes only.

## What it does
Finds virtual routers where nopreempt is in effect on some nodes only. `state MASTER` and priority 255 clear it, so
the same line on all nodes is not enough.

## Why it is bad
Nodes without nopreempt take over from any lower master; nodes with it never do. After a failure the addresses return
to some nodes but not to others, and weights move them in one direction only.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    state MASTER
    nopreempt
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
    nopreempt
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
    state BACKUP
    nopreempt
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
    nopreempt
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_state_backup and vrrp_complete_instance in keepalived/vrrp/vrrp.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, listed, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA806", "nopreempt-on-a-subset", "warning", "proven", "nopreempt on some nodes of a virtual router only"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        members = [member for member in answer.router.members if not member.instance.owner]
        with_it = [member for member in members if not member.instance.preempt.value]
        without = [member for member in members if member.instance.preempt.value]
        if not with_it or not without:
            continue
        cleared = [member for member in without if "nopreempt" in member.instance.written.settings]
        reason = f" (state MASTER clears it in {listed(map(called, cleared))})" if cleared else ""
        yield INFO.at(
            place(with_it[0], "nopreempt"),
            f"nopreempt is in effect for {listed(map(called, with_it))}, but not for "
            f"{listed(map(called, without))}{reason}: "
            f"{listed(member.node.name for member in without)} take{'s' * (len(without) == 1)} over from a "
            f"lower master, {listed(member.node.name for member in with_it)} do{'es' * (len(with_it) == 1)} not",
            *others(without, "{} preempts", "nopreempt", "state"),
            help="write nopreempt with state BACKUP on all nodes, or on none",
        )


RULE = ClusterRule(INFO, check)
