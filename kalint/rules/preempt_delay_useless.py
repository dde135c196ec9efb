"""A preempt_delay without effect.

## What it does
Finds preempt_delay where `state MASTER`, nopreempt, vrrp_strict or priority 255 makes keepalived drop or ignore it.

## Why it is bad
The file says that the node waits before it takes over. In fact it takes over at once when it returns, before it is
ready, or it never takes over.

## Bad
```
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 110
    preempt_delay 60
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
    preempt_delay 60
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c (1.3.5 to 2.4.3). Releases 1.x use a delay with `state MASTER`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.model.config import Settings
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA302", "preempt-delay-useless", "warning", "proven", "a preempt_delay without effect")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        node = instance.written.settings.get("preempt_delay")
        if node is None or len(node.words) < 2 or not _positive(node.words[1].text):
            continue
        found = _reason(instance, context.resolved.config.global_settings)
        if found is None:
            continue
        why, place, advice = found
        yield INFO.at(
            node.words[1].span,
            f"preempt_delay {node.words[1].text} of {instance.name} has no effect: {why}",
            *(() if place is None else (Related(place.span, place.keyword),)),
            help=advice,
        )


def _positive(text: str) -> bool:
    return any(digit in "123456789" for digit in text) and not text.startswith("-")


def _reason(instance: Instance, everywhere: Settings) -> tuple[str, Node | None, str] | None:
    """Why the delay does nothing, the statement that makes it so, and what to do."""
    settings = instance.written.settings
    dropped = not instance.preempt_delay.value
    nopreempt = settings.get("nopreempt")
    if dropped and instance.state.value == "MASTER":
        if nopreempt is not None and not instance.owner:
            return None
        if "state" in settings:
            return "keepalived clears it with state MASTER", settings["state"], "write state BACKUP"
        advice = "write a priority of at most 254, or remove the delay"
        return "priority 255 is master at once", settings.get("priority"), advice
    if nopreempt is not None and not instance.preempt.value:
        return "with nopreempt the node never preempts", nopreempt, "remove one of the two"
    if dropped and instance.strict:
        place = settings.get("strict_mode") or everywhere.get("vrrp_strict")
        return "keepalived clears it in strict mode", place, "remove one of the two"
    return None


RULE = Rule(INFO, check, on=("preempt_delay",))
