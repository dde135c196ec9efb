"""Adverts with an interval that differs from the file.

## What it does
Compares the interval in each advert with the sender's file, and with version 2 with those of the other nodes.

## Why it is bad
In version 2 a node rejects adverts whose interval differs from its own. From 2.0.0 on it becomes master too; before,
it stays backup while the master runs. In version 3 a backup adopts the master's interval; nodes that differ are
reported there as an info.

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
0.0-6.0/2 10.0.0.1 priority 110 interval 2
```

## Good
With the same file:
```
0.0-6.0 10.0.0.1 priority 110
```

## Source
vrrp_check_packet in vrrp.c of keepalived; recorded from six releases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.mismatch import mismatches
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison

INFO = RuleInfo("KA904", "interval-mismatch", "error", "proven", "adverts with an interval that differs from the file")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    yield from mismatches(comparison, INFO, "interval")


RULE = LiveRule(INFO, check)
