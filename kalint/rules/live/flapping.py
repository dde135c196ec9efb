"""The master or its priority changes repeatedly.

## What it does
Finds routers whose master changed at least 4 times within 60 seconds, and sources whose priority did so at least 6
times.

## Why it is bad
Each change drops connections and moves addresses. Usual causes are an unsteady script (raise its `rise` and `fall`)
and a weight that makes two nodes master in turn. Others are a link that loses adverts, and a machine that is too busy
to send them in time.

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
0.0-1.0 10.0.0.1 priority 120
2.0-3.0 10.0.0.1 priority 100
4.0-5.0 10.0.0.1 priority 120
6.0-7.0 10.0.0.1 priority 100
8.0-9.0 10.0.0.1 priority 120
10.0-11.0 10.0.0.1 priority 100
12.0-13.0 10.0.0.1 priority 120
```

## Good
With the same file:
```
0.0-3.0 10.0.0.1 priority 120
4.0-9.0 10.0.0.1 priority 100
```

## Source
keepalived.conf(5) of 2.2.7, rise and fall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import named, seconds, spot
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import View

INFO = RuleInfo("KA909", "flapping", "warning", "heuristic", "the master or its priority changes repeatedly")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for view in named(comparison):
        if not view.router.overlaps:  # two masters take turns on the wire without a change
            yield from _masters(view, comparison)
        for compared in view.compared_sources:
            for episode in compared.source.flapping:
                seen = ", ".join(str(priority) for priority in compared.source.priorities if priority)
                yield INFO.at(
                    spot(compared, comparison, "priority"),
                    f"{view.key}: the priority of {compared.name} changed {episode.changes} times between "
                    f"{seconds(episode.start)} and {seconds(episode.end)}: {seen}",
                    help="give an unsteady script a larger rise and fall",
                )


def _masters(view: View, comparison: Comparison) -> Iterator[Diagnostic]:
    for episode in view.router.flapping:
        turns = [
            each.source
            for each in view.router.periods
            if each.after and each.after != each.source and episode.start <= each.start <= episode.end
        ]
        if turns:
            names = " and ".join(view.compared(source).name for source in dict.fromkeys(turns))
            yield INFO.at(
                spot(view.compared(turns[0]), comparison, "priority"),
                f"{view.key}: the master changed {episode.changes} times between {seconds(episode.start)} and "
                f"{seconds(episode.end)}: {names} take turns",
                help="compare what each node advertises, and look for lost adverts",
            )


RULE = LiveRule(INFO, check)
