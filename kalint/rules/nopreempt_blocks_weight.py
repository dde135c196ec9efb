"""nopreempt makes weights useless.

## What it does
Finds instances that have nopreempt in effect and trackers that change their priority.

## Why it is bad
A node with nopreempt never takes over from a running master, however low the priority of that master is. With the
same configuration on every node, a failing check lowers the master's priority, and the master stays; keepalived says
nothing. A FAULT does move the addresses, because a node in FAULT sends no adverts.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
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
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
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
vrrp_state_backup in keepalived/vrrp/vrrp.c: with nopreempt, an advert of any priority restarts the master down timer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import asked, change, loss, nominal, spot
from kalint.semantics.priority import clamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach.reachable import Reach
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo("KA210", "nopreempt-blocks-weight", "error", "proven", "weights that nopreempt makes useless")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        node = instance.written.settings.get("nopreempt")
        if node is None or instance.preempt.value or instance.owner:
            continue
        if all(tracker.ignored is not None or not asked(tracker) for tracker in instance.trackers):
            continue
        reach = context.reach(instance)
        effects = list(_effects(reach)) if len(reach.reachable) > 1 else []
        if not effects:
            continue
        yield INFO.at(
            node.words[0].span,
            f"{effects[0][1]}, but a peer with nopreempt never takes over from a running master",
            *(Related(spot(tracker), effect) for tracker, effect in effects),
            help="remove nopreempt, or remove the weights so that a failure puts the node in FAULT",
        )


def _effects(reach: Reach) -> Iterator[tuple[Tracker, str]]:
    """What each weight does to the priority."""
    total, name = nominal(reach), reach.instance.name
    for thing in reach.things:
        tracker = next((tracker for tracker in thing.trackers if tracker.weight.value), None)
        if tracker is None:
            continue
        delta = change(thing)
        if clamp(total + delta) != clamp(total):
            verb = "lowers" if delta < 0 else "raises"
            yield tracker, f"{loss(tracker)} {verb} {name} from {clamp(total)} to {clamp(total + delta)}"
        elif tracker.kind == "file":
            low, high = reach.reachable[0].priority, reach.reachable[-1].priority
            yield tracker, f"{loss(tracker)} moves {name} between {low} and {high}"


RULE = Rule(INFO, check, on=("nopreempt",))
