"""`state MASTER` without a priority.

## What it does
Finds an instance with `state MASTER` and no `priority`, not even one for another config id (`@low priority 50`).

## Why it is bad
keepalived then makes the node the address owner, with priority 255. No weight changes it, it always takes over, and
two such nodes compete for the addresses. Releases before 1.3 used the lowest priority instead.

## Bad
```
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 150
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c (1.3.5 to 2.4.3); vrrp_update_priority in vrrp_scheduler.c (1.2.13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import asked, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA202", "implicit-owner", "error", "proven", "state MASTER without a priority")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        state = instance.written.settings.get("state")
        if state is None or "priority" in instance.written.settings or instance.state.value != "MASTER":
            continue
        if context.said_otherwise(instance.written.node, "priority"):
            continue
        if instance.owner:
            fate = "keepalived makes it 255, the address owner, whose priority no weight lowers"
        elif instance.base_priority.value:
            fate = "this release uses 100, which is no higher than the default of other nodes"
        else:
            fate = "this release starts at 100, but then computes it from 0 and advertises 1"
        dead = [tracker for tracker in instance.trackers if instance.owner and tracker.ignored in (None, "owner")]
        yield INFO.at(
            state.words[1].span,
            f"{instance.name} has state MASTER and no priority: {fate}",
            *(Related(spot(tracker), "this weight never counts") for tracker in dead if asked(tracker)),
            help="write state BACKUP, and a priority from 1 to 254 that is higher than on the other nodes",
        )


RULE = Rule(INFO, check, on=("state",))
