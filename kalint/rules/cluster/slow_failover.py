"""A failover that takes longer than allowed.

## What it does
Works out, for each possible failure, the longest time until the new master has the addresses. It compares this with
the limit: `--max-failover 3s`, or `max_failover = "3s"` of a cluster in the settings. Without a limit it reports
nothing. The message shows each part of the time.

## Why it is bad
During this time no node, or a failed node, answers for the addresses. Most of it is waiting that the file configures:
`interval`, `fall` and `timeout` of the script, three missing adverts (`advert_int`), and `preempt_delay`.

## Bad
The two nodes, with a budget of 3 seconds:
```
# max-failover: 3s
vrrp_script chk_web {
    script "/usr/local/bin/check-web"
    interval 2
    timeout 1
    fall 3
    weight -30
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        chk_web
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_script chk_web {
    script "/usr/local/bin/check-web"
    interval 2
    timeout 1
    fall 3
    weight -30
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        chk_web
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
The two nodes, with a budget of 3 seconds:
```
# max-failover: 3s
vrrp_script chk_web {
    script "/usr/local/bin/check-web"
    interval 1
    timeout 1
    weight -30
}
vrrp_instance VI_1 {
    interface eth0
    version 3
    virtual_router_id 51
    priority 110
    advert_int 0.2
    track_script {
        chk_web
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_script chk_web {
    script "/usr/local/bin/check-web"
    interval 1
    timeout 1
    weight -30
}
vrrp_instance VI_1 {
    interface eth0
    version 3
    virtual_router_id 51
    priority 100
    advert_int 0.2
    track_script {
        chk_web
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_state_backup (vrrp.c) and vrrp_script_thread (vrrp_scheduler.c) of keepalived; docs/timing.md has the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.timing.failover import Failovers
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import listed, place
from kalint.rules.rule import RuleInfo
from kalint.rules.support.tracking import spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Answer, Cluster, Failure
    from kalint.analysis.timing.failover import Failover
    from kalint.findings.diagnostic import Diagnostic
    from kalint.source import Span

INFO = RuleInfo("KA815", "slow-failover", "error", "proven", "a failover may take longer than --max-failover allows")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    budget = cluster.max_failover
    if budget is None:
        return
    failovers = Failovers(cluster)
    for answer in cluster.answers:
        for failure in answer.failures:
            found = failovers.of(answer, failure)
            if found is not None and found.delay.worst > budget:
                yield INFO.at(_where(answer, failure), _message(answer, failure, found, budget), help=_help(found))


def _where(answer: Answer, failure: Failure) -> Span:
    """The tracker that fails, else the instance of the node that does."""
    names = failure.states or {failure.node: {failure.thing: failure.state}}
    members = [member for member in answer.router.members if member.node.name in names]
    for member in members:
        for tracker in member.instance.trackers:
            if tracker.ignored is None and tracker.key in names[member.node.name]:
                return spot(tracker)
    return place((members or list(answer.router.members))[0])


def _message(answer: Answer, failure: Failure, found: Failover, budget: float) -> str:
    parts = " + ".join(f"{term.name} {_seconds(term.worst)}" for term in found.delay.terms)
    slow = f" (its sync group waits for {found.waits_for})" if found.waits_for is not None else ""
    if failure.node:
        what = f"{failure.thing.replace(':', ' ', 1)} {failure.state} on {failure.node}"
    else:
        what = f"{failure.thing.partition(':')[2]} fails on {listed(failure.states)}"
    return (
        f"{what}: {found.new} becomes master of router "
        f"{answer.router.virtual_router_id} after at most {_seconds(found.delay.worst)}{slow}, "
        f"more than the {_seconds(budget)} allowed: {parts}"
    )


def _help(found: Failover) -> str:
    """What to shorten: the longest term."""
    longest = max(found.delay.terms, key=lambda term: term.worst)
    return f"begin with the longest part: {longest.name}, {_seconds(longest.worst)}"


def _seconds(value: float) -> str:
    return f"{round(value, 2):g} s"


RULE = ClusterRule(INFO, check)
