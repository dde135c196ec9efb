"""VRRP packets that are no adverts.

## What it does
Counts packets of protocol 112 (also behind an AH header) that cannot be read as an advert, by the reason; and adverts
that can be read but have something wrong in them.

## Why it is bad
keepalived rejects them. They come from other software on the link, from something that changes packets, or from
somebody who tries.

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
from kalint.rules.live.places import MOST_NAMED, nowhere, spot
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison

INFO = RuleInfo("KA915", "malformed-adverts", "warning", "proven", "VRRP packets that are no adverts")


CUT = "cut short by the capture"
"""What is no fault of the sender: the capture kept too little of each packet."""


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for reason, count in comparison.seen.malformed.items():
        found = INFO.at(nowhere(comparison), f"{count} malformed VRRP packet{'s' * (count != 1)}: {reason}")
        yield found._replace(severity="info") if reason.startswith(CUT) else found
    for view in comparison.views[:MOST_NAMED]:
        for speaker in view.speakers:
            for problem in speaker.source.problems:
                yield INFO.at(spot(speaker, comparison), f"{view.key}: {speaker.name}: {problem}")


RULE = LiveRule(INFO, check)
