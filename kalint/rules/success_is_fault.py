"""A success that is a FAULT.

## What it does
Finds trackers of a script, file, process, interface or bfd_instance with `reverse` and weight 0.

## Why it is bad
Weight 0 means FAULT instead of a change of the priority, and `reverse` exchanges success and failure. So the instance
is in FAULT while the check succeeds, and can be master only while it fails: a cluster of healthy nodes has no master.

## Bad
```
vrrp_script maintenance {
    script "/usr/bin/test -e /run/maintenance"
    weight 0 reverse
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    track_script {
        maintenance
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script maintenance {
    script "/usr/bin/test ! -e /run/maintenance"
    weight 0
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    track_script {
        maintenance
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_track.c of keepalived 2.2.7 (vrrp_script_success_action: a reversed script of weight 0 takes the instance
down); observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA622", "success-is-fault", "warning", "proven", "reverse with weight 0, which makes success a FAULT")

_WORDS = {
    "script": ("succeeds", "fails"),
    "interface": ("is up", "is down"),
    "process": ("is running", "is missing"),
    "bfd": ("is up", "is down"),
    "file": ("holds 0", "holds another value"),
}
"""What is said of a tracker that has not failed, and of one that has."""


def check(context: Context) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for instance in context.resolved.instances:
        for tracker in instance.trackers:
            if not tracker.reverse or tracker.weight.value or tracker.ignored is not None or id(tracker.where) in seen:
                continue
            seen.add(id(tracker.where))
            good, bad = _WORDS[tracker.kind]
            message = (
                f"reverse with weight 0 puts {instance.name} in FAULT while {tracker.kind} {tracker.name} {good}: "
                f"it can be master only while {tracker.name} {bad}"
            )
            yield INFO.at(tracker.where.span, message, help="remove reverse, or give a weight other than 0")


RULE = Rule(INFO, check, on=TRACKING)
