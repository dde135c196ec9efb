"""A weight that looks too small to make another node master.

## What it does
Finds instances whose weights together change the priority by less than 10, if the priority is a multiple of ten: such
priorities are mostly chosen in steps of ten or more. This is a guess, because the other node's file is not known
here.

## Why it is bad
A weight moves the addresses only if it is greater than the difference between the nodes. With priorities 150 and 100,
a failing script of weight 2 changes nothing. With equal priorities the master stays.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
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
    weight 60
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
Real clusters: of those with such a priority and such weights, none had a smaller gap than its weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, bounds, change, loss, nominal, origin, spot
from kalint.semantics.priority import clamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA208", "small-weight", "info", "heuristic", "a weight unlikely to make another node master")

STEP = 10


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        base = instance.base_priority.value
        if base % STEP or not instance.preempt.value:
            continue
        sums = bounds(instance)
        if not 0 < sums.highest - sums.lowest < STEP:
            continue
        if any(tracker.kind == "file" and tracker.ignored is None for tracker in instance.trackers):
            continue
        reach = context.reach(instance)
        thing = max(reach.things, key=lambda thing: abs(change(thing)))
        delta = change(thing)
        if not delta:
            continue
        total = nominal(reach)
        tracker = thing.trackers[0]
        yield INFO.at(
            spot(tracker),
            f"{loss(tracker)} only changes {instance.name} from {clamp(total)} to {clamp(total + delta)}: a peer takes "
            "over only if its priority lies between",
            *origin(tracker),
            help="check both nodes' files with --cluster, or use a weight above the gap between the nodes",
        )


RULE = Rule(INFO, check, on=TRACKING)
