"""One node uses multicast, another unicast.

## What it does
Finds virtual routers where some nodes have unicast peers and others have none.

## Why it is bad
A node with unicast peers sends nothing to the multicast group, so the other nodes do not hear it: both are master at
once.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    unicast_peer {
        10.0.0.2
    }
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
vrrp_send_adv in keepalived/vrrp/vrrp.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import Directions, casts_differ, too
from kalint.rules.cluster.places import called, listed, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA814", "multicast-against-unicast", "error", "proven", "multicast on one node, unicast on another")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        mixed = [way for way in Directions(answer) for each in way.reasons.values() if casts_differ(each)]
        unicast = [member for member in answer.router.members if member.instance.unicast_peers]
        multicast = [member for member in answer.router.members if not member.instance.unicast_peers]
        if mixed:
            one = len(multicast) == 1
            yield INFO.at(
                place(multicast[0]),
                f"{listed(map(called, multicast))} use{'s' * one} multicast and {listed(map(called, unicast))} "
                f"unicast: {listed(member.node.name for member in multicast)} do{'es' * one} not hear "
                f"{listed(member.node.name for member in unicast)} and {too(answer, multicast)}",
                *others((unicast[0],), "{} has unicast peers"),
                help="write unicast_peer on all nodes, or on none",
            )


RULE = ClusterRule(INFO, check)
