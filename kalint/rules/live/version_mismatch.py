"""Adverts with a VRRP version that differs from the file.

## What it does
Compares the version of each advert with the sender's file and with those of the other nodes.

## Why it is bad
A node rejects adverts of the other version and becomes master too. Before 2.0.0 it stays backup while the master
runs.

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
0.0-5.0 10.0.0.1 priority 110 version 3
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 110
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

INFO = RuleInfo(
    "KA910", "version-mismatch", "error", "proven", "adverts with a VRRP version that differs from the file"
)


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    yield from mismatches(comparison, INFO, "version")


RULE = LiveRule(INFO, check)
