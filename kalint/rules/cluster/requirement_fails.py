"""A requirement of the cluster does not hold.

## What it does
Proves or refutes each requirement of the settings (docs/requirements.md) in all situations that it covers. It reports
the smallest counterexample: what fails, who is master then, and why. `kalint require` shows it step by step.

## Why it is bad
Somebody relies on this requirement. The counterexample may be a missing failover, a second master, or the wrong
master.

## Bad
The two nodes; three adverts have to be missing, a second each:
```
# require: b is master when a crashes, within 3 s
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
The two nodes, with five adverts a second:
```
# require: b is master when a crashes, within 3 s
vrrp_instance VI_1 {
    interface eth0
    version 3
    virtual_router_id 51
    priority 110
    advert_int 0.2
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    version 3
    virtual_router_id 51
    priority 100
    advert_int 0.2
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
The elections of docs/clusters.md and the times of docs/timing.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.verdict import FAILS
from kalint.findings.diagnostic import Related
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import place
from kalint.rules.rule import RuleInfo
from kalint.rules.support.tracking import spot
from kalint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.cluster.verdict import Counterexample, Verdict
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo("KA819", "requirement-fails", "error", "proven", "a requirement of the cluster does not hold")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    """Each requirement that fails, at its place, with the place in the configuration that decides."""
    for verdict in cluster.verdicts:
        if verdict.outcome == FAILS and verdict.counterexample is not None:
            from kalint.rules.support.verdicts import in_one_line

            advice = verdict.hint or "run 'kalint require' for each step"
            related = _related(verdict.counterexample)
            yield INFO.at(where(verdict), in_one_line(verdict), *related, help=advice)


def where(verdict: Verdict) -> Span:
    """The characters of a requirement."""
    found = verdict.requirement.place
    return Span(found.file, found.line, found.column, found.line, found.end)


def _related(example: Counterexample) -> Iterator[Related]:
    late = example.masters[0] if example.seconds is not None and example.masters else example.node
    member = next((each for each in example.router.members if each.node.name == late), None)
    if member is None:
        return
    if example.seconds is not None:
        waits = f"{late} becomes master after {round(example.seconds, 2):g} s at worst"
        yield Related(place(member, "advert_int", "priority"), waits)
        return
    priority = example.priorities.get(example.node)
    then = f"{example.node} has priority {priority} then" if priority is not None else f"{example.node} has none then"
    down = example.down.get(example.node, {})
    trackers = [tracker for tracker in member.instance.trackers if tracker.key in down and tracker.ignored is None]
    if example.decided_by == "thing" and trackers:
        yield Related(spot(trackers[0]), then)
    else:
        yield Related(place(member, "nopreempt" if example.decided_by == "preempt" else "priority"), then)


RULE = ClusterRule(INFO, check)
