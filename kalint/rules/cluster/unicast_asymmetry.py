"""A node is not among the unicast peers of another.

## What it does
Looks for the source address of each node, where its file names it (unicast_src_ip), among the unicast peers of the
others.

## Why it is bad
A node sends its adverts to its peers only. Whoever is not among them hears nothing and becomes master too.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    unicast_src_ip 10.0.0.1
    unicast_peer {
        10.0.0.3
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
    unicast_src_ip 10.0.0.2
    unicast_peer {
        10.0.0.1
    }
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
    unicast_src_ip 10.0.0.1
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
    unicast_src_ip 10.0.0.2
    unicast_peer {
        10.0.0.1
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_send_adv in keepalived/vrrp/vrrp.c: with unicast peers an advert goes to each of them, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.candidates import packed
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster, Member
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA805", "unicast-asymmetry", "error", "proven", "a node that is not among the unicast peers of another"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        for member in answer.router.members:
            peers = {packed(peer) for peer in member.instance.unicast_peers}
            for other in answer.router.members:
                address = packed(other.address)
                if other is member or not peers or not other.instance.unicast_peers or address is None:
                    continue
                if packed(member.address) == address:
                    if answer.router.members.index(member) < answer.router.members.index(other):
                        yield _same(member, other)
                elif address not in peers:
                    yield INFO.at(
                        member.instance.written.unicast_peers[0].words[0].span,
                        f"{called(member)} does not send to {other.address}, the source address of {called(other)}: "
                        f"{other.node.name} does not hear it and becomes master too",
                        *others((other,), "the source address of {}", "unicast_src_ip", "mcast_src_ip"),
                        help=f"add {other.address} to unicast_peer",
                    )


def _same(member: Member, other: Member) -> Diagnostic:
    """Two nodes with one source address: no list of peers can be right."""
    return INFO.at(
        place(other, "unicast_src_ip", "mcast_src_ip"),
        f"{called(member)} and {called(other)} both name {member.address} as their source address",
        *others((member,), "{}", "unicast_src_ip", "mcast_src_ip"),
        help="write each node's own address",
    )


RULE = ClusterRule(INFO, check)
