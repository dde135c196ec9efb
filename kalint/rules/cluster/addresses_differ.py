"""The nodes of a virtual router have different addresses.

## What it does
Compares the virtual_ipaddress blocks of the nodes, without their prefix lengths.

## Why it is bad
The node that takes over does not have the missing address. In addition, up to 2.3.2 keepalived rejects an advert
whose addresses differ from its own: from 2.0.0 both nodes are then master at once. From 2.3.3 on it only logs the
difference.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
        10.0.0.10/24
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
vrrp_check_packet in keepalived/vrrp/vrrp.c (2.2.7: VRRP_PACKET_KO); measured from 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import packed
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import Directions, rejects
from kalint.rules.cluster.places import called, listed, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA803", "addresses-differ", "error", "proven", "nodes of one virtual router with different addresses")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        first, *rest = answer.router.members
        mine, ways = addresses(first), Directions(answer)
        for member in rest:
            theirs = addresses(member)
            missing = [mine[each] for each in mine if each not in theirs]
            extra = [theirs[each] for each in theirs if each not in mine]
            if missing or extra:
                said = [
                    f"only {one.node.name} has {listed(found)}"
                    for one, found in ((first, missing), (member, extra))
                    if found
                ]
                loss = "a takeover loses it" if len(missing + extra) == 1 else "a takeover loses them"
                yield INFO.at(
                    place(member),
                    f"{called(first)} and {called(member)} have different addresses: {listed(said)}; "
                    f"{_effect(ways, first, member) or loss}",
                    *others((first,), "{}"),
                    help="write the same virtual_ipaddress block on all nodes",
                )


def _effect(ways: Directions, first: Member, member: Member) -> str:
    """Who rejects whose adverts, up to 2.3.2; empty: nobody."""
    there, back = ["virtual_ipaddress" in way.reasons for way in (ways.way(first, member), ways.way(member, first))]
    if there or back:
        return rejects(there, back, first, member)
    if first.node.version is None or member.node.version is None:
        return "up to 2.3.2 each rejects the adverts of the other"
    return ""


def addresses(member: Member) -> dict[bytes, str]:
    """The virtual addresses as written, by their bytes."""
    bare = (address.split("/")[0] for address in member.instance.virtual_addresses)
    return {key: address for address in bare if (key := packed(address)) is not None}


RULE = ClusterRule(INFO, check)
