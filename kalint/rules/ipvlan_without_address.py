"""An IPv4 ipvlan without an address of its own.

## What it does
Finds an IPv4 instance whose `use_ipvlan` has no address. It also finds an address there that belongs to another
family than the instance.

## Why it is bad
An ipvlan shares the MAC address of its interface, so it needs an address of its own to send adverts from. Without one
keepalived puts the instance and its sync group in FAULT at the start, and they never recover.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    use_ipvlan
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    use_ipvlan 10.0.0.2/24
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.0.17 to 2.4.3 (vrrp_complete_instance).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.semantics.values import address_family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA513", "ipvlan-without-address", "error", "proven", "an IPv4 ipvlan without an address of its own")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        node = instance.written.settings.get("use_ipvlan")
        if node is None or any("$" in word.text for word in node.words):
            continue
        own = [word for word in node.words[1:] if address_family(word.text.partition("/")[0]) is not None]
        if not own and instance.family == "ipv4":
            message = f"{instance.name} has an ipvlan without an address: keepalived keeps {instance.name} in FAULT"
            yield INFO.at(
                node.words[0].span,
                message,
                help="add an address of this node, such as use_ipvlan 10.0.0.2/24",
            )
        families = [address_family(word.text.partition("/")[0]) for word in own]
        if own and instance.family not in families:
            outcome = "ignores it" if instance.family == "ipv6" else f"ignores it and keeps {instance.name} in FAULT"
            there = "IPv6" if instance.family == "ipv6" else "IPv4"
            message = (
                f"{own[0].shown} is not an address for the ipvlan of {instance.name}, which is {there}: keepalived "
            )
            yield INFO.at(own[0].span, message + outcome, help=f"write an {there} address of this node")


RULE = Rule(INFO, check, on=("use_ipvlan",))
