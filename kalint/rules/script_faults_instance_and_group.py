"""A script or bfd tracked by an instance and its sync group, which blocks the group.

## What it does
Finds scripts and bfd_instances that an instance and its sync group both track, if the daemon counts them twice at its
start. For a script this needs weight 0; for a bfd any weight.

## Why it is bad
keepalived counts the script twice as "not yet run", but only once as "run". The group waits for the second result for
ever: no instance of it becomes master or sends an advert until a reload. The daemon says nothing.

A bfd is down at the start, and from 2.2.3 on this counts for the instance and for the group. When it comes up, it
counts only once. Without a weight one of two faults remains, and the group stays in FAULT; a negative weight remains
in the priority.

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
initialise_track_script_state and initialise_track_bfd_state in keepalived/vrrp/vrrp_track.c; measured on 2.0.20 to
2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo(
    "KA611",
    "script-faults-instance-and-group",
    "error",
    "proven",
    "a script or bfd tracked by an instance and its sync group",
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for one in instance.trackers:
            if one.origin == "instance" and one.ignored in (None, "overridden"):
                other = next((each for each in instance.trackers if _twin(each, one)), None)
                said = _said(instance, one, other) if other is not None else None
                if other is not None and said is not None:
                    yield INFO.at(
                        one.where.span,
                        f"{instance.name} and its sync group {instance.sync_group} both track {one.kind} {one.name}"
                        f"{said}",
                        Related(other.where.span, f"tracked by {instance.sync_group} here"),
                        help=f"track the {one.kind} in one of the two places only",
                    )


def _twin(group: Tracker, one: Tracker) -> bool:
    return group.key == one.key and group.origin == "sync_group" and group.ignored in (None, "overridden")


def _said(instance: Instance, one: Tracker, other: Tracker) -> str | None:
    if one.kind == "script":
        if instance.silent is None or one.weight.value or other.weight.value:
            return None
        return " without a weight: keepalived waits for its first result for ever, and the group never starts"
    if one.kind != "bfd":
        return None
    delta, faults = (one if one.ignored is None else other).lasting
    if faults > 0:
        return " without a weight: keepalived counts two faults and clears one, so the group stays in FAULT"
    return (
        f": keepalived counts it twice if it is down at the start, and {delta:+} stays in the priority"
        if delta
        else None
    )


RULE = Rule(INFO, check, on=("overridden",))
