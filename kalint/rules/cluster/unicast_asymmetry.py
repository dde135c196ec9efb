"""A node is not among the unicast peers of another.

## What it does
Looks for the source address of each node (unicast_src_ip) among the unicast peers of the other nodes.

## Why it is bad
A node sends its adverts to its peers only. A node that is not among them hears nothing and becomes master too.

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

from kalint.analysis.cluster.copies import copies
from kalint.literals import packed
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import Directions, casts_differ, too
from kalint.rules.cluster.places import called, listed, others, place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.copies import Copies
    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.cluster.hearing import Direction
    from kalint.semantics.acceptance import Objection

INFO = RuleInfo(
    "KA805", "unicast-asymmetry", "error", "proven", "a node missing from the unicast peers of another node"
)

EFFECTS = {
    "fault": ("the other stays in FAULT", "the others stay in FAULT"),
    "used": ("the other becomes master too", "the others become master too"),
}
"""What one node does, or several do, whose source address belongs to another machine, by release."""
DIFFER = "the others stay in FAULT (up to keepalived 2.3.2) or become master too"


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    yield from map(_same, copies(cluster))
    for answer in cluster.answers:
        for way in Directions(answer):
            reason = way.reasons.get("unicast_peer")
            if reason is not None and not reason.arrives and not casts_differ(reason) and not _one_source(way):
                yield _elsewhere(answer, way, reason)


def _one_source(way: Direction) -> bool:
    """Whether both members have one source address: then no list of peers can be right."""
    address = packed(way.sender.address)
    return address is not None and address == packed(way.receiver.address)


def _elsewhere(answer: Answer, way: Direction, reason: Objection) -> Diagnostic:
    """A member that sends to others only."""
    sender, receiver = way.sender, way.receiver
    where = f"to {receiver.address}, the source address of {called(receiver)}"
    if receiver.address is None:
        where = f"to {called(receiver)}, only to other nodes ({reason.seen})"
    return INFO.at(
        sender.instance.written.unicast_peers[0].words[0].span,
        f"{called(sender)} does not send {where}: {receiver.node.name} does not hear it and {too(answer, (receiver,))}",
        *others((receiver,), "the source address of {}", "unicast_src_ip", "mcast_src_ip"),
        help=f"add {receiver.address or f'the address of {receiver.node.name}'} to unicast_peer",
    )


def _same(found: Copies) -> Diagnostic:
    """Several nodes with one source address: no list of peers can be right."""
    first, *rest = found.members
    names = listed(member.node.name for member in found.members)
    what = f"{names} have the same file" if found.same_file else f"{names} have the same source address"
    binds = {member.node.resolved.profile.foreign_source for member in rest}
    keyword = "unicast_src_ip" if "unicast_src_ip" in rest[0].instance.written.settings else "mcast_src_ip"
    effect = EFFECTS[binds.pop()][len(rest) > 1] if len(binds) == 1 else DIFFER
    return INFO.at(
        place(rest[0], "unicast_src_ip", "mcast_src_ip"),
        f"{what}: {keyword} {found.address} can belong to only one of them, and {effect}",
        *others((first, *rest[1:]), "{}", "unicast_src_ip", "mcast_src_ip"),
        help="give each node its own address as source and the other nodes as peers",
    )


RULE = ClusterRule(INFO, check)
