"""Malformed VRRP packets.

## What it does
Counts packets of protocol 112 (also inside an AH header) that are not valid adverts, by reason. It also finds adverts
that are readable but contain an error. CARP (OpenBSD, pf, ucarp) uses the same protocol number and is named with its
vhid.

## Why it is bad
keepalived rejects them. They come from other software on the link, from a device that changes packets, or from an
attacker.

CARP with the vhid of a virtual router is worse. From 2.0.0 on each packet, although rejected, restarts the advert
timer of the master. The master becomes silent and a backup takes over (measured with ucarp and 2.2.7: the master
changes every 3 or 4 seconds).

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
0.0-3.0 10.0.0.1 priority 110
3.5 malformed too short for a VRRP header
```

## Good
With the same file:
```
0.0-3.0 10.0.0.1 priority 110
```

## Source
RFC 5798, section 7.1; vrrp_check_packet in vrrp.c of keepalived 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import MOST_NAMED, named, nowhere, spot
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison

INFO = RuleInfo("KA915", "malformed-adverts", "warning", "proven", "malformed VRRP packets")


CUT = "cut short by the capture"
"""What is no fault of the sender: the capture kept too little of each packet."""


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for reason, count in comparison.seen.malformed.items():
        found = INFO.at(nowhere(comparison), f"{count} malformed VRRP packet{'s' * (count != 1)}: {reason}")
        yield found._replace(severity="info") if reason.startswith(CUT) else found
    yield from _carp(comparison)
    for view in named(comparison):
        for compared in view.compared_sources:
            for problem in compared.source.problems:
                yield INFO.at(spot(compared, comparison), f"{view.key}: {compared.name}: {problem}")


def _carp(comparison: Comparison) -> Iterator[Diagnostic]:
    """CARP shares VRRP's protocol number; it disturbs a virtual router whose VRID is its vhid."""
    expected = {(member.instance.family, member.instance.virtual_router_id.value) for member in comparison.expected}
    heard = {(view.key.family, view.key.virtual_router_id) for view in comparison.views}
    for found in comparison.seen.foreign[:MOST_NAMED]:
        if found.protocol != "CARP":
            continue
        place = (found.family, found.group)
        if not comparison.configured or place in expected or place in heard:
            carp = INFO.at(
                nowhere(comparison),
                f"CARP from {found.source} with vhid {found.group}: keepalived rejects each packet as too short; "
                "another vhid or VRID avoids it",
                help="give CARP another vhid, or the virtual router another virtual_router_id",
            )
            yield carp._replace(severity="error") if place in expected or place in heard else carp
        else:
            other = INFO.at(
                nowhere(comparison),
                f"CARP from {found.source} with vhid {found.group}: no file has this VRID, so keepalived ignores it",
            )
            yield other._replace(severity="info")


RULE = LiveRule(INFO, check)
