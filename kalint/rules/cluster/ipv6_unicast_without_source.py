"""IPv6 unicast peers without unicast_src_ip.

## What it does
Finds nodes of IPv6 virtual routers with unicast peers and without unicast_src_ip, if the other nodes do not send to
link-local addresses.

## Why it is bad
From 2.1.0 on such a node sends from its link-local address and listens on it only. Adverts to its other addresses do
not arrive: both nodes are master at once.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 110
    version 3
    unicast_peer {
        2001:db8::2
    }
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    version 3
    unicast_peer {
        2001:db8::1
    }
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
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
    version 3
    unicast_src_ip 2001:db8::1
    unicast_peer {
        2001:db8::2
    }
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    version 3
    unicast_src_ip 2001:db8::2
    unicast_peer {
        2001:db8::1
    }
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance, vrrp_check_packet); observed: both nodes hold the addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import Directions
from kalint.rules.cluster.places import called, listed, others
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA515", "ipv6-unicast-without-source", "error", "proven", "IPv6 unicast adverts from a link-local address"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        deaf = {way.receiver.node.name for way in Directions(answer) if "unicast_src_ip" in way.reasons}
        members = [member for member in answer.router.members if member.node.name in deaf]
        if members:
            listens = "listens on its link-local address" if len(members) == 1 else "listen on link-local addresses"
            yield INFO.at(
                members[0].instance.written.unicast_peers[0].words[0].span,
                f"{listed(map(called, members))} {listens} only: adverts to other addresses do not arrive, and "
                f"{'it becomes master too' if len(members) == 1 else 'each of them becomes master'}",
                *others(members[1:], "{} has no unicast_src_ip", "unicast_peer"),
                help="add unicast_src_ip with each node's own address",
            )


RULE = ClusterRule(INFO, check)
