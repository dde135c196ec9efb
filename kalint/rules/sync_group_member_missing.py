"""A sync group of instances that do not exist.

## What it does
Finds names in the `group` block of a vrrp_sync_group without a vrrp_instance, and sync groups without any member.

## Why it is bad
keepalived reports it and continues without the member: the instance that was meant changes its state independently. A
group without members is removed.

## Bad
```
vrrp_sync_group G {
    group {
        VI_1
        VI2
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Good
```
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Source
vrrp/vrrp_sync.c of keepalived 2.2.7 (vrrp_sync_set_group).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.members import bare
from kalint.rules.support.nearest import Nearest

INFO = RuleInfo("KA104", "sync-group-member-missing", "error", "proven", "a member of a sync group that does not exist")


def check(context: Context) -> Iterator[Diagnostic]:
    names = [instance.name for instance in context.resolved.instances]
    known = frozenset({*names, *context.misspelt_blocks("vrrp_instance")})
    taken = {member.text for group in context.resolved.config.sync_groups for member in group.members}
    nearest = Nearest([name for name in names if name not in taken])
    for group in context.resolved.config.sync_groups:
        if group.name is None:
            continue
        if not group.members and context.said_otherwise(group.node, "group"):
            continue
        if not group.members:
            named = bare(group, known)
            message = f"sync group {group.name.text} has no members: keepalived removes it"
            braces = named and f"write 'group {{' before {named[0].text}, and '}}' after {named[-1].text}"
            advice = braces or "add the instances that must fail over together, or remove it"
            yield INFO.at(group.name.span, message, help=advice)
        for member in group.members:
            if member.text not in known:
                message = (
                    f"there is no vrrp_instance {member.text}: keepalived leaves it out of sync group {group.name.text}"
                )
                yield INFO.at(member.span, message, help=_advice(member.text, nearest))


def _advice(name: str, nearest: Nearest) -> str:
    """The instance that was probably meant, of those that are in no group yet: an instance can be in one."""
    close = nearest.to(name)
    return f"did you mean '{close}'?" if close else "remove it, or add the vrrp_instance"


RULE = Rule(INFO, check, on=("vrrp_sync_group",))
