"""A tracker that never changes anything.

## What it does
Finds trackers that never change the priority of the instance and never put it in FAULT, in any combination of states.
It also finds a tracking line that another line on the sync group replaces.

## Why it is bad
The check runs and may fail, but the node keeps its priority, and the addresses do not move.

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
vrrp_set_effective_priority in keepalived/vrrp/vrrp.c: a sum over 254 counts as 254, one under 1 as 1. Before 2.2.0
the track_process of a group is connected to no instance. Dropped trackers that other rules report (KA101, KA102,
KA106, KA107, KA203, KA604, KA613) are not repeated here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, asked, bounds, cause, loss, origin, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach.reachable import Dead, Reach
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo("KA205", "dead-tracker", "error", "proven", "a tracker without effect")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if not bounds(instance).idle and not any(_odd(tracker) for tracker in instance.trackers):
            continue
        reach = context.reach(instance)
        if not reach.reachable:
            yield from _always_fault(reach)
        for dead in reach.dead:
            found = _message(reach, dead)
            if found is not None:
                message, advice, places = found
                yield INFO.at(spot(dead.tracker), message, *places, *origin(dead.tracker), help=advice)


def _odd(tracker: Tracker) -> bool:
    """Whether a tracker can be dead though no sum is cut, or is one that the bounds do not tell of."""
    if tracker.ignored is not None:
        return tracker.ignored in ("not-connected", "overridden", "sync-group")
    return tracker.reverse or tracker.kind == "bfd"


def _always_fault(reach: Reach) -> Iterator[Diagnostic]:
    """What is tracked both ways round: each of its states is a FAULT."""
    always = {thing.key for thing in reach.things if all(choice.fault for choice in thing.choices)}
    for tracker in reach.instance.trackers:
        if tracker.key in always and tracker.reverse and tracker.ignored is None:
            yield INFO.at(
                spot(tracker),
                f"{reach.instance.name} is always in FAULT: {cause(tracker)} is a FAULT here, and every other state of "
                f"{tracker.name} is a FAULT elsewhere in the sync group",
                help="track it in one place, or without reverse in both",
            )


def _message(reach: Reach, dead: Dead) -> tuple[str, str, tuple[Related, ...]] | None:
    """What to say, what to write instead, and what makes it so."""
    if dead.reason == "saturated":
        return _saturated(reach, dead.tracker)
    if dead.reason in ("overridden", "sync-group"):
        return _overridden(reach.instance, dead.tracker)
    if dead.reason == "not-connected":
        return _not_connected(reach.instance, dead.tracker)
    return None


def _saturated(reach: Reach, tracker: Tracker) -> tuple[str, str, tuple[Related, ...]]:
    instance = reach.instance
    word = instance.base_priority.word
    ends = " or ".join(str(reached.priority) for reached in reach.reachable)
    message = (
        f"the weight {tracker.weight.value} of {tracker.name} has no effect: {instance.name} has priority {ends} "
        "with and without it, because keepalived limits every sum to 1..254"
    )
    advice = "choose the priority so that the sums with and without the weight lie from 1 to 254"
    return message, advice, () if word is None else (Related(word.span, f"priority {instance.base_priority.value}"),)


def _overridden(instance: Instance, tracker: Tracker) -> tuple[str, str, tuple[Related, ...]] | None:
    """A line of the instance in whose place that of its sync group counts, or the other way round."""
    winner = next((other for other in instance.trackers if other.key == tracker.key and other.ignored is None), None)
    if winner is None or {winner.origin, tracker.origin} != {"instance", "sync_group"}:
        return None
    if (winner.weight.value, winner.reverse) == (asked(tracker), tracker.reverse):
        return None
    groups = f"sync group {instance.sync_group}"
    loser, place = (groups, instance.name) if tracker.origin == "sync_group" else (instance.name, groups)
    message = (
        f"the weight {_written(tracker, asked(tracker))} of {tracker.name} in {loser} has no effect on "
        f"{instance.name}: {place} tracks the same thing, and its weight {_written(winner, winner.weight.value)} wins"
    )
    return message, "track it in one of the two places", (Related(winner.where.span, "the line that counts"),)


def _written(tracker: Tracker, weight: int) -> str:
    return f"{weight} reverse" if tracker.reverse else str(weight)


def _not_connected(instance: Instance, tracker: Tracker) -> tuple[str, str, tuple[Related, ...]] | None:
    """The bugs of some releases; what a group does to its members' lines sync-group-drops-weight says."""
    what = f"{tracker.kind} {tracker.name}"
    if tracker.origin == "sync_group":
        message = f"this release never connects {what} of the sync group to {instance.name}"
        advice = "track it in the instance"
    elif instance.owner and "priority" in instance.written.settings:
        message = f"this release drops {what} from {instance.name}, which has priority 255"
        advice = "write a priority of at most 254"
    else:
        return None
    return f"{message}: {loss(tracker)} changes nothing", advice, ()


RULE = Rule(
    INFO,
    check,
    on=(*TRACKING, "not-connected", "overridden", "sync-group"),
)
