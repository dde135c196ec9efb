"""More than one node has priority 255.

## What it does
Finds virtual routers with more than one address owner.

## Why it is bad
Priority 255 means that the addresses are the node's own, which can be true of only one node. Such nodes become master
at once when they start, and no weight changes that. Up to 2.3.2 the node that hears the other first lowers its
priority to 254.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 255
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 255
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
    priority 200
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
RFC 5798 section 5.2.4; vrrp_state_master_rx in keepalived/vrrp/vrrp.c, 2.2.7 and 2.3.3.
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

INFO = RuleInfo("KA807", "two-owners", "error", "proven", "priority 255 on more than one node")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        owners = [member for member in answer.router.members if member.instance.owner]
        if len(owners) > 1:
            yield INFO.at(
                place(owners[1], "priority", "state"),
                f"{listed(map(called, owners))} {both(owners)} have priority 255: only one node can own the "
                "addresses, and weights do not change 255",
                *others((owners[0],), "the priority of {}", "priority", "state"),
                help="write different priorities up to 254",
            )


RULE = ClusterRule(INFO, check)
