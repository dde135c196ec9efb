"""Adverts on one link, addresses on another.

## What it does
Finds virtual routers whose nodes send their adverts on one interface and have all their virtual addresses on another.

## Why it is bad
The nodes hear each other only on the first link. If it fails between them, every node becomes master, and all have
the addresses at once on the second link, which still works. A direct cable between the nodes is such a single point
of failure.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth1
    virtual_router_id 17
    priority 110
    virtual_ipaddress {
        10.0.0.9/24 dev eth0
    }
}
```
```
vrrp_instance VI_1 {
    interface eth1
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24 dev eth0
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
    virtual_ipaddress {
        10.0.0.9/24 dev eth0
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24 dev eth0
    }
}
```

## Source
RFC 5798 section 1.2 (the virtual addresses are those of the link that the adverts are on).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, listed, others
from kalint.rules.rule import RuleInfo
from kalint.semantics.addresses import device_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.source import Word

INFO = RuleInfo(
    "KA818", "adverts-and-addresses-apart", "info", "heuristic", "adverts on one link, virtual addresses on another"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        members = answer.router.members
        found = [place for member in members if (place := _elsewhere(member)) is not None]
        if len(found) == len(members) > 1:
            first = members[0]
            link, (other, word) = first.instance.interface.value, found[0]
            yield INFO.at(
                word.span,
                f"{listed(map(called, members))} send adverts on {link} and have their virtual addresses on {other}: "
                f"if {link} fails between them, {other} gets more than one master",
                *others(members[1:], "{}", "interface"),
                help=f"send the adverts on the link of the addresses: interface {other}",
            )


def _elsewhere(member: Member) -> tuple[str, Word] | None:
    """The device of the first address where all addresses are on another device than the adverts, and its place."""
    resolved = member.node.resolved
    everywhere, profile = resolved.config.global_settings, resolved.profile
    first: tuple[str, Word] | None = None
    for address in member.instance.written.addresses:
        if address.refused is None:
            device = device_of(address, everywhere, profile)
            if device in (None, "lo", member.instance.interface.value):
                return None
            first = first or (device, address.dev or address.word)
    return first


RULE = ClusterRule(INFO, check)
