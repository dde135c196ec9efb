"""A route or rule that keepalived cannot track as written.

## What it does
Finds entries of virtual_routes and static_routes without `no_track` that have no `dev` or `oif`, or whose `protocol`
is not keepalived's. In static_rules it finds entries with a `track_group` but without `dev` or `iif`.

## Why it is bad
keepalived watches the device of a route, and recognises its own routes by the protocol. Without a device it does not
watch the route (2.0.1 to 2.3.1 report this). It replaces another protocol by its own, so programs that select routes
by protocol miss this one.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    virtual_ipaddress {
        10.0.0.9/24
    }
    virtual_routes {
        10.2.0.0/16 via 10.0.0.1 dev eth0 protocol static
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
    virtual_routes {
        10.2.0.0/16 via 10.0.0.1 dev eth0 protocol static no_track
    }
}
```

## Source
vrrp/vrrp_iproute.c of keepalived 2.2.7 (alloc_route), since 2.0.1; the report on the device until 2.3.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.model.entries import option, route
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo(
    "KA415",
    "route-not-tracked",
    "warning",
    "proven",
    "a route or rule that keepalived cannot track",
    folds=True,
)

OWN = ("keepalived", "18")


def check(context: Context) -> Iterator[Diagnostic]:
    profile = context.resolved.profile
    if not profile.route_devices_tracked:
        return
    for entry in context.entries("virtual_routes", "static_routes"):
        parsed = route(entry)
        if parsed.no_track:
            continue
        protocol = option(entry, "protocol")
        if protocol is not None and protocol.text not in OWN:
            message = f"protocol {protocol.text} on a tracked route: keepalived replaces it by its own"
            yield INFO.at(protocol.span, message, help="remove it, or add no_track")
        if not parsed.devices and profile.deviceless_route_reported:
            message = "this route names no device: keepalived does not track it"
            yield INFO.at(entry.words[0].span, message, help="add dev and the interface, or no_track")
    for entry in context.entries("static_rules") if profile.static_devices_tracked else ():
        group = option(entry, "track_group")
        if group is not None and all(option(entry, keyword) is None for keyword in ("dev", "iif")):
            message = f"this rule names no incoming device: keepalived does not track it for track_group {group.shown}"
            yield INFO.at(group.span, message, help="add iif and the interface, or remove track_group")


RULE = Rule(INFO, check, on=("virtual_routes", "static_routes", "static_rules"))
