"""A small number in a tracked file can put the instance in FAULT.

## What it does
Finds tracked files whose weight is so large that a value of ten or less gives a product of -254 or less.

## Why it is bad
keepalived treats such a product as a FAULT, instead of lowering the priority to 1.

## Bad
```
track_file load {
    file "/run/load"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_file {
        load weight -60
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
track_file load {
    file "/run/load"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_file {
        load weight -6
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
process_update_track_file_status in keepalived/trackers/track_file.c (2.0.0 to 2.4.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import origin, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo(
    "KA212", "file-value-can-fault", "warning", "proven", "a value of a tracked file that causes a FAULT", folds=True
)

FAULT_AT = -254
SMALL = 10


def check(context: Context) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for instance in context.resolved.instances:
        for tracker in instance.trackers:
            if tracker.kind != "file" or tracker.ignored is not None or id(tracker.where) in seen:
                continue
            weight = -tracker.weight.value if tracker.reverse else tracker.weight.value
            if abs(weight) * SMALL < -FAULT_AT:
                continue
            seen.add(id(tracker.where))
            value = FAULT_AT // abs(weight) if weight > 0 else -(FAULT_AT // -weight)
            yield INFO.at(
                spot(tracker),
                f"the value {value} of file {tracker.name} times weight {tracker.weight.value}"
                f"{' reverse' * tracker.reverse} is {value * weight}: a product of -254 or less puts {instance.name} "
                "in FAULT",
                *origin(tracker),
                help=f"use a smaller weight, or write at {'least' if weight > 0 else 'most'} "
                f"{value + (1 if weight > 0 else -1)} into the file",
            )


RULE = Rule(INFO, check, on=("track_file",))
