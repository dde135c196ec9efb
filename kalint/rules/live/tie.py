"""Two nodes that advertise the same priority.

## What it does
Finds two sources of a virtual router that have both sent the same priority above 0.

## Why it is bad
With equal priorities the file does not decide who is master. A backup never takes over from a master of its own
priority, so the first master stays. Of two masters that hear each other, the one with the higher address stays.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    mcast_src_ip 10.0.0.1
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
    mcast_src_ip 10.0.0.2
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-3.0 10.0.0.1 priority 100
6.7-9.0 10.0.0.2 priority 100
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    mcast_src_ip 10.0.0.1
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
    mcast_src_ip 10.0.0.2
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
0.0-3.0 10.0.0.1 priority 110
6.7-9.0 10.0.0.2 priority 100
```

## Source
RFC 5798, section 6.4; vrrp.c (vrrp_state_master_rx) of keepalived 2.2.7.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import MOST_NAMED, spot
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import View

INFO = RuleInfo("KA913", "tie", "info", "proven", "two nodes advertise the same priority")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    found = [finding for view in comparison.views for finding in _ties(view, comparison)]
    yield from found[:MOST_NAMED]


def _ties(view: View, comparison: Comparison) -> Iterator[Diagnostic]:
    for one, other in combinations(view.compared_sources[:MOST_NAMED], 2):
        for priority in sorted(set(one.source.priorities) & set(other.source.priorities) - {0}):
            yield INFO.at(
                spot(other, comparison, "priority"),
                f"{view.key}: {one.name} and {other.name} both advertise {priority}: the first stays master; of "
                "two masters, the higher address stays",
                help="give the nodes different priorities",
            )


RULE = LiveRule(INFO, check)
