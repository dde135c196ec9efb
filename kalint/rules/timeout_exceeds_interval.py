"""A script that may run longer than its interval.

## What it does
Finds a vrrp_script whose timeout is longer than its interval.

## Why it is bad
While a script runs, keepalived 1.4.0 to 2.1.2, and 2.3.3 and later, skips its next runs. Other releases start more
runs at the same time, although the log of 2.1.3 and later says that they are skipped. A script that hangs is noticed
only after its timeout, however short the interval is.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check"
    interval 2
    timeout 10
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/check"
    interval 2
    timeout 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Source
vrrp/vrrp_scheduler.c of keepalived 2.2.7 (vrrp_script_thread): "skipping run".
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo(
    "KA603", "timeout-exceeds-interval", "warning", "proven", "a timeout longer than the interval of a script"
)


def check(context: Context) -> Iterator[Diagnostic]:
    for script in context.resolved.scripts:
        timeout, interval = script.timeout, script.interval
        if timeout.word is not None and timeout.value > interval.value:
            skipped = context.resolved.profile.running_script_skipped
            meanwhile = "skips the runs in between" if skipped else "starts more runs in between"
            message = (
                f"timeout {timeout.value:g} s of {script.name} exceeds its interval of {interval.value:g} s: a hanging "
                f"run is noticed after {timeout.value:g} s, and keepalived {meanwhile}"
            )
            yield INFO.at(timeout.word.span, message, help=f"write a timeout of at most {interval.value:g} s")


RULE = Rule(INFO, check, on=("vrrp_script",))
