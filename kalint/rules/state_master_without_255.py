"""`state MASTER` does not decide who is master.

## What it does
Points out `state MASTER` with a priority below 255, on releases where it has no effect on the election.

## Why it is bad
It is not necessarily a mistake. But from 2.0 on such a node starts as a backup and waits for the whole master down
interval; only the priority decides. `state MASTER` only turns nopreempt and preempt_delay off.

## Bad
```
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 110
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
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_init_state in keepalived/vrrp/vrrp_scheduler.c (2.0.10 to 2.4.3); measured on seven releases. With 1.x such a node
is master after one advert interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA304", "state-MASTER-without-255", "info", "proven", "state MASTER does not decide who is master")


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.state_master_waits:
        return
    for instance in context.resolved.instances:
        word = instance.state.word
        settings = instance.written.settings
        if word is None or word.text != "MASTER" or instance.owner:
            continue
        if instance.auth_type is not None and instance.auth_type.value == "AH":
            continue
        delay = settings.get("preempt_delay")
        if "nopreempt" in settings or (delay is not None and delay.words[-1].text.strip("0.")):
            continue
        yield INFO.at(
            word.span,
            f"state MASTER has no effect: {instance.name} starts as BACKUP and is elected by its priority of "
            f"{instance.base_priority.value}",
            help="write state BACKUP on every node, and the highest priority on the one that should be master",
        )


RULE = Rule(INFO, check, on=("state",))
