"""An interface that went down or disappeared during the capture.

## What it does
Finds interfaces that were taken down, lost their carrier, or disappeared while kalint was listening.

## Why it is bad
kalint hears nothing more there. If keepalived runs on this machine, it is in FAULT.

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
3.5 eth0 gone
```

## Good
With the same file:
```
0.0-3.0 10.0.0.1 priority 110
```

## Source
packet(7): ENETDOWN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import nowhere, seconds
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison

INFO = RuleInfo(
    "KA914", "interface-lost", "error", "proven", "an interface went down or disappeared during the capture"
)

KINDS = {"down": "was taken down", "no carrier": "lost its carrier", "gone": "is gone"}


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for time, interface, kind in comparison.seen.notices:
        if kind in KINDS:
            later = [each for each in comparison.seen.notices if each[0] >= time and each[1:] == (interface, "up")]
            back = f", and came back at {seconds(later[0][0])}" if later else ": nothing is heard there from then on"
            yield INFO.at(nowhere(comparison), f"{interface} {KINDS[kind]} at {seconds(time)}{back}")


RULE = LiveRule(INFO, check)
