"""A tracker that never changes anything.

## What it does
Finds trackers of which no state, whatever the state of all the others, changes the priority of the instance or
faults it.

## Why it is bad
The check runs and may fail for ever: the node keeps its priority, and the addresses stay where they are.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight 20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 254
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight 20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 230
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_set_effective_priority in keepalived/vrrp/vrrp.c: a sum over 254 counts as 254, one under 1 as 1. Before 2.2.0 the
track_process of a group is connected to no instance. What other rules say of a dropped tracker (KA101, KA102, KA106,
KA107, KA203, KA604, KA613) this one does not repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.tracking import loss, origin, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach import Dead
    from kalint.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance

INFO = RuleInfo("KA205", "dead-tracker", "error", "proven", "a tracker that never changes anything")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if not instance.trackers:
            continue
        for dead in context.reach(instance).dead:
            message = _message(instance, dead)
            if message is not None:
                yield INFO.at(spot(dead.tracker), message[0], *origin(dead.tracker), help=message[1])


def _message(instance: Instance, dead: Dead) -> tuple[str, str] | None:
    tracker = dead.tracker
    if dead.reason == "saturated":
        base = instance.base_priority.value
        weight = tracker.weight.value
        end = 254 if base > 127 else 1
        room = 254 - abs(weight) if end == 254 else 1 + abs(weight)
        message = (
            f"the weight {weight} of {tracker.name} changes nothing: {instance.name} has priority {end} with it and "
            f"without it, for keepalived cuts every sum to 1..254"
        )
        return message, f"with this weight, write a priority of {'at most' if end == 254 else 'at least'} {room}"
    if dead.reason == "fault" and tracker.weight.value == 0:
        message = f"{instance.name} is in FAULT whatever {tracker.name} does: it is tracked the other way round too"
        return message, "track it in one place, with reverse or without"
    if dead.reason == "not-connected":
        if tracker.origin == "sync_group":
            return (
                f"this release never connects {tracker.kind} {tracker.name} of the sync group to {instance.name}: "
                f"{loss(tracker)} changes nothing"
            ), "track it in the instance"
        if instance.owner:
            return (
                f"this release drops {tracker.kind} {tracker.name} from {instance.name}, which has priority 255: "
                f"{loss(tracker)} changes nothing"
            ), "write a priority of at most 254"
    return None


RULE = Rule(INFO, check)
