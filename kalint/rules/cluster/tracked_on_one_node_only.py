"""A node without checks, while another node has some.

## What it does
Finds nodes whose instance tracks no script, process, file or bfd, while another node of the same virtual router does.

## Why it is bad
When the check of the other node fails, this node becomes master even if its own service does not work.

## Bad
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
vrrp_set_effective_priority in keepalived/vrrp/vrrp_track.c: what is not tracked changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.places import called, place
from kalint.rules.rule import RuleInfo
from kalint.rules.support.tracking import spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo("KA812", "tracked-on-one-node-only", "warning", "heuristic", "a node whose service nothing checks")


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    for answer in cluster.answers:
        checking = [(member, tracker) for member in answer.router.members for tracker in checks(member)[:1]]
        for member in answer.router.members:
            if checking and not checks(member) and not any(_dropped(member)):
                one, tracker = checking[0]
                yield INFO.at(
                    place(member),
                    f"{called(member)} checks nothing, while {called(one)} tracks {tracker.kind} {tracker.name}: "
                    f"{member.node.name} can be master even if its service does not work",
                    Related(spot(tracker), f"{called(one)} checks this"),
                    help="track the same on all nodes of a virtual router",
                )


def checks(member: Member) -> list[Tracker]:
    """What the member tracks of its services."""
    return [tracker for tracker in member.instance.trackers if tracker.ignored is None and tracker.kind != "interface"]


def _dropped(member: Member) -> Iterator[Tracker]:
    """What was to be tracked, but keepalived drops: other rules say so."""
    return (tracker for tracker in member.instance.trackers if tracker.ignored is not None)


RULE = ClusterRule(INFO, check)
