"""An instance without an address.

## What it does
Finds a `vrrp_instance` without virtual_ipaddress.

## Why it is bad
The instance has no address to move. With version 2 keepalived only warns. With version 3 or in strict mode it does
not start VRRP.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
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
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import needs_addresses

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance
    from kalint.source import Span

INFO = RuleInfo("KA410", "no-address", "warning", "proven", "an instance without virtual_ipaddress")

NOTIFY = ("notify_fifo", "notify_fifo_script")
"""Ends of global keywords that tell a program of every change of state."""


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        block = instance.written.settings.get("virtual_ipaddress")
        if block is None and context.said_otherwise(instance.written.node, "virtual_ipaddress"):
            continue
        if block is not None and context.for_others(block, ""):
            continue
        if not instance.written.addresses and (block is None or block.items is not None):
            span = instance.written.name.span if instance.written.name else instance.written.node.span
            if needs_addresses(instance):
                why = "VRRP version 3" if instance.vrrp_version == 3 else "strict mode"
                message = (
                    f"{instance.name} has no virtual_ipaddress, which {why} requires: keepalived does not start VRRP"
                )
                finding = INFO.at(span, message, help="add a virtual_ipaddress block")
                yield finding._replace(severity="error")
            elif "virtual_router_id" in instance.written.settings:
                yield _sensible(context, instance, span)


def _sensible(context: Context, instance: Instance, span: Span) -> Diagnostic:
    """What keepalived calls not sensible; with a script that moves the address it is."""
    if not _used(context, instance):
        message = f"{instance.name} has no virtual_ipaddress: being master has no effect"
        return INFO.at(span, message, help="add a virtual_ipaddress block")
    message = f"{instance.name} has no virtual_ipaddress: keepalived reports this, and its adverts contain no address"
    advice = "add the virtual address, or suppress KA410 if a script moves it"
    return INFO.at(span, message, help=advice)._replace(severity="info")


def _used(context: Context, instance: Instance) -> bool:
    """Whether being master has an effect all the same: other addresses, routes, or a script that is run."""
    written = instance.written
    if written.excluded_addresses or written.routes or written.rules:
        return True
    groups = [group.written.settings for group in context.resolved.sync_groups if group.name == instance.sync_group]
    places = (written.settings, context.resolved.config.global_settings, *groups)
    return any(keyword.endswith(NOTIFY) or keyword.startswith("notify") for place in places for keyword in place)


RULE = Rule(INFO, check, on=("vrrp_instance",))
