"""Two nodes reject each other's adverts.

## What it does
Checks whether each node accepts the adverts of the others. It compares the VRRP version, with version 2 the interval,
auth_type and the first eight characters of auth_pass, and from 2.4.0 on auth_hmac (mode, key numbers, keys). It also
compares the TTL (min_ttl and max_ttl of a peer) and the form of the checksum (old_unicast_checksum,
v3_checksum_as_v2).

## Why it is bad
A node rejects adverts that differ in one of these. From 2.0.0 both nodes are master at once; before, the backup stays
backup and logs the rejection until the master stops. With version 3 the backup adopts the master's interval, which is
not a mistake. If only one node rejects the other, only that node becomes master too.

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
vrrp_check_packet in keepalived/vrrp/vrrp.c and vrrp_auth_hmac.c; measured from 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import Directions, rejects
from kalint.rules.cluster.places import called, others, place
from kalint.rules.rule import RuleInfo
from kalint.rules.support.checksums import BROKEN, checksum
from kalint.semantics.acceptance import ANOTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.cluster.hearing import Direction
    from kalint.semantics.acceptance import Objection
    from kalint.semantics.adverts import Endpoint

INFO = RuleInfo("KA804", "advert-mismatch", "error", "proven", "nodes that reject each other's adverts")

KINDS = frozenset({"version", "interval", "auth", "ttl", "checksum"})
"""What adverts differ in; addresses are KA803, the ways that they go KA805, KA811, KA814 and KA515, owners KA807."""


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        ways = Directions(answer)
        said: set[tuple[str, str]] = set()
        for first, other in combinations(answer.router.members, 2):
            there, back = ways.way(first, other), ways.way(other, first)
            for setting in _settings(there, back):
                names = (setting, first.node.name), (setting, other.node.name)
                if said.isdisjoint(names):
                    said.add(names[1])
                    yield from _found(setting, there, back)


def _settings(*ways: Direction) -> list[str]:
    """What the adverts differ in, each once."""
    return list(dict.fromkeys(each.setting for way in ways for each in way.reasons.values() if each.kind in KINDS))


def _found(setting: str, there: Direction, back: Direction) -> Iterator[Diagnostic]:
    """The findings on one setting of two members: one, or where each is judged by limits of its own, one a way."""
    reasons = there.reasons.get(setting), back.reasons.get(setting)
    if setting in ("TTL", "unicast_ttl") or any(each is not None and each.seen in BROKEN for each in reasons):
        for way, reason in zip((there, back), reasons, strict=True):
            if reason is not None:
                yield _one_way(way, reason)
        return
    first, other = there.sender, there.receiver
    keywords = KEYWORDS.get(setting, (setting,))
    what = _difference(setting, there, back)
    verb = rejects(reasons[0] is not None, reasons[1] is not None, first, other)
    yield INFO.at(
        place(other, *keywords),
        f"{called(first)} and {called(other)} differ in {what}: {verb}",
        *others((first,), "{}", *keywords),
        help=_help(setting, there, back),
    )


KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "auth_hmac key": ("auth_hmac",),
    "auth_hmac": ("auth_hmac", "auth_type"),
    "checksum": ("old_unicast_checksum", "v3_checksum_as_v2"),
}
"""The keywords of settings that are not called as their keyword is."""


def _difference(setting: str, there: Direction, back: Direction) -> str:
    """What two members differ in, with both values; of passwords and keys none is shown."""
    one, other = there.endpoint, back.endpoint
    if setting == "version":
        return f"the VRRP version ({one.version} and {other.version})"
    if setting == "advert_int":
        return f"advert_int ({one.interval:g} and {other.interval:g} s)"
    if setting in ("auth_type", "auth_hmac"):
        return f"{setting} ({_type(one)} and {_type(other)})"
    if setting == "auth_hmac key":
        missing = ", ".join(said for way in (there, back) if (said := _missing(way)))
        return f"auth_hmac keys ({missing})" if missing else "auth_hmac keys"
    return f"the form of the checksum ({_option(there, back)})" if setting == "checksum" else setting


def _type(endpoint: Endpoint) -> str:
    if endpoint.hmac is not None:
        return f"mode {endpoint.hmac.mode}"
    return endpoint.auth if endpoint.auth == "none" else endpoint.auth.upper()


def _missing(way: Direction) -> str:
    """A key that one signs with, and that the other does not have."""
    reason = way.reasons.get("auth_hmac key")
    if reason is None or reason.wanted == ANOTHER:
        return ""
    key, known = (each.removeprefix("auth_hmac ") for each in (reason.seen, reason.wanted))
    return f"{way.sender.node.name} signs with {key}, {way.receiver.node.name} has {known}"


def _option(there: Direction, back: Direction) -> str:
    """The option that decides the form of the checksum."""
    plain = any("plain" in (each.seen, each.wanted) for way in (there, back) for each in way.reasons.values())
    return "v3_checksum_as_v2" if plain else "old_unicast_checksum"


def _help(setting: str, there: Direction, back: Direction) -> str:
    if setting == "auth_hmac key":
        return "write the same keys on all nodes, the active one with the same id"
    if setting != "checksum":
        return f"write the same {setting} on all nodes of the virtual router"
    for way, other in ((there, back), (back, there)):
        newer = other.endpoint.profile.old_unicast_checksum and not way.endpoint.profile.old_unicast_checksum
        if newer and way.endpoint.peers:
            return f"write old_unicast_checksum on {way.sender.node.name}, whose keepalived is the newer one"
    return f"write {_option(there, back)} on all nodes, or on none"


def _one_way(way: Direction, reason: Objection) -> Diagnostic:
    sender, receiver = way.sender, way.receiver
    if not reason.arrives:
        return INFO.at(
            place(sender, "unicast_ttl"),
            f"{called(receiver)} never hears {called(sender)}: unicast_ttl without unicast peers sets the TTL of its "
            "adverts to 0, a bug of keepalived",
            *others((receiver,), "{}"),
            help=f"remove unicast_ttl on {sender.node.name}",
        )
    if reason.kind == "ttl":
        return INFO.at(
            place(receiver, "unicast_peer"),
            f"{called(receiver)} rejects the adverts of {called(sender)}: their TTL is {reason.seen}, min_ttl and "
            f"max_ttl allow {reason.wanted}",
            *others((sender,), "{}", "unicast_ttl", "unicast_peer"),
            help=f"change unicast_ttl of {sender.node.name}, or min_ttl and max_ttl of {receiver.node.name}",
        )
    return INFO.at(
        place(receiver),
        f"{called(receiver)} rejects the adverts of {called(sender)}: they have {checksum(reason.seen)}, a bug of "
        f"keepalived up to 1.3.6",
        *others((sender,), "{}", "unicast_peer"),
        help=f"use a newer keepalived on {sender.node.name}, or version 2 on all nodes",
    )


RULE = ClusterRule(INFO, check)
