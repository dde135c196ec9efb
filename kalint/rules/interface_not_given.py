"""A vrrp_instance without an interface.

## What it does
Finds a vrrp_instance that has neither `interface` nor any unicast statement, or that uses the loopback interface.
Some releases need an interface for unicast too (until 2.0.20, from 2.1.0 to 2.2.4 without peers, and from 2.2.5 to
2.2.7): there every instance without `interface` is reported.

## Why it is bad
keepalived does not know where to send adverts. It reports "Unknown interface!" and does not start VRRP for any
instance. `default_interface` applies to static addresses only.

## Bad
```
vrrp_instance VI_1 {
    virtual_router_id 151
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
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 1.2.13 to 2.4.3 (chk_min_cfg).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA416", "interface-not-given", "error", "proven", "a vrrp_instance without an interface")

UNICAST = frozenset({"unicast_src_ip", "unicast_peer", "unicast_fault_no_peer", "check_unicast_src", "unicast_ttl"})

LOOPBACK = "lo"


def check(context: Context) -> Iterator[Diagnostic]:
    wanted = context.resolved.profile.unicast_needs_interface
    for instance in context.resolved.instances:
        settings, node = instance.written.settings, instance.written.node
        if instance.interface.value == LOOPBACK and instance.interface.word is not None:
            message = f"{LOOPBACK} cannot carry adverts: keepalived ignores it and does not start VRRP"
            yield INFO.at(instance.interface.word.span, message, help="name the interface for adverts")
            continue
        unicast = not UNICAST.isdisjoint(settings)
        needed = not unicast or wanted == "always" or (wanted != "never" and not instance.written.unicast_peers)
        if "interface" in settings or not needed or context.said_otherwise(node, "interface"):
            continue
        reason = ", which this release requires for unicast too" if unicast else ""
        message = f"{instance.name} has no interface{reason}: keepalived does not start VRRP"
        yield INFO.at(node.words[0].span, message, help="add interface and the name of the interface for adverts")


RULE = Rule(INFO, check, on=("vrrp_instance",))
