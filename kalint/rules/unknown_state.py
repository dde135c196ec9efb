"""A state that keepalived does not know.

## What it does
Finds a `state` other than MASTER and BACKUP, which must be written in capitals (KA014
reports an undefined `$NAME`).

## Why it is bad
keepalived reports it and uses BACKUP, even if an earlier line says MASTER.

## Bad
```
vrrp_instance VI_1 {
    state SLAVE
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
vrrp_state_handler in keepalived/vrrp/vrrp_parser.c (1.3.5 to 2.4.3; 1.2.13 uses BACKUP and says nothing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA305", "unknown-state", "error", "proven", "a state other than MASTER and BACKUP")

STATES = ("MASTER", "BACKUP")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        node = instance.written.settings.get("state")
        if node is None or len(node.words) < 2 or node.words[1].text in STATES:
            continue
        text = node.words[1].text
        if "$" in text:
            continue
        meant = text.upper() if text.upper() in STATES else "BACKUP"
        yield INFO.at(
            node.words[1].span,
            f"'{text}' is not a state (MASTER or BACKUP): keepalived uses BACKUP for {instance.name}",
            help=f"write state {meant}",
        )


RULE = Rule(INFO, check, on=("state",))
