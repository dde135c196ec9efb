"""A vrrp_instance without an interface.

## What it does
Finds a vrrp_instance that has neither `interface` nor any unicast statement, or that uses the loopback interface.
With unicast, `interface` may be left out only if `unicast_src_ip` is there.
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
from kalint.semantics.values import is_unicast, needs_interface

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance

INFO = RuleInfo("KA416", "interface-not-given", "error", "proven", "a vrrp_instance without an interface")

LOOPBACK = "lo"


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        written = instance.written
        if instance.interface.value == LOOPBACK and instance.interface.word is not None:
            message = f"{LOOPBACK} cannot carry adverts: keepalived ignores it and does not start VRRP"
            yield INFO.at(instance.interface.word.span, message, help="name the interface for adverts")
            continue
        needed = needs_interface(written, context.resolved.profile)
        if "interface" in written.settings or not needed or context.said_otherwise(written.node, "interface"):
            continue
        message = f"{instance.name} has no interface{_reason(instance, context)}: keepalived does not start VRRP"
        advice = "add interface and the name of the interface for adverts"
        yield INFO.at(written.node.words[0].span, message, help=advice)


def _reason(instance: Instance, context: Context) -> str:
    """Why unicast needs an interface here."""
    written, wanted = instance.written, context.resolved.profile.unicast_needs_interface
    if not is_unicast(written):
        return ""
    if wanted == "never" or (wanted == "without peers" and written.unicast_peers):
        return " and no unicast_src_ip"
    return ", which this release requires for unicast too"


RULE = Rule(INFO, check, on=("vrrp_instance",))
