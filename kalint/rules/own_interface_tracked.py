"""track_interface names the instance's own interface.

## What it does
Finds the interface of an instance in its own track_interface block, on releases that ignore the line.

## Why it is bad
keepalived watches the interface of an instance anyway, and a link failure is a FAULT. A weight on it never counts:
the node goes to FAULT instead of lowering its priority. With dont_track_primary nothing watches the interface, with
or without this line.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth0 weight -20
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth1 weight -20
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance in keepalived/vrrp/vrrp.c (2.0.10 to 2.4.3); releases 1.x count the weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker
    from kalint.source import Span

INFO = RuleInfo(
    "KA107", "own-interface-tracked", "warning", "proven", "an instance tracks its own interface", folds=True
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for tracker in instance.trackers:
            if tracker.ignored == "own-interface":
                fate = _fate(instance, tracker)
            elif _of_group(instance, tracker):
                weight = f"the weight {asked(tracker)} of sync group {instance.sync_group}"
                fate = f"{weight} has no effect, because {tracker.name} going down is a FAULT anyway"
            else:
                continue
            word = instance.interface.word
            yield INFO.at(
                _place(instance, tracker),
                f"{tracker.name} is the interface of {instance.name}: {fate}",
                *(() if word is None else (Related(word.span, f"the interface of {instance.name}"),)),
                help="remove the line; to use a weight, track another interface or a script",
            )


def _place(instance: Instance, tracker: Tracker) -> Span:
    """The line to remove: where the name is only used by it (`$IF`), the use."""
    span = tracker.where.span
    return span if span.via is None or span.via == instance.written.node.words[0].span.via else span.via


def _fate(instance: Instance, tracker: Tracker) -> str:
    """What keepalived makes of the instance's own line."""
    ignored = f"keepalived ignores this line{f' and its weight {asked(tracker)}' if asked(tracker) else ''}"
    if any(other.origin == "own_interface" for other in instance.trackers):
        return f"{ignored}, because {tracker.name} going down is a FAULT anyway"
    return f"{ignored}, and with dont_track_primary it does not watch {tracker.name}"


def _of_group(instance: Instance, tracker: Tracker) -> bool:
    """Whether it is a line of the sync group with a weight, which the own interface's FAULT overrides."""
    if tracker.origin != "sync_group" or tracker.ignored != "overridden" or tracker.kind != "interface":
        return False
    if tracker.name != instance.interface.value or not asked(tracker):
        return False
    return any(other.origin == "own_interface" for other in instance.trackers)


RULE = Rule(INFO, check, on=("own-interface", "overridden"))
