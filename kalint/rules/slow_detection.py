"""A failure that is noticed late.

## What it does
Works out the longest time from a failure until its script counts as failed, and reports more than 60 seconds. The
next run starts after at most one `interval`, then `fall` - 1 more runs must fail, and the last one may hang until its
`timeout`.

Releases 1.4.0 to 2.1.2, and 2.3.3 and later, skip runs that would overlap. If every run hangs and the `timeout` is
not below the `interval`, each run then takes two intervals or more.

## Why it is bad
Until then the failed node stays master, and nothing answers at the addresses. They move only afterwards.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check"
    interval 20
    fall 3
    timeout 5
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/check"
    interval 2
    fall 3
    timeout 1
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_scheduler.c (vrrp_script_thread) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.analysis.timing.detection import script_fails
from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA606", "slow-detection", "info", "proven", "a failure undetected for more than 60 seconds")

_BOUND = 60.0
"""Seconds."""


def check(context: Context) -> Iterator[Diagnostic]:
    tracked = {tracker.name for instance in context.resolved.instances for tracker in instance.trackers}
    tracked.update(tracker.name for group in context.resolved.sync_groups for tracker in group.trackers)
    for script in context.resolved.scripts:
        found = script_fails(script, context.resolved.profile)
        if found.worst <= _BOUND or script.name not in tracked:
            continue
        words = [setting.word for setting in (script.interval, script.fall, script.timeout) if setting.word]
        place = words[0] if words else script.written.name
        parts = " + ".join(f"{term.name} {term.worst:g} s" for term in found.terms)
        message = f"{script.name} can take {found.worst:g} s to notice a failure: {parts}"
        yield INFO.at(place.span, message, help="write a shorter interval or timeout, or a smaller fall")


RULE = Rule(INFO, check, on=("vrrp_script",))
