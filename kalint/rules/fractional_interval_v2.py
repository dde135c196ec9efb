"""An interval that VRRP cannot express.

## What it does
Finds an `advert_int` with version 2 that is not a whole number of seconds, or is 256 s or more. With version 3 it
finds one that is not a whole number of hundredths of a second, or is above 40.95 s.

## Why it is bad
An advert of version 2 carries whole seconds from 1 to 255, one of version 3 hundredths of a second up to 40.95 s.
keepalived rounds the interval into this range and reports that.

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
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance). RFC 3768, section 5.3.7; RFC 5798, section 5.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import argument, seconds

INFO = RuleInfo("KA503", "fractional-interval-v2", "error", "proven", "an advert_int that VRRP cannot express")

_MOST = {2: 255, 3: 40.95}
"""Seconds: 8 bits of seconds in version 2, 12 bits of hundredths in version 3 (RFC 3768, RFC 5798)."""


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = argument(instance.written.settings, "advert_int")
        value = seconds(word.text) if word is not None else None
        version = instance.vrrp_version
        if word is None or not value or (version == 3 and value > _MOST[2]):
            continue
        used: float = min(_MOST[2], max(1, int(value + 0.5)))
        advice = "write whole seconds from 1 to 255, or version 3 on all nodes"
        if version == 3:
            used = min(_MOST[3], max(1, (round(value * 1_000_000) + 5000) // 10_000) / 100)
            advice = "write hundredths of a second, up to 40.95"
        if used != value:
            message = f"VRRP version {version} cannot express an interval of {word.text} s: keepalived uses {used:g} s"
            yield INFO.at(word.span, f"{message} in {instance.name}", help=advice)


RULE = Rule(INFO, check, on=("advert_int",))
