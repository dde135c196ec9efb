"""A sync group with one member.

## What it does
Finds sync groups with a single member.

## Why it is bad
A sync group keeps several instances in the same state. With one member it only changes which trackers of the instance
count. keepalived 1.2.20 to 1.3.x and 2.1.0 to 2.2.2 remove such a group, with its trackers and notify scripts.

## Bad
```
vrrp_sync_group G {
    group {
        VI_1
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
```

## Good
```
vrrp_sync_group G {
    group {
        VI_1
        VI_2
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
```

## Source
vrrp/vrrp_sync.c of keepalived 2.2.7 (vrrp_sync_set_group).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA108", "single-member-group", "warning", "proven", "a sync group with one member")


def check(context: Context) -> Iterator[Diagnostic]:
    kept = {group.name for group in context.resolved.sync_groups}
    for group in context.resolved.config.sync_groups:
        if group.name is not None and len(group.members) == 1:
            fate = "it synchronises nothing" if group.name.text in kept else "this release removes it"
            message = f"sync group {group.name.text} has one member, {group.members[0].text}: {fate}"
            advice = "add the instances that must fail over together, or remove the group"
            finding = INFO.at(group.name.span, message, help=advice)
            used = group.trackers or len(group.settings) > ("group" in group.settings)
            yield finding._replace(severity="info") if used and group.name.text in kept else finding


RULE = Rule(INFO, check, on=("vrrp_sync_group",))
