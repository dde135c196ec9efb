"""An interval that VRRP version 2 cannot express.

## What it does
Finds an `advert_int` of an instance with version 2 that is not a whole number of seconds, or 256 and more.

## Why it is bad
An advert of version 2 carries whole seconds from 1 to 255. keepalived rounds, to 1 at least, or uses 255, and reports
that.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    advert_int 0.5
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
    version 3
    advert_int 0.5
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance). RFC 3768, section 5.3.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import argument, seconds

INFO = RuleInfo("KA503", "fractional-interval-v2", "error", "proven", "an advert_int that VRRP version 2 cannot carry")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = argument(instance.written.settings, "advert_int")
        value = seconds(word.text) if word is not None and instance.vrrp_version == 2 else None
        if word is None or not value:
            continue
        used = min(255, max(1, int(value + 0.5)))
        if used != value:
            message = f"VRRP version 2 has no interval of {word.text} s: keepalived uses {used} s in {instance.name}"
            yield INFO.at(word.span, message, help="write whole seconds from 1 to 255, or version 3 on all nodes")


RULE = Rule(INFO, check)
