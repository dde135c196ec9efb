"""A tracker with weight 0, whose failure is a FAULT.

## What it does
Points out scripts, files, processes and BFD sessions that are tracked with weight 0. Interfaces are not reported,
because everybody expects a FAULT there. Instances whose weights would not count are not reported either: owners
(priority 255), instances with nopreempt, and members of a sync group that drops weights.

## Why it is bad
It is not necessarily a mistake. But 0 does not mean "no effect": when the check fails, the node goes to FAULT and
gives up its addresses, even if no other node can take them. If the check fails on all nodes, there is no master.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
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
    weight -20
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

## Source
vrrp_script_up, vrrp_script_down in keepalived/vrrp/vrrp_track.c; the default weight of a script is 0 in every
release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, Bounds, asked, bounds, cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo("KA211", "weight-zero-faults", "info", "proven", "a tracker with weight 0, whose failure is a FAULT")


def check(context: Context) -> Iterator[Diagnostic]:
    own = {script.name for script in context.resolved.scripts if script.weight.value}
    documented = context.resolved.profile.documented_script_weight
    groups = {group.name: group.tracking_weight for group in context.resolved.sync_groups}
    seen: set[int] = set()
    for instance in context.resolved.instances:
        if instance.silent is not None or not _weight_counts(instance, groups):
            continue
        sums: Bounds | None = None
        for tracker in instance.trackers:
            if tracker.kind == "interface" or tracker.ignored is not None or tracker.weight.value or asked(tracker):
                continue
            if tracker.reverse or tracker.lasting[1] > 0:  # KA622; KA611
                continue
            if id(tracker.where) in seen or _said_elsewhere(tracker, own, documented):
                continue
            seen.add(id(tracker.where))
            word = tracker.weight.word
            if word is not None and word.text.strip("+-0"):
                continue
            sums = sums or bounds(instance)
            yield INFO.at(
                tracker.where.span,
                f"{tracker.kind} {tracker.name} has weight 0: {cause(tracker)} puts {instance.name} in FAULT, "
                "even if no other node can take over",
                *(() if word is None else (Related(word.span, "the weight 0"),)),
                help=_advice(sums, tracker),
            )


def _weight_counts(instance: Instance, groups: dict[str, bool]) -> bool:
    """Whether a weight would have an effect: not for an owner, under nopreempt, or in a group that drops weights."""
    grouped = instance.sync_group is not None and not groups.get(instance.sync_group, True)
    return instance.preempt.value and not instance.owner and not grouped


def _advice(sums: Bounds, tracker: Tracker) -> str:
    """A weight that leaves every sum within 1 to 254."""
    if tracker.kind == "file":
        return f"give {tracker.name} a weight if the value should change the priority instead"
    weight = -20 if sums.lowest > 20 else 20 if sums.highest <= 234 else 0
    if not weight:
        return "choose a priority and weights whose sums lie from 1 to 254 if the node should stay master"
    return f"give {tracker.name} a weight, such as {weight}, if the node should stay master when no other is better"


def _said_elsewhere(tracker: Tracker, own: set[str], documented: int) -> bool:
    """Whether weight-zero-override or default-weight-differs-by-release has this tracker."""
    if tracker.kind != "script":
        return False
    return tracker.name in own or (bool(documented) and tracker.weight.word is None)


RULE = Rule(INFO, check, on=TRACKING)
