"""One failure that puts every node in FAULT.

## What it does
Finds scripts that ping the same address on every node, and whose failure puts every node in FAULT. It also finds
failures that the settings list under `together`, if they leave no master.

## Why it is bad
When the common target stops answering, all nodes are in FAULT at once, and there is no master. A broken gateway, or
one that does not answer pings, takes down a working service.

## Bad
The two nodes:
```
vrrp_script gateway {
    script "/bin/ping -c 1 10.0.0.254"
    weight 0
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        gateway
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_script gateway {
    script "/bin/ping -c 1 10.0.0.254"
    weight 0
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        gateway
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
The two nodes:
```
vrrp_script gateway {
    script "/bin/ping -c 1 10.0.0.254"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        gateway
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_script gateway {
    script "/bin/ping -c 1 10.0.0.254"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    track_script {
        gateway
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
down_instance in keepalived/vrrp/vrrp_track.c: a tracker of weight 0 that fails is a FAULT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, listed
from kalint.rules.rule import RuleInfo
from kalint.rules.support.tracking import spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.semantics.resolved import Tracker

PROGRAMS = frozenset(("ping", "ping4", "ping6", "fping", "arping"))

INFO = RuleInfo(
    "KA809", "no-master-reachable", "warning", "heuristic", "a check shared by all nodes can put every node in FAULT"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        members = answer.router.members
        yield from _together(answer)
        known = {thing for shared in answer.router.shared for thing in shared.things}
        first, *rest = (dict(pings(member)) for member in members)
        for command, tracker in first.items():
            if all(command in other for other in rest) and (members[0].node.name, tracker.key) not in known:
                yield INFO.at(
                    spot(tracker),
                    f"script {tracker.name} pings the same address for {listed(map(called, members))}, and its "
                    "failure puts each in FAULT: when that address stops answering, there is no master",
                    *(
                        Related(spot(other[command]), f"the same on {member.node.name}")
                        for member, other in zip(members[1:], rest, strict=True)
                    ),
                    help="give it a weight, so that one node stays master",
                )


def _together(answer: Answer) -> Iterator[Diagnostic]:
    """What the settings say fails as one, where that leaves nobody."""
    for failure in answer.failures:
        if failure.node or failure.possible != ((),) or () in failure.possible_before:
            continue
        spots = [
            (member, tracker)
            for member in answer.router.members
            for tracker in member.instance.trackers
            if tracker.ignored is None and tracker.key in failure.states.get(member.node.name, ())
        ]
        if spots:
            (first, tracker), *rest = spots
            name = failure.thing.partition(":")[2]
            yield INFO.at(
                spot(tracker),
                f"{tracker.kind} {tracker.name} of {first.node.name} is one of the things that fail together as "
                f"{name}: then {listed(map(called, answer.router.members))} are all in FAULT, and there is no master",
                *(Related(spot(other), f"the same on {member.node.name}") for member, other in rest),
                help="give it a weight, so that one node stays master",
            )


def pings(member: Member) -> Iterator[tuple[str, Tracker]]:
    """The pings of a member whose failure is a FAULT, as they are written."""
    scripts = {script.name: script.script.value for script in member.node.resolved.scripts}
    for tracker in member.instance.trackers:
        command = scripts.get(tracker.name, "")
        if tracker.kind != "script" or tracker.ignored is not None or tracker.weight.value or tracker.reverse:
            continue
        if any(word.rpartition("/")[2] in PROGRAMS for word in command.split()):
            yield command, tracker


RULE = ClusterRule(INFO, check)
