"""An IPv6 instance whose first virtual address is not link-local.

## What it does
Finds IPv6 instances whose first virtual address is outside fe80::/10.

## Why it is bad
RFC 5798 requires the link-local address of the virtual router as the first address in an advert: hosts use it as
their router. keepalived reports this ("the first IPv6 VIP address should be link local") and continues. If the
addresses belong to services and not to a router, nothing else follows.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    version 3
    virtual_ipaddress {
        2001:db8::9/64
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    version 3
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
    }
}
```

## Source
RFC 5798 section 5.2.9; vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance); observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.places import link_local
from kalint.semantics.servers import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance
    from kalint.source import Word

INFO = RuleInfo(
    "KA419",
    "ipv6-first-address-not-link-local",
    "info",
    "proven",
    "an IPv6 instance without a link-local address first",
)


def check(context: Context) -> Iterator[Diagnostic]:
    found: list[tuple[Instance, Word]] = []
    for instance in context.resolved.instances:
        addresses = [address for address in instance.written.addresses if address.refused is None]
        if instance.family == "ipv6" and addresses:
            host = host_of(addresses[0].word.text)
            if host is not None and host[0] == 6 and not link_local(host):
                found.append((instance, addresses[0].word))
    if found:
        (instance, word), *others = found
        first = word.text.partition("/")[0]
        message = f"the first IPv6 address of {instance.name}, {first}, is not link-local: keepalived reports it"
        related = [Related(each.span, f"the first address of {other.name}") for other, each in others]
        advice = f"put a link-local address first, such as fe80::{instance.virtual_router_id.value:x}/64"
        yield INFO.at(word.span, message, *related, help=advice)


RULE = Rule(INFO, check, on=("virtual_ipaddress",))
