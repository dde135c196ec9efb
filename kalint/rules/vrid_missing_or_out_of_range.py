"""An instance without a valid virtual router ID.

## What it does
Finds a `vrrp_instance` whose `virtual_router_id` is missing, or not a whole number from 1 to 255.

## Why it is bad
Without a valid ID keepalived does not start VRRP at all: none of the instances runs.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_ipaddress {
        10.0.0.9/24
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
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance); vrrp/vrrp_parser.c (vrrp_vrid_handler).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import argument, whole

INFO = RuleInfo(
    "KA401", "vrid-missing-or-out-of-range", "error", "proven", "a virtual_router_id that is missing or not 1 to 255"
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = argument(instance.written.settings, "virtual_router_id")
        if word is None:
            if context.said_otherwise(instance.written.node, "virtual_router_id"):
                continue
            span = instance.written.name.span if instance.written.name else instance.written.node.span
            message = f"{instance.name} has no virtual_router_id: keepalived does not start VRRP"
            yield INFO.at(span, message, help="add a virtual_router_id from 1 to 255 that is unused on the network")
        elif not 1 <= (whole(word.text) or 0) <= 255:
            value = word.text or "''"
            message = f"virtual_router_id {value} of {instance.name} is not valid: keepalived does not start VRRP"
            yield INFO.at(word.span, message, help="write a whole number from 1 to 255")


RULE = Rule(INFO, check, on=("vrrp_instance",))
