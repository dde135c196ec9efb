"""Two nodes reject each other's adverts.

## What it does
Compares the VRRP version, and with version 2 the advert interval, the auth_type and the first eight characters of
auth_pass.

## Why it is bad
A node ignores adverts that differ in one of these. From 2.0.0 both nodes are master at once; before, the backup stays
backup and logs, until the master dies. With version 3 the backup takes over the master's interval, which is no
mistake.

## Bad
The two nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    version 2
    advert_int 1
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
    version 2
    advert_int 2
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
    version 2
    advert_int 1
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
    version 2
    advert_int 1
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_check_packet in keepalived/vrrp/vrrp.c; measured from 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA804", "advert-mismatch", "error", "proven", "nodes that reject each other's adverts")


_BYTES = 8  # of a password that are sent


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        first, *rest = answer.router.members
        for member in rest:
            for keyword, what in _differences(first, member):
                yield INFO.at(
                    place(member, keyword),
                    f"{called(first)} and {called(member)} differ in {what}: each rejects the adverts of the other",
                    *others((first,), "{}", keyword),
                    help="write the same on all nodes of a virtual router",
                )


def _differences(one: Member, other: Member) -> Iterator[tuple[str, str]]:
    """The keyword, and what it is with both values; of passwords none is shown."""
    mine, theirs = one.instance, other.instance
    if mine.vrrp_version != theirs.vrrp_version:
        yield "version", f"the VRRP version ({mine.vrrp_version} and {theirs.vrrp_version})"
        return
    if mine.vrrp_version != 2:
        return
    if mine.advert_interval.value != theirs.advert_interval.value:
        yield "advert_int", f"advert_int ({mine.advert_interval.value:g} and {theirs.advert_interval.value:g} s)"
    types = [each.auth_type.value if each.auth_type else "none" for each in (mine, theirs)]
    if types[0] != types[1]:
        yield "auth_type", f"auth_type ({types[0]} and {types[1]})"
    elif types[0] == "PASS" and _password(one) != _password(other):
        yield "auth_pass", "auth_pass"


def _password(member: Member) -> bytes:
    node = member.instance.written.settings.get("auth_pass")
    word = node.words[1].text if node is not None and len(node.words) > 1 else ""
    return word.encode("utf-8", "surrogateescape")[:_BYTES]


RULE = ClusterRule(INFO, check)
