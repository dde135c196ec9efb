"""One address is in different virtual routers of two nodes.

## What it does
Finds virtual addresses that one node has under one virtual_router_id and another node under another.

## Why it is bad
Nodes with different VRIDs do not know of each other: each is master of its own router, and both have the address at
once.

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
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 52
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
RFC 5798 section 5.2.3: the VRID says which virtual router an advert is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.addresses_differ import addresses
from kalint.rules.cluster.places import others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster import Cluster, Member
    from kalint.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA811", "same-address-different-vrid", "error", "proven", "one address in different virtual routers of two nodes"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    holders: dict[bytes, dict[str, list[Member]]] = {}
    for member in cluster.members:
        for key in addresses(member):
            holders.setdefault(key, {}).setdefault(member.node.name, []).append(member)
    said = set()
    for key, by_node in holders.items():
        (first, *_), *rest = by_node.values()
        vrids = {member.instance.virtual_router_id.value for member in by_node[first.node.name]}
        for theirs in rest:
            found = [member for member in theirs if member.instance.virtual_router_id.value not in vrids]
            if len(found) < len(theirs) or (first.instance.name, found[0].node.name, found[0].instance.name) in said:
                continue
            other = found[0]
            said.add((first.instance.name, other.node.name, other.instance.name))
            yield INFO.at(
                place(other, "virtual_router_id"),
                f"{addresses(other)[key]} is in virtual router {first.instance.virtual_router_id.value} of "
                f"{first.node.name} and in {other.instance.virtual_router_id.value} of {other.node.name}: each is "
                "master of its own, and both have the address",
                *others((first,), "the virtual_router_id of {}", "virtual_router_id"),
                help="write the same virtual_router_id on both nodes",
            )


RULE = ClusterRule(INFO, check)
