"""A sync group drops the weights of its members.

## What it does
Finds instances with weighted trackers in a sync group without sync_group_tracking_weight. It says what happens to
each weight: it is dropped, or it becomes a FAULT.

## Why it is bad
All members of a group must have one state, so keepalived ignores a weight that would lower only one of them. The
check may fail, but the priority stays and the addresses never move.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
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
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    priority 110
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
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
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    priority 110
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c (2.x; 2.1.x drops trackers without a weight too), vrrp_init_state in
vrrp_scheduler.c (1.x, where an interface's weight becomes 0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import asked, cause, loss, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo(
    "KA604", "sync-group-drops-weight", "error", "proven", "a sync group that ignores the weights of its members"
)

DROPPED = ("sync-group", "not-connected")


def check(context: Context) -> Iterator[Diagnostic]:
    profile = context.resolved.profile
    if not context.resolved.sync_groups:
        return
    hit: dict[str, list[tuple[Instance, Tracker]]] = {}
    for instance in context.resolved.instances:
        if instance.sync_group is None or instance.owner:
            continue
        groups = {tracker.key for tracker in instance.trackers if tracker.origin == "sync_group"}
        for tracker in instance.trackers:
            if tracker.origin != "instance" or tracker.key in groups:
                continue
            if tracker.ignored in DROPPED or _zeroed(tracker):
                hit.setdefault(instance.sync_group, []).append((instance, tracker))
    for group in context.resolved.sync_groups:
        name = group.written.name
        if group.tracking_weight or name is None or group.name not in hit:
            continue
        found = hit[group.name]
        notes = [Related(spot(tracker), _fate(instance, tracker)) for instance, tracker in found]
        yield INFO.at(
            name.span,
            f"sync group {group.name} ignores {_lost(found)}",
            *notes,
            help=_remedy(found, max(profile.group_keywords), bool(profile.group_kinds)),
        )


def _lost(found: list[tuple[Instance, Tracker]]) -> str:
    """What the group ignores, and what comes of it."""
    faults = " or ".join(dict.fromkeys(cause(tracker) for _, tracker in found if tracker.ignored is None))
    dropped = [(instance, tracker) for instance, tracker in found if tracker.ignored is not None]
    things = ", ".join(dict.fromkeys(f"{tracker.kind} {tracker.name}" for _, tracker in dropped))
    names = ", ".join(dict.fromkeys(instance.name for instance, _ in dropped))
    no = f"{things} change{'' if ',' in things else 's'} no priority"
    if faults:
        return f"weights: {faults} puts the group in FAULT" + (f", and {no}" if dropped else "")
    if any(asked(tracker) for _, tracker in dropped):
        return f"the weight of {things} on {names}: a failure changes no priority"
    return f"{things} on {names}: {'they have' if ',' in things else 'it has'} no effect"


def _remedy(found: list[tuple[Instance, Tracker]], keyword: str, of_group: bool) -> str:
    if any(asked(tracker) and not instance.preempt.value for instance, tracker in found):
        return "remove the weights, so that a failure puts the group in FAULT; weights have no effect with nopreempt"
    return f"write {keyword} in the group" + (", or track it in the group itself" if of_group else "")


def _zeroed(tracker: Tracker) -> bool:
    """Whether the group has turned the tracker's weight into 0."""
    if tracker.ignored is not None or tracker.weight.value or tracker.kind not in ("interface", "file"):
        return False
    return 0 < abs(asked(tracker)) <= 254


def _fate(instance: Instance, tracker: Tracker) -> str:
    if tracker.ignored is None:
        return f"weight {asked(tracker)} becomes 0: {cause(tracker)} is a FAULT of {instance.name} and of the group"
    if asked(tracker):
        return f"keepalived drops the weight {asked(tracker)}: {loss(tracker)} leaves {instance.name} as it is"
    return f"this release drops it, though it has no weight: {loss(tracker)} is not a FAULT"


RULE = Rule(INFO, check, on=("vrrp_sync_group",))
