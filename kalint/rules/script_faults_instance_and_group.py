"""A script of weight 0 on an instance and on its sync group silences the group.

## What it does
Finds scripts that an instance and its sync group both track without a weight.

## Why it is bad
keepalived counts the script twice as not yet run, and only once as run. The group waits for it for ever: none of its
instances ever becomes master or sends an advert, until a reload. The daemon says nothing.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
}
vrrp_sync_group G {
    group {
        VI_1
    }
    track_script {
        chk
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
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
}
vrrp_sync_group G {
    group {
        VI_1
    }
    track_script {
        chk
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
initialise_track_script_state in keepalived/vrrp/vrrp_track.c; measured on 2.0.20 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo(
    "KA611", "script-faults-instance-and-group", "error", "proven", "a script on instance and group silences both"
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if instance.silent is None:
            continue
        group = {tracker.name: tracker for tracker in instance.trackers if _faults(tracker, "sync_group")}
        for tracker in instance.trackers:
            if tracker.ignored is not None or not _faults(tracker, "instance") or tracker.name not in group:
                continue
            yield INFO.at(
                tracker.where.span,
                f"{instance.name} and its sync group {instance.sync_group} both track script {tracker.name} without a "
                "weight: keepalived waits for its first result for ever, and the whole group stays silent",
                Related(group[tracker.name].where.span, f"tracked by {instance.sync_group} here"),
                help="track the script in one of the two places only",
            )


def _faults(tracker: Tracker, origin: str) -> bool:
    return tracker.kind == "script" and tracker.origin == origin and not tracker.weight.value


RULE = Rule(INFO, check, on=TRACKING)
