"""Sync group members with their highest priority on different nodes.

## What it does
Finds sync groups whose members have their highest priority on different nodes while nothing is down.

## Why it is bad
A group becomes master only if every member would. Each node can win only a part of the group. So the present master
stays, or a virtual router has no master although a node could be it.

## Bad
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
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    priority 90
    virtual_ipaddress {
        10.0.1.9/24
    }
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
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
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    priority 100
    virtual_ipaddress {
        10.0.1.9/24
    }
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
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
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    priority 110
    virtual_ipaddress {
        10.0.1.9/24
    }
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
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
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    priority 100
    virtual_ipaddress {
        10.0.1.9/24
    }
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
```

## Source
vrrp_sync_can_goto_master in keepalived/vrrp/vrrp_sync.c; measured on 2.2.7 and 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA808", "group-split", "error", "proven", "sync group members with their highest priority on different nodes"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    groups: dict[tuple[str, str], list[tuple[Answer, Member]]] = {}
    for answer in cluster.answers:
        for member in answer.router.members:
            if member.instance.sync_group is not None:
                groups.setdefault((member.node.name, member.instance.sync_group), []).append((answer, member))
    said = set()
    for (node, group), found in groups.items():
        routers = tuple(answer.router.key for answer, _ in found)
        winners = [(member, winner) for answer, member in found if (winner := best(answer)) is not None]
        if len({winner for _, winner in winners}) < 2 or routers in said:
            continue
        said.add(routers)
        (first, one), *rest = winners
        other, two = next((member, winner) for member, winner in rest if winner != one)
        yield INFO.at(
            place(other, "priority"),
            f"sync group {group} of {node} needs one winner, but {one} has the highest priority in "
            f"{first.instance.name} and {two} in {other.instance.name}: no node wins both, so the present master stays "
            "or one instance has no master",
            *others((first,), "{}", "priority"),
            help="give one node the highest priority in all members of the group",
        )


def best(answer: Answer) -> str | None:
    """The node with the highest priority while nothing is down, None in a tie."""
    nominal = answer.router.nominal
    top = max(priority or 0 for priority in nominal.values())
    nodes = [name for name, priority in nominal.items() if priority == top]
    return nodes[0] if len(nodes) == 1 else None


RULE = ClusterRule(INFO, check)
