"""One address is in different virtual routers of two nodes.

## What it does
Finds a virtual address that two nodes have under different virtual_router_ids, or with different multicast groups.

## Why it is bad
Nodes with different VRIDs or multicast groups ignore each other: each is master of its own virtual router, and both
have the address at once.

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
from kalint.rules.cluster.places import listed, others, place
from kalint.rules.rule import RuleInfo
from kalint.semantics.acceptance import verdict
from kalint.semantics.addresses import multicast_group
from kalint.semantics.adverts import endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

    Key = tuple[int, str, str]

INFO = RuleInfo(
    "KA811", "same-address-different-vrid", "error", "proven", "one virtual address in different virtual routers"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    holders: dict[bytes, dict[str, list[Member]]] = {}
    for member in cluster.members:
        for key in addresses(member):
            holders.setdefault(key, {}).setdefault(member.node.name, []).append(member)
    routers = {id(each): answer.router.key for answer in cluster.answers for each in answer.router.members}
    said = set()
    for key, by_node in holders.items():
        mine, *rest = by_node.values()
        apart: dict[object, list[Member]] = {}
        for theirs in rest:
            names = mine[0].instance.name, theirs[0].node.name, theirs[0].instance.name
            if names not in said and not _one_router(mine, theirs, routers):
                said.add(names)
                apart.setdefault((theirs[0].instance.virtual_router_id.value, _group(theirs[0])), []).append(theirs[0])
        for members in apart.values():
            yield _found(mine[0], members, addresses(members[0])[key])


def _one_router(mine: Sequence[Member], theirs: Sequence[Member], routers: Mapping[int, Key]) -> bool:
    """Whether some of them meet, or nothing says that they do not: the same ID, and not two multicast groups."""
    for one in mine:
        for other in theirs:
            meet = id(one) in routers and routers[id(one)] == routers.get(id(other))
            same = one.instance.virtual_router_id.value == other.instance.virtual_router_id.value
            if (meet or same) and not _apart(one, other):
                return True
    return False


def _apart(one: Member, other: Member) -> bool:
    """Whether two instances do not hear each other because they use two multicast groups."""
    mine, theirs = (endpoint(each.instance, each.node.resolved, each.address) for each in (one, other))
    same = one.instance.family == other.instance.family
    return same and any(each.setting == "multicast group" for each in verdict(mine, theirs).objections)


def _group(member: Member) -> str:
    return multicast_group(member.instance, member.node.resolved)


def _found(first: Member, theirs: Sequence[Member], address: str) -> Diagnostic:
    """What is wrong between one member and others, all with one ID and one multicast group."""
    other, *more = theirs
    one, two = first.instance.virtual_router_id.value, other.instance.virtual_router_id.value
    names, everywhere = listed(member.node.name for member in theirs), "both" if not more else "all"
    where, keyword = f"in virtual router {one} of {first.node.name} and in {two} of {names}", "virtual_router_id"
    advice, apart = f"write the same {keyword} on {everywhere} nodes", "each of the routers"
    if one == two:
        sends = f"{names} send{'s' * (not more)} to {_group(other)}"
        where = (
            f"in virtual router {one} of {everywhere} nodes, but {first.node.name} sends to {_group(first)} and {sends}"
        )
        keyword, apart = "mcast_dst_ip", "each of the groups"
        advice = f"use one multicast group on {everywhere} nodes: vrrp_mcast_group4 or vrrp_mcast_group6, mcast_dst_ip"
    return INFO.at(
        place(other, keyword),
        f"{address} is {where}: {apart} has a master, so two nodes have the address",
        *others((first, *more), f"the {'virtual_router_id' if one != two else 'instance'} of {{}}", keyword),
        help=advice,
    )


RULE = ClusterRule(INFO, check)
