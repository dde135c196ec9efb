"""A check whose weight is positive on one node and negative on another.

## What it does
Finds a tracker with the same name on several nodes of one virtual router, whose weights have different signs.

## Why it is bad
A positive weight is added while the check succeeds; a negative one is subtracted while it fails. With both signs the
base priorities no longer decide who is master while nothing is down. Often a file was copied and the sign forgotten.

## Bad
The two nodes:
```
vrrp_script chk {
    script "/usr/local/bin/check"
    weight 20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 90
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_script chk {
    script "/usr/local/bin/check"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
The two nodes:
```
vrrp_script chk {
    script "/usr/local/bin/check"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_script chk {
    script "/usr/local/bin/check"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_set_effective_priority in keepalived/vrrp/vrrp_track.c, 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called
from kalint.rules.rule import RuleInfo
from kalint.rules.support.tracking import spot
from kalint.semantics.priority import Sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.analysis.reach.reachable import Thing
    from kalint.findings.diagnostic import Diagnostic
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo(
    "KA213", "weight-has-wrong-sign-for-pair", "warning", "proven", "a weight whose sign differs between the nodes"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    sums = {node.name: Sums(node.resolved.profile) for node in cluster.nodes}
    for answer in cluster.answers:
        things = {
            member.node.name: {thing.key: thing for thing in member.reach.things} for member in answer.router.members
        }
        weights: dict[str, tuple[Member, Tracker]] = {}
        told = set()
        for member in answer.router.members:
            for tracker in member.instance.trackers:
                if tracker.ignored is not None or not tracker.weight.value:
                    continue
                one, other = weights.setdefault(tracker.key, (member, tracker))
                if _positive(tracker) != _positive(other) and one is not member and tracker.key not in told:
                    told.add(tracker.key)
                    yield INFO.at(
                        spot(tracker),
                        f"{tracker.kind} {tracker.name} has weight {tracker.weight.value} for {called(member)}, but "
                        f"{other.weight.value} for {called(one)}: {_numbers(answer, member, tracker, sums, things)}, "
                        f"{_numbers(answer, one, tracker, sums, things)}",
                        Related(spot(other), f"the weight for {called(one)}"),
                        help="use one sign on all nodes, so that the base priorities decide while nothing is down",
                    )


def _positive(tracker: Tracker) -> bool:
    return (tracker.weight.value > 0) != tracker.reverse


def _numbers(
    answer: Answer,
    member: Member,
    tracker: Tracker,
    sums: Mapping[str, Sums],
    things: Mapping[str, Mapping[str, Thing]],
) -> str:
    """What the priority is of, with the thing good and bad: `lb1 is 90 with it and 70 without`."""
    name = member.node.name
    bad = things[name][tracker.key].choices[-1].state
    after = sums[name].outcome(member.instance, {tracker.key: bad})
    without = "in FAULT" if after is None else str(after)
    return f"{name} has {answer.router.nominal[name]} with it and {without} without"


RULE = ClusterRule(INFO, check)
