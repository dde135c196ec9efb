"""The daemon runs with values that differ from its file.

## What it does
Compares keepalived's own JSON dump (`--state-from`) with the file: the base priority, the interval, the version, the
VRID, nopreempt, the trackers, and whether the file can reach the effective priority. With `json_version 2` (2.2.8 and
later) it also compares the weight of each vrrp_track_process; no dump contains other weights.

## Why it is bad
The file was changed without a reload, or the daemon reads another file. What kalint predicts from this file is then
not valid.

## Bad
```
vrrp_script chk {
    script "/usr/bin/true"
    weight 20
}

vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    mcast_src_ip 10.0.0.1
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-5.0 10.0.0.1 priority 120
running VI_1 base_priority 90 effective_priority 110
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 120
running VI_1 base_priority 100 effective_priority 120
```

## Source
vrrp_json.c of keepalived 1.4.5 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import place
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison

INFO = RuleInfo("KA916", "running-differs", "error", "proven", "the daemon runs with values that differ from its file")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for found in comparison.departures:
        yield INFO.at(
            place(found.expected, found.keyword) if found.keyword else place(found.expected),
            f"{found.expected.name}: {found.what} in the running daemon: {found.running}; in the file: {found.written}",
            help="reload keepalived, or give kalint the file that it runs",
        )


RULE = LiveRule(INFO, check)
