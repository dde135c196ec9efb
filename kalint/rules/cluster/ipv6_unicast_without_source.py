"""IPv6 unicast peers, and no unicast_src_ip.

## What it does
Finds IPv6 virtual routers with unicast peers that are not link-local, and nodes without a unicast_src_ip.

## Why it is bad
Such a node sends from its link-local address. The others expect the address that is in their unicast_peer and
reject its adverts: both are master at once.

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
from kalint.rules.cluster.places import called, listed, others
from kalint.rules.ipv6_unicast_without_source import far_peer
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
        found = [(member, peer) for member in answer.router.members if (peer := far_peer(member.instance)) is not None]
        if found:
            members = [member for member, _ in found]
            sends = "sends from its link-local address" if len(members) == 1 else "send from their link-local addresses"
            yield INFO.at(
                found[0][1].span,
                f"{listed(map(called, members))} {sends}: no peer accepts that, and each node becomes master",
                *others(members[1:], "{} has no unicast_src_ip", "unicast_peer"),
                help="add unicast_src_ip with each node's own address",
            )


RULE = ClusterRule(INFO, check)
