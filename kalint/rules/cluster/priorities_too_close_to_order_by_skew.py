"""Two backups that take over at the same moment.

## What it does
Finds the two best backups of a virtual router, if their priorities are so close that their timers end together.

## Why it is bad
When the master dies, each backup waits for 3 advert intervals and a skew time: (256 - priority) / 256 of a second
(VRRPv3: of the interval). With an interval of 1 s, one priority step is only 4 ms, less than the timers of a busy
machine can distinguish. Then both become master, and the address moves twice.

## Bad
The three nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 102
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 101
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
The three nodes:
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 200
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
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

## Source
RFC 5798, section 6.1 (Skew_Time); keepalived/vrrp/vrrp.c, keepalived 2.2.7. Measured on 2.2.7, with nopreempt and an
interval of 1 s: of 32 failures of the master the lower backup won 16 if it was 1 below, and 7 if it was 2 below. It
won none if it was 3 to 13 below. In a recorded election 20 ms (5 apart) were not enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import once_heard
from kalint.rules.cluster.places import called, others, place
from kalint.rules.rule import RuleInfo
from kalint.semantics.timers import SECOND, timers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.findings.diagnostic import Diagnostic

INFO = RuleInfo(
    "KA306",
    "priorities-too-close-to-order-by-skew",
    "warning",
    "heuristic",
    "backups whose master down intervals end together",
)

RESOLUTION = 0.02
"""Seconds: timers that are no further apart have been seen to end in either order."""


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for each in cluster.answers:
        answer = each.if_heard
        waiting = sorted(_backups(answer))
        if len(waiting) < 2:
            continue
        (soon, better, one), (late, worse, other) = waiting[:2]
        if better != worse and late - soon <= RESOLUTION:
            first, second = answer.router.members[one], answer.router.members[other]
            yield INFO.at(
                place(second, "priority"),
                f"{called(first)} (priority {-better}) takes over {soon:.3f} s after the master dies, {called(second)} "
                f"({-worse}) after {late:.3f} s: too close for the timers, so both may become master{once_heard(each)}",
                *others((first,), "{}", "priority"),
                help="set the priorities of backups further apart, by 10 or more",
            )


def _backups(answer: Answer) -> Iterator[tuple[float, int, int]]:
    """The master down interval, the priority (negative: the higher one first) and the number of each backup.

    Where several may be master, they are those of the likeliest.
    """
    likeliest = next(iter(answer.masters), None)
    if likeliest is None:
        return
    for number, member in enumerate(answer.router.members):
        priority = member.reach.nominal
        if priority is not None and member.node.name != likeliest:
            timers = timers_of(member.instance, member.node.resolved.profile)
            yield timers.master_down(priority) / SECOND, -priority, number


RULE = ClusterRule(INFO, check)
