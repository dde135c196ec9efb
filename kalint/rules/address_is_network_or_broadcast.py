"""A virtual address that is the network or broadcast address.

## What it does
Finds virtual addresses that are the first or the last address of their own prefix. Prefix lengths /31, /32, /127 and
/128 are not reported.

## Why it is bad
The first address of an IPv4 network names the network, and the last one is its broadcast address: other hosts do not
use them to reach a host. In IPv6 the first address belongs to all routers of the subnet (RFC 4291, 2.6.1).

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    virtual_ipaddress {
        10.0.0.0/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
RFC 1122 3.2.1.3, RFC 3021 (/31), RFC 4291 2.6.1, RFC 6164 (/127). keepalived 2.2.7 adds such an address without a
message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.places import virtual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.servers import Host

INFO = RuleInfo(
    "KA418",
    "address-is-network-or-broadcast",
    "info",
    "proven",
    "a virtual address that is a network or broadcast address",
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for place in virtual(instance):
            bare, _, length = place.word.text.partition("/")
            what = _what(place.host, int(length)) if length.isascii() and length.isdigit() and len(length) < 4 else ""
            if what:
                message = f"virtual address {bare} is the {what} address of its /{length}: no host can use it"
                if place.host[0] == 6:
                    message = f"virtual address {bare} is the {what} address of its /{length}, not a host address"
                yield INFO.at(place.word.span, message, help="write the address of a host in this network")


def _what(host: Host, length: int) -> str:
    """What an address is called whose host part is all zeros or all ones; "" for others."""
    family, octets = host
    bits = len(octets) * 8
    if not 0 < length < bits - 1:
        return ""
    part = int.from_bytes(octets, "big") & ((1 << (bits - length)) - 1)
    if part == 0:
        return "network" if family == 4 else "subnet-router anycast"
    if part == (1 << (bits - length)) - 1:
        return "broadcast" if family == 4 else "last"
    return ""


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded"))
