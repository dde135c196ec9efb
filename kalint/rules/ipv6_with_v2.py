"""IPv6 with VRRP version 2.

## What it does
Finds `version 2` in an instance with IPv6 addresses.

## Why it is bad
Version 2 is defined for IPv4 only. In strict mode keepalived uses version 3 and reports that. Otherwise it sends
adverts that no standard describes.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    version 2
    virtual_ipaddress {
        2001:db8::9/64
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    version 3
    virtual_ipaddress {
        2001:db8::9/64
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance). RFC 3768, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import argument

INFO = RuleInfo("KA509", "ipv6-with-v2", "error", "proven", "VRRP version 2 with IPv6 addresses")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = argument(instance.written.settings, "version")
        if instance.family == "ipv6" and word is not None and word.text == "2":
            same = instance.vrrp_version == 2
            does = f"sends such adverts for {instance.name}" if same else f"uses version 3 for {instance.name}"
            message = f"VRRP version 2 does not support IPv6: keepalived {does}"
            yield INFO.at(word.span, message, help="write version 3, on all nodes")


RULE = Rule(INFO, check, on=("version",))
