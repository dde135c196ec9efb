"""Strict mode makes the addresses unreachable.

## What it does
Finds strict mode with instances that are not the address owner (priority 255) and do not say `accept`. One finding for
each strict setting.

## Why it is bad
In strict mode keepalived adds firewall rules that drop what is sent to the virtual addresses, so that even `ping`
fails: RFC 3768 and 5798 let only the owner of an address accept packets. With version 2 even `accept` is reset. It is
the commonest complaint of all.

## Bad
```
global_defs {
    vrrp_strict
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance). RFC 5798, section 6.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.strict import strict_word

INFO = RuleInfo("KA505", "strict-blocks-addresses", "warning", "proven", "strict mode makes the addresses unreachable")


def check(context: Context) -> Iterator[Diagnostic]:
    seen = set()
    for instance in context.resolved.instances:
        if not instance.strict or instance.owner or not instance.virtual_addresses:
            continue
        if instance.vrrp_version == 3 and "accept" in instance.written.settings:
            continue
        word = strict_word(context.resolved, instance)
        if word is not None and word.span not in seen:
            seen.add(word.span)
            message = f"strict mode drops all packets to the addresses of {instance.name}, whose priority is not 255"
            other = "write version 3 and accept" if instance.vrrp_version == 2 else "write accept"
            advice = f"remove {word.text}, or {other} in {instance.name}"
            yield INFO.at(word.span, message, help=advice)


RULE = Rule(INFO, check, on=("vrrp_strict", "strict_mode"))
