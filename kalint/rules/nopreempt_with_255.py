"""nopreempt on an instance of priority 255.

## What it does
Finds nopreempt on an instance with priority 255 (the address owner).

## Why it is bad
keepalived clears nopreempt: an owner always takes its addresses back.

## Bad
```
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    interface eth0
    virtual_router_id 51
    priority 255
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    interface eth0
    virtual_router_id 51
    priority 254
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c (1.3.5 to 2.4.3); RFC 5798, section 6.1 (Preempt_Mode).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA303", "nopreempt-with-255", "error", "proven", "nopreempt on an instance of priority 255")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        settings = instance.written.settings
        node = settings.get("nopreempt")
        priority = instance.base_priority.word
        if node is None or priority is None or not instance.owner:
            continue
        if "priority" not in settings or "preempt" in settings:
            continue
        if instance.preempt.value:
            fate = "keepalived clears nopreempt, so the node always takes the addresses back"
        else:
            fate = "it becomes master at start even with nopreempt"
        yield INFO.at(
            node.words[0].span,
            f"{instance.name} has nopreempt and priority 255, the address owner: {fate}",
            Related(priority.span, "priority 255"),
            help="write a priority of at most 254, or remove nopreempt",
        )


RULE = Rule(INFO, check, on=("nopreempt",))
