"""The node's own address among its peers.

## What it does
Finds the same unicast_peer list on several nodes of a virtual router, and a node that lists its own address as a
peer.

## Why it is bad
If every node is in the list, a node sends each advert to itself too. keepalived reports each one: "equal priority
advert received from remote host with our IP address". The log fills up, and a real conflict is overlooked.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 110
    unicast_peer {
        10.0.0.1
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
    virtual_router_id 17
    priority 100
    unicast_peer {
        10.0.0.1
        10.0.0.2
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
    virtual_router_id 17
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
    virtual_router_id 17
    priority 100
    unicast_peer {
        10.0.0.1
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_state_master_rx); observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, listed, others
from kalint.rules.rule import RuleInfo
from kalint.rules.support.places import peers, source
from kalint.semantics.servers import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.semantics.servers import Host

INFO = RuleInfo("KA817", "own-address-among-peers", "warning", "proven", "the node's own address among its peers")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        lists: dict[frozenset[Host], list[Member]] = {}
        for member in answer.router.members:
            hosts = frozenset(peer.host for peer in peers(member.instance))
            own = host_of(member.address) if member.address is not None else None
            if source(member.instance) is not None or not hosts:
                continue  # KA506 says it of a node that names its address
            if own is not None and own in hosts:
                peer = next(peer for peer in peers(member.instance) if peer.host == own)
                message = f"peer {peer.word.text} of {called(member)} is the node itself: it sends adverts to itself"
                yield INFO.at(peer.word.span, message, help="list the other nodes only")
            elif own is None:
                lists.setdefault(hosts, []).append(member)
        for members in lists.values():
            if len(members) > 1:
                yield _same(members)


def _same(members: list[Member]) -> Diagnostic:
    return INFO.at(
        next(peers(members[0].instance)).word.span,
        f"{listed(map(called, members))} have the same unicast_peer: each node also sends its adverts to itself",
        *others(members[1:], "{}", "unicast_peer"),
        help="list only the other nodes on each node",
    )


RULE = ClusterRule(INFO, check)
