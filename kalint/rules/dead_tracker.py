"""A tracker that never changes anything.

## What it does
Finds trackers of which no state, whatever the state of all the others, changes the priority of the instance or
faults it.

## Why it is bad
The check runs and may fail for ever: the node keeps its priority, and the addresses stay where they are.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight 20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 254
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
    weight 20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 230
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_set_effective_priority in keepalived/vrrp/vrrp.c: a sum over 254 counts as 254, one under 1 as 1. Before 2.2.0 the
track_process of a group is connected to no instance. What other rules say of a dropped tracker (KA101, KA102, KA106,
KA107, KA203, KA604, KA613) this one does not repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.tracking import bounds, cause, loss, origin, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach import Dead, Reach
    from kalint.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo("KA205", "dead-tracker", "error", "proven", "a tracker that never changes anything")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if not bounds(instance).idle and not any(_odd(tracker) for tracker in instance.trackers):
            continue
        reach = context.reach(instance)
        if not reach.reachable:
            yield from _always_fault(reach)
        for dead in reach.dead:
            message = _message(reach, dead)
            if message is not None:
                yield INFO.at(spot(dead.tracker), message[0], *_priority(instance, dead), help=message[1])


def _odd(tracker: Tracker) -> bool:
    """Whether a tracker can be dead though no sum is cut, or is one that the bounds do not tell of."""
    return tracker.reverse or tracker.ignored == "not-connected" or (tracker.kind == "bfd" and tracker.ignored is None)


def _always_fault(reach: Reach) -> Iterator[Diagnostic]:
    """What is tracked both ways round: each of its states is a FAULT."""
    always = {thing.key for thing in reach.things if all(choice.fault for choice in thing.choices)}
    for tracker in reach.instance.trackers:
        if tracker.key in always and tracker.reverse and tracker.ignored is None:
            yield INFO.at(
                spot(tracker),
                f"{reach.instance.name} is in FAULT whatever {tracker.name} does: {cause(tracker)} is a FAULT here, "
                "and any other state of it elsewhere in the sync group",
                help="track it in one place, or the same way round in both",
            )


def _priority(instance: Instance, dead: Dead) -> tuple[Related, ...]:
    """What leaves no room for the weight, and where the weight stands."""
    word = instance.base_priority.word
    if word is None or dead.reason != "saturated":
        return origin(dead.tracker)
    return (Related(word.span, f"priority {instance.base_priority.value}"), *origin(dead.tracker))


def _message(reach: Reach, dead: Dead) -> tuple[str, str] | None:
    """What to say, and what to write instead."""
    instance, tracker = reach.instance, dead.tracker
    if dead.reason == "saturated":
        ends = " or ".join(str(reached.priority) for reached in reach.reachable)
        message = (
            f"the weight {tracker.weight.value} of {tracker.name} changes nothing: {instance.name} has priority {ends} "
            "with it and without it, for keepalived cuts every sum to 1..254"
        )
        return message, "choose the priority so that the sums with and without the weight lie from 1 to 254"
    if dead.reason == "not-connected":
        if tracker.origin == "sync_group":
            return (
                f"this release never connects {tracker.kind} {tracker.name} of the sync group to {instance.name}: "
                f"{loss(tracker)} changes nothing"
            ), "track it in the instance"
        if instance.owner:
            return (
                f"this release drops {tracker.kind} {tracker.name} from {instance.name}, which has priority 255: "
                f"{loss(tracker)} changes nothing"
            ), "write a priority of at most 254"
    return None


RULE = Rule(INFO, check)
