"""Adverts with a TTL or a checksum that nodes reject.

## What it does
Compares the TTL (or hop limit) and the form of the checksum with what the sender's file and release should send, and
with what the other nodes accept: 255 for multicast, `min_ttl` and `max_ttl` for unicast, `old_unicast_checksum`,
`v3_checksum_as_v2`. Without a file, it reports only checksums of no known form.

## Why it is bad
Nodes reject such adverts and become master too. A wrong checksum comes from the sender (keepalived 1.3.5 sends none
to every second unicast peer), or from a device that changes packets.

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
0.0-5.0 10.0.0.1 priority 110 ttl 254
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

INFO = RuleInfo("KA906", "ttl-or-checksum", "error", "proven", "adverts with a TTL or a checksum that nodes reject")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    yield from mismatches(comparison, INFO, "ttl", "checksum")


RULE = LiveRule(INFO, check)
