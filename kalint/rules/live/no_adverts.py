"""A virtual router without a master.

## What it does
Finds virtual routers of the files from which no advert was heard for longer than any node waits for a master, and
such silences later in the capture. After a shorter silence it says that more time is needed. If the adverts are
unicast and this host is not a peer, it says that the state is unknown here. It reports nothing while the interface is
down (KA914).

## Why it is bad
No node has the virtual addresses: all nodes are in FAULT, stopped, or do not reach this link. Or the adverts do not
reach the place where you listen, because unicast adverts go to their peers only.

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
0.0-2.0 10.0.0.1 priority 110
9.0 10.0.0.66 vrid 52 priority 100
```

## Good
With the same file:
```
0.0-9.0 10.0.0.1 priority 110
```

## Source
RFC 5798, section 6.1: Master_Down_Interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.probe.explain import in_words
from kalint.rules.live import LiveRule
from kalint.rules.live.places import nowhere, place, seconds
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison, Missing
    from kalint.probe.expected import Expected
    from kalint.probe.view import View

INFO = RuleInfo("KA908", "no-adverts", "error", "proven", "a virtual router without a master")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for missing in comparison.missing:
        yield _missing(missing)
    for view in comparison.views:
        if view.partly:
            continue  # unicast between other hosts
        if view.members or not comparison.configured:
            yield from _silences(view, comparison)


def _missing(missing: Missing) -> Diagnostic:
    first = missing.members[0]
    family = "IPv4" if first.instance.family == "ipv4" else "IPv6"
    router = f"VRID {first.instance.virtual_router_id.value} {family}"
    nodes = " and ".join(dict.fromkeys(member.node for member in missing.members))
    if missing.elsewhere:
        found = INFO.at(
            place(first, "virtual_router_id"),
            f"{router}: unknown here: its adverts are unicast between {nodes}",
            help=f"listen on {' or '.join(dict.fromkeys(member.node for member in missing.members))}",
        )
        return found._replace(severity="info")
    if not missing.enough:
        found = INFO.at(
            place(first, "virtual_router_id"),
            f"{router}: no advert in {seconds(missing.seconds)}, too short to decide: {nodes} may need "
            f"{seconds(missing.bound)} until one of them is master",
            help=f"listen longer: --duration {2 * missing.bound:.0f}",
        )
        return found._replace(severity="warning", confidence="heuristic")
    return INFO.at(
        place(first, "virtual_router_id"),
        f"{router}: there is no master: no advert in {seconds(missing.seconds)}, and {nodes} wait at "
        f"most {seconds(missing.bound)}",
        help=_advice(missing.members),
    )


def _silences(view: View, comparison: Comparison) -> Iterator[Diagnostic]:
    for silence in view.router.silences:
        start, end = seconds(silence.start), seconds(silence.end)
        when = f"from {start}, and still at {end}" if silence.going_on else f"from {start} to {end}"
        leaving = [(compared.name, compared.source.priorities.get(0)) for compared in view.compared_sources]
        left = [name for name, run in leaving if run is not None and run.last >= silence.start]
        before = f" after {' and '.join(left)} sent priority 0" if left else ""
        yield INFO.at(
            place(view.members[0], "virtual_router_id") if view.members else nowhere(comparison),
            f"{view.key}: there was no master {when}{before}: no backup took over in "
            f"{seconds(silence.end - silence.start)}",
            help=_advice(view.members),
        )


def _advice(members: tuple[Expected, ...]) -> str:
    faults = [
        f"{member.node} would be in FAULT with {in_words(member.reach.fault.witness)}"
        for member in members
        if member.reach.fault is not None
    ]
    unicast = any(member.instance.unicast_peers for member in members)
    elsewhere = "its adverts are unicast: listen on one of the nodes" if unicast else "listen on the link of the nodes"
    return "; ".join([*faults[:4], elsewhere])


RULE = LiveRule(INFO, check)
