"""Members of a sync group with different priorities.

## What it does
Finds sync groups whose members do not have the same base priority.

## Why it is bad
A sync group is master or backup as a whole, but each member has its own election. If the priority of the other node
lies between those of the members, the group wins one election and loses another. The group then changes back and
forth.

An owner (priority 255) becomes master at once, but in a sync group it waits until the other members have won their
elections. With the owner first in the group, keepalived reports that this does not work. This is an error.

## Bad
```
vrrp_sync_group both {
    group {
        VI_1
        VI_2
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 18
    priority 90
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Good
```
vrrp_sync_group both {
    group {
        VI_1
        VI_2
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 18
    priority 100
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Source
vrrp/vrrp_sync.c of keepalived 2.2.7 (vrrp_sync_master, vrrp_sync_backup); vrrp/vrrp.c (the owner's message);
observed.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo(
    "KA609", "group-members-differ-in-priority", "warning", "proven", "sync group members with different priorities"
)

OWNER = 255


def check(context: Context) -> Iterator[Diagnostic]:
    instances = {instance.name: instance for instance in context.resolved.instances}
    for group in context.resolved.sync_groups:
        members = [instances[name] for name in group.members if name in instances]
        priorities = dict.fromkeys(member.base_priority.value for member in members)
        if len(priorities) < 2 or any(context.for_others(member.written.node, "priority") for member in members):
            continue
        values = ", ".join(f"{member.name} {member.base_priority.value}" for member in members)
        related = [
            Related((member.base_priority.word or member.written.node.words[0]).span, f"priority of {member.name}")
            for member in members
        ]
        place = group.written.node.words[-1].span
        if OWNER in priorities:
            message = (
                f"sync group {group.name} mixes an address owner (priority 255) with other priorities ({values}): "
                "the owner waits for the other members"
            )
            yield INFO.at(place, message, *related, help="give all members one priority")._replace(severity="error")
            continue
        message = (
            f"sync group {group.name} has members of different priorities ({values}): a peer whose priority lies "
            "between them becomes master of only one"
        )
        yield INFO.at(place, message, *related, help="give all members one priority")


RULE = Rule(INFO, check, on=("vrrp_sync_group",))
