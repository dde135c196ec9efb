"""An advertised priority and the failures that explain it.

## What it does
Names, for each priority that differs from the one while nothing is down, the smallest set of failures that gives it,
as far as the known states allow.

## Why it is bad
It is not a mistake: the file says so. It tells you where to look.

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
0.0-5.0 10.0.0.1 priority 100
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 120
```

## Source
vrrp_track.c of keepalived 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import explained, place, seconds
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison

INFO = RuleInfo(
    "KA911", "priority-explained", "info", "proven", "an advertised priority and the failures that explain it"
)


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for view in comparison.views:
        for compared in view.compared_sources:
            for found in compared.priorities:
                if found.predicted and not found.usual and compared.expected is not None:
                    run = compared.source.priorities[found.priority]
                    usual = compared.expected.reach.nominal
                    yield INFO.at(
                        place(compared.expected, "priority"),
                        f"{view.key}: {compared.name} advertises {found.priority} instead of "
                        f"{'FAULT' if usual is None else usual} (from {seconds(run.first)} to {seconds(run.last)}): "
                        f"{explained(found.explanations, found.more)}",
                    )


RULE = LiveRule(INFO, check)
