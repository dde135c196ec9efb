"""Adverts with addresses that differ from the file.

## What it does
Compares the addresses in each advert with the sender's file and with those of the other nodes. Their order does not
matter, and excluded addresses are never in an advert.

## Why it is bad
Up to 2.3.2 a node rejects adverts with other addresses and becomes master too. From 2.3.3 on it accepts and logs
them: then no node announces the addresses that only the backup has.

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
0.0-5.0 10.0.0.1 priority 110 addresses 10.0.0.9,10.0.0.10
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 110
```

## Source
vrrp_check_packet in vrrp.c of keepalived 2.3.2 and 2.3.3; recorded from seven releases.
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

INFO = RuleInfo("KA905", "addresses-mismatch", "error", "proven", "adverts with addresses that differ from the file")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    yield from mismatches(comparison, INFO, "addresses")


RULE = LiveRule(INFO, check)
