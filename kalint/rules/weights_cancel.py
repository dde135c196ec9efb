"""Two failures whose weights cancel each other.

## What it does
Finds two trackers where the failure of one raises the priority and the failure of the other lowers it by the same
amount. Files are not considered, because their values are not known here.

## Why it is bad
If both fail, the node has the priority of a healthy node and stays master.

## Bad
```
vrrp_script backup_running {
    script "/usr/local/bin/backup_running"
    weight 20 reverse
}
vrrp_script web {
    script "/usr/local/bin/web"
    weight 20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        backup_running
        web
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script backup_running {
    script "/usr/local/bin/backup_running"
    weight 20 reverse
}
vrrp_script web {
    script "/usr/local/bin/web"
    weight 50
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        backup_running
        web
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
Weights are summed: vrrp_set_effective_priority in keepalived/vrrp/vrrp.c. `reverse` is there since 2.0.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, change, loss, nominal, spot
from kalint.semantics.priority import clamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach.reachable import Thing
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA206", "weights-cancel", "warning", "proven", "two failures whose weights cancel")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if instance.owner or not any(tracker.reverse for tracker in instance.trackers):
            continue
        reach = context.reach(instance)
        dead = {entry.tracker.key for entry in reach.dead}
        before: dict[int, Thing] = {}
        for thing in reach.things:
            delta = 0 if thing.key in dead else change(thing)
            if not delta:
                continue
            other = before.get(-delta)
            if other is None:
                before.setdefault(delta, thing)
                continue
            tracker, partner = thing.trackers[0], other.trackers[0]
            yield INFO.at(
                spot(tracker),
                f"{loss(partner)} and {loss(tracker)} cancel each other: {instance.name} has priority "
                f"{clamp(nominal(reach))} with both working and with both failed ({-delta:+d} and {delta:+d})",
                Related(spot(partner), f"{loss(partner)} adds {-delta:+d}"),
                help="give them different weights",
            )


RULE = Rule(INFO, check, on=TRACKING)
