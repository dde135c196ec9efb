"""Adverts of a virtual router or source that no file has.

## What it does
Finds adverts of a VRID that none of the given files has on this link. It also finds adverts of a known VRID from an
address that belongs to none of its nodes.

## Why it is bad
All routers with a VRID receive its adverts. An unknown router with a higher priority becomes master in place of your
nodes, and one that sends different adverts becomes a second master.

## Bad
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
On the wire, from second to second:
```
0.0-5.0 10.0.0.1 priority 110
0.0-5.0 10.0.0.66 vrid 52 priority 100 addresses 10.0.0.99
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 110
```

## Source
RFC 5798, section 5.2.3: a VRID is unique on its link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import MOST_NAMED, nowhere, place, seconds
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import View

INFO = RuleInfo(
    "KA902", "unknown-router-on-the-link", "warning", "proven", "adverts from a router or a source that no file has"
)


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    if not comparison.configured:
        return
    found = [finding for view in comparison.views for finding in _strangers(view, comparison)]
    yield from found[:MOST_NAMED]
    if len(found) > MOST_NAMED:
        yield INFO.at(nowhere(comparison), f"and {len(found) - MOST_NAMED} more that no file knows")


def _strangers(view: View, comparison: Comparison) -> Iterator[Diagnostic]:
    strangers = [compared for compared in view.compared_sources if compared.expected is None]
    if strangers and not view.members:
        names = ", ".join(compared.name for compared in strangers[:4])
        rest = f" and {len(strangers) - 4} more" if len(strangers) > 4 else ""
        yield INFO.at(
            nowhere(comparison),
            f"{view.key}: no file has this virtual router; {names}{rest} sends its adverts",
            help="if it is one of yours, add its file with --config",
        )
        return
    for compared in strangers:
        run = compared.source.run
        said = compared.source.said
        yield INFO.at(
            place(view.members[0], "virtual_router_id"),
            f"{view.key}: {compared.name} is not one of the nodes and sends adverts with this VRID from "
            f"{seconds(run.first)}, {run.adverts} adverts, "
            f"priority {' and '.join(map(str, compared.source.priorities))}, "
            f"addresses {', '.join(said.addresses) or 'none'}",
            help="give one of the two another virtual_router_id, or give kalint the file of that node, or its address",
        )


RULE = LiveRule(INFO, check)
