"""Adverts with authentication that differs from the file.

## What it does
Compares how each advert is authenticated with the sender's file and with those of the other nodes: none, PASS, AH or
auth_hmac, the password (its first 8 characters), or the key number and the signature. It never shows a password or
key.

## Why it is bad
A node rejects adverts that it cannot authenticate. From 2.0.0 on it becomes master too. Before, it stays backup while
the master runs, and nobody notices that the two do not form a cluster.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    mcast_src_ip 10.0.0.1
    authentication {
        auth_type PASS
        auth_pass s3cret
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-5.0 10.0.0.1 priority 110
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 110 pass s3cret
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

INFO = RuleInfo("KA907", "auth-mismatch", "error", "proven", "adverts with authentication that differs from the file")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    yield from mismatches(comparison, INFO, "auth")


RULE = LiveRule(INFO, check)
