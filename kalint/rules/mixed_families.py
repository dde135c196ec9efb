"""IPv4 and IPv6 addresses in one instance.

## What it does
Finds entries of virtual_ipaddress of another family than the first one.

## Why it is bad
An instance speaks VRRP over one family. keepalived reports the others and ignores them.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
        2001:db8::9/64
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    virtual_ipaddress_excluded {
        2001:db8::9/64
    }
}
```

## Source
vrrp/vrrp_data.c of keepalived 2.2.7 (alloc_vrrp_vip).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import address_family

INFO = RuleInfo("KA407", "mixed-families", "error", "proven", "IPv4 and IPv6 addresses in one virtual_ipaddress")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for address in instance.written.addresses:
            family = address_family(address.word.text)
            if family is not None and family != instance.family:
                message = (
                    f"{address.word.text} is {label(family)}, but {instance.name} is {label(instance.family)}: "
                    "keepalived ignores it"
                )
                advice = "move it to virtual_ipaddress_excluded, or to an instance of its own"
                yield INFO.at(address.word.span, message, help=advice)


def label(family: str) -> str:
    """A family as people write it."""
    return "IPv4" if family == "ipv4" else "IPv6"


RULE = Rule(INFO, check)
