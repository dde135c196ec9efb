"""Weights on an instance of priority 255.

## What it does
Finds trackers with a weight on an instance whose priority is 255, the owner of the addresses.

## Why it is bad
The priority of an owner never changes. keepalived removes its weighted scripts, and whatever else fails, the node
stays master with 255. Only a FAULT makes another node master.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 255
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
    script "/usr/local/bin/chk"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 254
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_complete_instance and vrrp_set_effective_priority in keepalived/vrrp/vrrp.c; RFC 5798, section 5.2.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import asked, cause, origin, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo("KA203", "weight-on-owner", "error", "proven", "weights on an instance of priority 255")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = instance.base_priority.word
        if word is None or not instance.owner or "priority" not in instance.written.settings:
            continue
        dead = [tracker for tracker in instance.trackers if tracker.ignored in (None, "owner") and asked(tracker)]
        if not dead:
            continue
        names = ", ".join(f"{asked(tracker)} of {tracker.name}" for tracker in dead)
        yield INFO.at(
            word.span,
            f"priority 255 does not change, so the weight{'s' if len(dead) > 1 else ''} {names} on {instance.name} "
            "cannot make another node master",
            *(note for tracker in dead for note in (Related(spot(tracker), _fate(tracker)), *origin(tracker))),
            help="write a priority of at most 254, or remove the weights so that a failure puts the node in FAULT",
        )


def _fate(tracker: Tracker) -> str:
    if tracker.ignored is None and tracker.weight.value == 0:
        return f"keepalived changes this weight to 0, so {cause(tracker)} is a FAULT"
    return "this weight has no effect"


RULE = Rule(INFO, check, on=("priority", "state"))
