"""Different failures give the same priority, because every sum is limited to 1..254.

## What it does
Finds instances where two reachable sums of base priority and weights are 254 or more, or 1 or less, so that both give
the same priority. Values of track files are not considered, because the file is not known here.

## Why it is bad
The weights should make these states differ. Now a node with one failure and a node with none have the same priority,
and equal priorities never move the addresses. A single weight that lowers the base priority to 1 is not reported.

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

from kalint.analysis.reach.reachable import things_of
from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, bounds, spot
from kalint.semantics.priority import HIGHEST, LOWEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.reach.reachable import Thing
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance

INFO = RuleInfo("KA204", "saturates", "warning", "proven", "different failures give the same priority 1 or 254")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        sums = bounds(instance)
        within = sums.highest - sums.step < HIGHEST and sums.lowest + sums.step > LOWEST
        if instance.owner or sums.idle or within:
            continue
        moving = [thing for thing in things_of(instance, context.resolved.profile) if _span(thing)]
        if len(moving) > 1 and all(_span(thing) <= HIGHEST for thing in moving):  # beyond: KA207
            yield from _findings(instance, moving)


def _span(thing: Thing) -> int:
    """How far a thing moves the sum; a file counts as 0, for what it holds is not known here."""
    if thing.key.startswith("file:"):
        return 0
    return abs(thing.choices[-1].delta - thing.choices[0].delta)


def _findings(instance: Instance, moving: list[Thing]) -> Iterator[Diagnostic]:
    word = instance.base_priority.word
    for end, inner, outer in _collapses(instance.base_priority.value, moving):
        yield INFO.at(
            spot(moving[0].trackers[0]) if word is None else word.span,
            f"{instance.name} has priority {end} in states with different sums ({inner} and {outer}): keepalived "
            f"limits every sum to 1..254",
            *(
                Related(spot(tracker), f"{tracker.weight.value} is part of the sum")
                for thing in moving
                for tracker in thing.trackers
            ),
            help="choose the priority and the weights so that every sum lies from 1 to 254",
        )


def _collapses(base: int, moving: list[Thing]) -> Iterator[tuple[int, int, int]]:
    """The two outermost sums at each end, where both are cut to the same priority."""
    step = min(_span(thing) for thing in moving)
    highs = [max(choice.delta for choice in thing.choices) for thing in moving]
    lows = [min(choice.delta for choice in thing.choices) for thing in moving]
    highest, lowest = base + sum(highs), base + sum(lows)
    if highest - step >= 254:
        yield 254, highest - step, highest
    if lowest + step <= 1 and not any(base + low <= 1 for low in lows):
        yield 1, lowest + step, lowest


RULE = Rule(INFO, check, on=TRACKING)
