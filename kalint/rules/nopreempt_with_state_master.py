"""nopreempt together with `state MASTER`.

## What it does
Finds instances with both.

## Why it is bad
From 2.0 on keepalived then clears nopreempt: the node takes the addresses back when it returns, which nopreempt
should prevent. Releases 1.x keep nopreempt, but the node becomes master at the start nevertheless.

## Bad
```
vrrp_instance VI_1 {
    state MASTER
    nopreempt
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
    nopreempt
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c (1.3.5 warns, 2.0.10 to 2.4.3 clear); vrrp_init_state in
vrrp_scheduler.c (1.2.13, 1.3.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.mending import own_line, replaced
from kalint.rules.support.tracking import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.fix import Fix
    from kalint.model.config import Settings
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance
    from kalint.source import Span

INFO = RuleInfo("KA301", "nopreempt-with-state-MASTER", "error", "proven", "nopreempt and state MASTER")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        settings = instance.written.settings
        node = settings.get("nopreempt")
        if node is None or instance.state.value != "MASTER" or "state" not in settings or "preempt" in settings:
            continue
        if instance.owner and "priority" in settings:
            continue
        if instance.preempt.value:
            fate = "keepalived clears nopreempt, so the node takes over from a lower master"
        else:
            fate = "it becomes master at start even with nopreempt"
        related = [Related(settings["state"].span, "state MASTER")]
        if "preempt_delay" in settings and not instance.preempt_delay.value:
            related.append(Related(settings["preempt_delay"].span, "cleared too"))
        yield INFO.at(
            node.words[0].span,
            f"{instance.name} has nopreempt and state MASTER: {fate}",
            *related,
            help=_advice(instance),
            fix=None if _weighs(instance) or "preempt_delay" in settings else _fix(context, settings),
        )


def _weighs(instance: Instance) -> bool:
    """Whether a weight counts, which nopreempt would leave without effect."""
    return any(tracker.ignored is None and asked(tracker) for tracker in instance.trackers)


def _advice(instance: Instance) -> str:
    """What to do with all that does not go together with an effective nopreempt."""
    if _weighs(instance):
        return "write state BACKUP and remove nopreempt: with it, the weights would have no effect"
    if "preempt_delay" in instance.written.settings:
        return "write state BACKUP and remove preempt_delay, which nopreempt leaves without effect"
    return "write state BACKUP on every node that has nopreempt; the priority decides who starts as master"


def _fix(context: Context, settings: Settings) -> Fix | None:
    """Write BACKUP; not where nopreempt is for one node alone, or for one of those that share an included file.

    Nor without a priority: then the state MASTER is what makes the instance the owner, with 255.
    """
    state, nopreempt = settings["state"].words[1].span, settings["nopreempt"].words[0].span
    if "priority" not in settings or state.file != nopreempt.file or _node(context, state) != _node(context, nopreempt):
        return None
    return replaced(context, state, "MASTER", "BACKUP", "write state BACKUP", alters=True)


def _node(context: Context, span: Span) -> str:
    """The `@id` that a line begins with, or ""."""
    line = own_line(context, span) or ""
    return line.split()[0] if line.lstrip().startswith("@") else ""


RULE = Rule(INFO, check, on=("nopreempt",))
