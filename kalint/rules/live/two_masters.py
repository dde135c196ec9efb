"""Two nodes are master of one virtual router.

## What it does
Finds two sources that both send adverts as master. Either one starts although the other was heard just before, or one
continues although a better one has started, or each must reject the adverts of the other.

## Why it is bad
Both have the virtual addresses and answer for them. Which one a client reaches is random.

From 2.0.0 on a master restarts its timer at every advert that it receives, even at one that it rejects. So two
masters that reject each other also silence each other: for many intervals only one of them may be heard, although
both are master.

## Bad
One node has lost the other: a cut link, or a filter between them.
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
On the wire, from second to second:
```
0.0-9.0 10.0.0.1 priority 110
3.6-9.0 10.0.0.2 priority 100
```

## Good
The first one has died, and after the master down interval the other one takes its place. The files are the same.
```
0.0-2.0 10.0.0.1 priority 110
5.61-9.0 10.0.0.2 priority 100
```

## Source
vrrp_scheduler.c (vrrp_dispatcher_read) of keepalived 2.0.20 to 2.4.3; recorded from six releases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.probe.compare import source_adverts
from kalint.rules.live import LiveRule
from kalint.rules.live.mismatch import phrase
from kalint.rules.live.places import seconds, spot
from kalint.rules.rule import RuleInfo
from kalint.semantics.acceptance import clash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.facts import Overlap
    from kalint.probe.view import ComparedSource

INFO = RuleInfo("KA901", "two-masters", "error", "proven", "two nodes are master of one virtual router")


_SILENCING = "a master that receives adverts delays its own, so a silent node may still be master"


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for view in comparison.views:
        for overlap in view.router.overlaps:
            one, other = (view.compared(address) for address in overlap.sources)
            start, end = seconds(overlap.start), seconds(overlap.end)
            when = f"from {start}, and still at {end}" if overlap.going_on else f"from {start} to {end}"
            reason, advice = _reason(one, other, overlap)
            counts = f"{overlap.adverts[0]} and {overlap.adverts[1]} adverts in that time"
            yield INFO.at(
                spot(one if one.expected is not None else other, comparison, "priority"),
                f"{view.key}: {one.name} and {other.name} are both master {when} ({counts}): {reason}",
                help=advice,
            )


def _reason(one: ComparedSource, other: ComparedSource, overlap: Overlap) -> tuple[str, str]:
    if one.source.ip == other.source.ip:
        return (
            "two machines have one address, and each takes the other's adverts for its own (KA919)",
            f"give one of the two machines another address than {one.source.ip}",
        )
    if not overlap.rejecting:
        same = set(one.source.priorities) & set(other.source.priorities) - {0}
        also = ", and their priorities are equal" if same else ""
        return (
            f"neither becomes backup, so at least one does not hear the other{also}",
            "look for a cut link, a filter, or a switch that keeps multicast from them",
        )
    for compared, hearing in ((one, other), (other, one)):
        for receiver, objection in compared.rejected:
            if receiver is hearing.expected and objection.rejects:
                seen, wanted = (phrase(objection.kind, value) for value in (objection.seen, objection.wanted))
                reason = f"{compared.name} sends {seen}, and {hearing.name} expects {wanted} and rejects its adverts"
                return f"{reason}; {_SILENCING}", "make the two configurations agree"
    return (
        f"{_differing(one, other)}, so they reject each other's adverts; {_SILENCING}",
        "make the two configurations agree; or, if these are two clusters, give one of them another virtual_router_id",
    )


def _differing(one: ComparedSource, other: ComparedSource) -> str:
    for mine in source_adverts(one.source):
        for theirs in source_adverts(other.source):
            if clash(mine.advert, theirs.advert):
                if mine.content.version != theirs.content.version:
                    return "their VRRP versions differ"
                if mine.content.auth != theirs.content.auth:
                    return f"one authenticates with {mine.content.auth}, the other with {theirs.content.auth}"
                if mine.content.interval != theirs.content.interval:
                    return f"their intervals are {mine.content.interval:g} s and {theirs.content.interval:g} s"
                return "their passwords differ"
    return "their files disagree"


RULE = LiveRule(INFO, check)
