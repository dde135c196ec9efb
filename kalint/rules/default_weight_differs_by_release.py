"""A script without a weight, on a release whose manual promises another default.

## What it does
Finds tracked scripts without any weight, for releases whose documentation says that the weight is then 2.

## Why it is bad
The documentation up to 1.3.2 was wrong: the daemon's default has always been 0. A failing script does not lower the
priority by 2; it puts the instance in FAULT.

## Bad
```
# keepalived-version: 1.2.13
vrrp_script chk {
    script "/usr/local/bin/chk"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
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
# keepalived-version: 1.2.13
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
doc/keepalived.conf.SYNOPSIS of 1.2.13 to 1.3.2 ("If unspecified, the weight equals 2"), corrected in 1.3.3;
VRRP_SCRIPT_DW in keepalived/include/vrrp_track.h is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo(
    "KA214", "default-weight-differs-by-release", "info", "proven", "the manual's default weight is not the daemon's"
)


def check(context: Context) -> Iterator[Diagnostic]:
    documented = context.resolved.profile.documented_script_weight
    if not documented:
        return
    scripts = {script.name: script for script in context.resolved.scripts}
    seen: set[str] = set()
    for instance in context.resolved.instances:
        for tracker in instance.trackers:
            if tracker.kind != "script" or tracker.weight.word is not None or tracker.ignored is not None:
                continue
            if tracker.name in seen or tracker.requested is not None:
                continue
            seen.add(tracker.name)
            yield INFO.at(
                scripts[tracker.name].written.name.span,
                f"vrrp_script {tracker.name} has no weight: the manual of this release says {documented}, but "
                f"keepalived uses 0, so its failure is a FAULT of {instance.name}",
                Related(tracker.where.span, "tracked here"),
                help="write the weight explicitly",
            )


RULE = Rule(INFO, check, on=TRACKING)
