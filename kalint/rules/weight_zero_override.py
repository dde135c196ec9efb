"""The tracking line turns a script's weight into 0.

## What it does
Finds `weight 0` on a tracking line where the vrrp_script itself has another weight.

## Why it is bad
The tracking line wins, and 0 does not mean "no effect": a failure puts the instance in FAULT instead of changing its
priority.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        chk weight 0
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
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
alloc_track_script in keepalived/vrrp/vrrp_track.c (1.2.13 to 2.4.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA209", "weight-zero-override", "warning", "proven", "weight 0 replaces the script's own weight")


def check(context: Context) -> Iterator[Diagnostic]:
    own = {script.name: script.weight for script in context.resolved.scripts if script.weight.value}
    if not own:
        return
    seen: set[int] = set()
    for instance in context.resolved.instances:
        if instance.silent is not None:
            continue
        for tracker in instance.trackers:
            word = tracker.weight.word
            if tracker.kind != "script" or word is None or tracker.weight.value or tracker.requested is not None:
                continue
            weight = own.get(tracker.name)
            if weight is None or weight.word is None or word.line is not tracker.where.line or id(word) in seen:
                continue
            seen.add(id(word))
            yield INFO.at(
                word.span,
                f"weight 0 replaces the weight {weight.value} of vrrp_script {tracker.name}: {cause(tracker)} puts "
                f"{instance.name} in FAULT instead of changing its priority by "
                f"{abs(weight.value)}",
                Related(weight.word.span, "the weight that is replaced"),
                help="remove 'weight 0' to use the weight of the script",
            )


RULE = Rule(INFO, check, on=TRACKING)
