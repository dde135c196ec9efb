"""Different failures end at the same priority, because it is cut at 1 or 254.

## What it does
Finds instances where two reachable sums of base priority and weights lie at or beyond 254, or at or below 1, so
that keepalived advertises the same priority for both. Values of track files are left out: what they hold is not known
here.

## Why it is bad
The weights were meant to tell these states apart. A node with one failure and a node with none then tie, and a tie
never moves the addresses. A weight that takes the base priority down to 1 all alone is taken as meant so.

## Bad
```
vrrp_script web {
    script "/usr/local/bin/web"
    weight 40
}
vrrp_script db {
    script "/usr/local/bin/db"
    weight 40
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 215
    track_script {
        web
        db
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script web {
    script "/usr/local/bin/web"
    weight 40
}
vrrp_script db {
    script "/usr/local/bin/db"
    weight 40
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    track_script {
        web
        db
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_set_effective_priority in keepalived/vrrp/vrrp.c: the sum is cut once, to 1..254.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.tracking import spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach import Reach, Thing
    from kalint.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA204", "saturates", "warning", "proven", "different failures end at the same priority 1 or 254")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if instance.owner or len(instance.trackers) < 2:
            continue
        reach = context.reach(instance)
        if any(dead.reason == "saturated" for dead in reach.dead):
            continue
        moving = [thing for thing in reach.things if _moves(thing)]
        if len(moving) < 2:
            continue
        word = instance.base_priority.word
        span = spot(moving[0].trackers[0]) if word is None else word.span
        for message in _collapses(reach, moving):
            yield INFO.at(
                span,
                message,
                *(Related(spot(thing.trackers[0]), f"part of the sum: {thing.key}") for thing in moving),
                help="choose the priority and the weights so that every sum stays from 1 to 254",
            )


def _moves(thing: Thing) -> bool:
    return not thing.key.startswith("file:") and thing.choices[0].delta != thing.choices[-1].delta


def _collapses(reach: Reach, moving: list[Thing]) -> Iterator[str]:
    """The two outermost sums at each end, where both are cut to the same priority."""
    name = reach.instance.name
    base = reach.instance.base_priority.value
    deltas = [(thing.choices[0].delta, thing.choices[-1].delta) for thing in moving]
    highest = base + sum(max(pair) for pair in deltas)
    lowest = base + sum(min(pair) for pair in deltas)
    step = min(abs(good - bad) for good, bad in deltas)
    if highest - step >= 254:
        yield f"{name} has 254 for the sums {highest - step} and {highest} alike, so keepalived cannot tell them apart"
    if lowest + step <= 1 and not any(base + min(pair) <= 1 for pair in deltas):
        yield f"{name} has 1 for the sums {lowest + step} and {lowest} alike, so keepalived cannot tell them apart"


RULE = Rule(INFO, check)
