"""A device of an address that turns the weight of its interface into a FAULT.

## What it does
Finds interfaces that an instance tracks with a weight and also names as the `dev` of an address, route or rule.

## Why it is bad
keepalived tracks each `dev` of an address, route or rule without a weight, and this replaces the tracking line. When
the interface goes down, the instance goes to FAULT instead of changing its priority.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth1 weight -20
    }
    virtual_ipaddress {
        10.0.1.9/24 dev eth1
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth1 weight -20
    }
    virtual_ipaddress {
        10.0.1.9/24 dev eth1 no_track
    }
}
```

## Source
add_vrrp_to_interface in keepalived/vrrp/vrrp.c (2.0.10 to 2.4.3); releases 1.x track no such devices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import asked, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo(
    "KA613", "address-device-cancels-weight", "warning", "proven", "a dev on a tracked interface cancels its weight"
)

IMPLIED = ("address", "route", "rule")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        implied: dict[str, Tracker] = {}
        for tracker in instance.trackers:
            if tracker.origin in IMPLIED:
                implied.setdefault(tracker.name, tracker)
        if not implied:
            continue
        for tracker in instance.trackers:
            device = implied.get(tracker.name)
            if device is None or tracker.kind != "interface" or tracker.ignored != "overridden" or not asked(tracker):
                continue
            yield INFO.at(
                spot(tracker),
                f"the weight {asked(tracker)} of interface {tracker.name} has no effect: the {device.origin} with dev "
                f"{tracker.name} tracks it without a weight, so {tracker.name} going down puts {instance.name} in "
                "FAULT",
                Related(device.where.span, f"this {device.origin} tracks {tracker.name} without a weight"),
                help=f"write no_track after the dev of each address, route and rule on {tracker.name}",
            )


RULE = Rule(INFO, check, on=("overridden",))
