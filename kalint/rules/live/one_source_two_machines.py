"""Two machines send the adverts of one virtual router from one IP address.

## What it does
Finds a source address whose Ethernet address changes back and forth: two machines that have the same address, such as
a virtual machine and its clone. A bond or a virtual MAC that changes once is not reported.

## Why it is bad
A machine drops packets that come from its own address, so neither hears the other: both are master and have the
virtual addresses. On the wire it looks like one master whose priority changes constantly.

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
0.0-9.0 10.0.0.1 priority 110 mac 02:00:00:00:00:01
0.4-9.4 10.0.0.1 priority 110 mac 02:00:00:00:00:02
```

## Good
With the same file:
```
0.0-4.0 10.0.0.1 priority 110 mac 02:00:00:00:00:01
5.0-9.0 10.0.0.1 priority 110 mac 02:00:00:00:00:02
```

## Source
Linux, net/ipv4/fib_frontend.c (fib_validate_source): a packet from a local address is dropped; measured with two
nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import MOST_NAMED, spot
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import ComparedSource, View

INFO = RuleInfo("KA919", "one-source-two-machines", "error", "heuristic", "two machines send from one address")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    found = [finding for view in comparison.views for finding in _found(view, comparison)]
    yield from found[:MOST_NAMED]


def _found(view: View, comparison: Comparison) -> Iterator[Diagnostic]:
    machines: dict[str, list[ComparedSource]] = {}
    for compared in view.compared_sources:
        machines.setdefault(compared.source.ip, []).append(compared)
    for address, compared_sources in machines.items():
        if len(compared_sources) > 1:
            hardware = " and ".join(next(iter(compared.source.hardware), "") for compared in compared_sources[:4])
            yield INFO.at(
                spot(compared_sources[0], comparison, "mcast_src_ip", "unicast_src_ip", "priority"),
                f"{view.key}: {len(compared_sources)} machines send from {address} ({hardware}): they do not "
                "hear each other, and both are master",
                help="give each machine its own address; one is probably a clone of the other",
            )


RULE = LiveRule(INFO, check)
