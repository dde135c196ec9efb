"""A node advertises a priority that its file cannot reach.

## What it does
Compares each priority with all priorities that the file can reach. Known states (`--state`, `--state-from`, the
interfaces of this host) reduce these.

## Why it is bad
The daemon runs another file, or a known state is wrong. What kalint predicts from this file about masters and
failures is then not valid.

## Bad
```
vrrp_script chk {
    script "/usr/bin/true"
    weight 20
}

vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    mcast_src_ip 10.0.0.1
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-5.0 10.0.0.1 priority 130
```

## Good
With the same file:
```
0.0-3.0 10.0.0.1 priority 120
4.0-9.0 10.0.0.1 priority 100
```

## Source
vrrp_track.c (vrrp_set_effective_priority) of keepalived 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.probe.explain import in_words
from kalint.rules.live import LiveRule
from kalint.rules.live.places import place, seconds
from kalint.rules.rule import RuleInfo
from kalint.semantics.priority import HIGHEST
from kalint.semantics.states import is_good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.expected import Expected
    from kalint.probe.explain import Explained
    from kalint.probe.view import ComparedSource

INFO = RuleInfo("KA903", "priority-not-predicted", "error", "proven", "a priority that the node's file cannot reach")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for view in comparison.views:
        for compared in view.compared_sources:
            for explained in compared.priorities:
                if not explained.predicted and compared.expected is not None:
                    run = compared.source.priorities[explained.priority]
                    yield INFO.at(
                        place(compared.expected, "priority"),
                        f"{view.key}: {compared.name} advertises {explained.priority} (from {seconds(run.first)}, "
                        f"{run.adverts} times): {_why(explained)}",
                        help=_advice(compared, explained),
                    )


def _why(explained: Explained) -> str:
    if explained.denied is not None:
        return f"its file reaches this only with {in_words(explained.denied)}, which contradicts the known states"
    if explained.closest is None:
        return "by its file, this node sends no adverts"
    priority, explanation = explained.closest
    return f"its file cannot reach this in any state; the nearest is {priority} ({in_words(explanation)})"


def _advice(compared: ComparedSource, explained: Explained) -> str:
    guesses = list(_guesses(compared.expected, explained.priority)) if compared.expected is not None else []
    guess = f"the file would predict this with {', or with '.join(guesses[:3])}; " if guesses else ""
    return f"{guess}check that the node runs this file: reload it, or compare with --state-from"


def _guesses(expected: Expected, priority: int) -> Iterator[str]:
    """Single values of the file with which the priority would come out: a weight, or the base priority."""
    nominal, base = expected.reach.nominal, expected.instance.base_priority.value
    if nominal is None or expected.instance.owner or priority > HIGHEST:
        return
    for thing in expected.reach.things:
        weights = {tracker.weight.value for tracker in thing.trackers}
        weight = weights.pop() if len(weights) == 1 and is_good(thing.choices[0].state) else 0
        other = priority - nominal + thing.choices[0].delta
        if weight and not any(tracker.reverse for tracker in thing.trackers) and (other > 0) == (weight > 0) and other:
            state = "while it works" if weight > 0 else "while it has failed"
            yield f"weight {other} of {thing.key.replace(':', ' ', 1)} instead of {weight} ({state})"
    if 0 < base + priority - nominal <= HIGHEST:
        yield f"priority {base + priority - nominal} instead of {base}"


RULE = LiveRule(INFO, check)
