"""A virtual address that is another node's own address.

## What it does
Compares the virtual addresses of all nodes with the known addresses of each node: unicast_src_ip or mcast_src_ip, the
addresses in the settings, and the unicast peers of other nodes.

## Why it is bad
Two nodes have the address when another node becomes master. keepalived on the node that owns the address removes it
at the start: that node then cannot be reached and cannot send.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 110
    unicast_src_ip 10.0.0.1
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.2/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    unicast_src_ip 10.0.0.2
    unicast_peer {
        10.0.0.1
    }
    virtual_ipaddress {
        10.0.0.2/24
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
    virtual_router_id 17
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
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (clear_diff_address); observed: the node loses its address at the start
and goes to FAULT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called
from kalint.rules.rule import RuleInfo
from kalint.rules.support.places import peers, source, virtual
from kalint.semantics.servers import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.semantics.servers import Host

INFO = RuleInfo(
    "KA816", "address-of-another-node", "error", "proven", "a virtual address that is another node's own address"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    known = _known(cluster)
    said: set[Host] = set()
    for member in cluster.members:
        own = source(member.instance)
        for place in virtual(member.instance):
            if place.host not in known or place.host in said or (own is not None and own.host == place.host):
                continue
            name, related = known[place.host]
            if name == member.node.name:
                continue
            said.add(place.host)
            bare = place.word.text.partition("/")[0]
            yield INFO.at(
                place.word.span,
                f"virtual address {bare} of {called(member)} is {name}'s own address: both nodes have this address "
                f"when {member.node.name} is master",
                *related,
                help="write an address that no node has as its own",
            )


def _known(cluster: Cluster) -> dict[Host, tuple[str, tuple[Related, ...]]]:
    """The addresses that nodes have themselves, whose each is, and where that stands."""
    found: dict[Host, tuple[str, tuple[Related, ...]]] = {}
    for member in cluster.members:
        place = source(member.instance)
        if place is not None:
            name = member.node.name
            found.setdefault(place.host, (name, (Related(place.word.span, f"the address of {name}"),)))
    for node in cluster.nodes:
        for text in node.addresses.values():
            host = host_of(text)
            if host is not None:
                found.setdefault(host, (node.name, ()))
    for member in cluster.members:
        for peer in peers(member.instance):
            related = (Related(peer.word.span, f"a peer of {called(member)}"),)
            found.setdefault(peer.host, ("another node", related))
    return found


RULE = ClusterRule(INFO, check)
