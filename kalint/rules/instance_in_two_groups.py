"""An instance in two sync groups.

## What it does
Finds an instance that is named by two sync groups, or twice by one.

## Why it is bad
keepalived keeps it in the first group only, and reports the others.

## Bad
```
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
vrrp_sync_group H {
    group {
        VI_2
        VI_3
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    virtual_ipaddress {
        10.0.1.9/24
    }
}
vrrp_instance VI_3 {
    interface eth2
    virtual_router_id 53
    virtual_ipaddress {
        10.0.2.9/24
    }
}
```

## Good
```
vrrp_sync_group G {
    group {
        VI_1
        VI_2
        VI_3
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    virtual_ipaddress {
        10.0.1.9/24
    }
}
vrrp_instance VI_3 {
    interface eth2
    virtual_router_id 53
    virtual_ipaddress {
        10.0.2.9/24
    }
}
```

## Source
vrrp/vrrp_sync.c of keepalived 2.2.7 (vrrp_sync_set_group).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA105", "instance-in-two-groups", "error", "proven", "an instance in two sync groups")


def check(context: Context) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Related]] = {}
    for group in context.resolved.config.sync_groups:
        name = group.name.text if group.name else ""
        for member in group.members:
            if member.text in first:
                keeper, place = first[member.text]
                again = "is listed twice" if keeper == name else f"is already in sync group {keeper}"
                advice = "list it once, in one group"
                yield INFO.at(member.span, f"{member.text} {again}: keepalived ignores it here", place, help=advice)
            else:
                first[member.text] = (name, Related(member.span, "the one that counts"))


RULE = Rule(INFO, check, on=("vrrp_sync_group",))
