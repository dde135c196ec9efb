"""A tracker without a weight takes the instance out of VRRP.

## What it does
Points out scripts, files, processes and BFD sessions that are tracked with weight 0. Interfaces are left out: that
their loss is a FAULT is what people expect.

## Why it is bad
It need not be. But 0 does not mean "no effect": when the check fails, the node goes to FAULT and gives up its
addresses, whether or not another node can take them. When the same thing fails everywhere, nobody is master.

## Bad
```
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
vrrp_script_up, vrrp_script_down in keepalived/vrrp/vrrp_track.c; the default weight of a script is 0 in every release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, asked, cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo("KA211", "weight-zero-faults", "info", "proven", "a tracker without a weight faults the instance")


def check(context: Context) -> Iterator[Diagnostic]:
    own = {script.name for script in context.resolved.scripts if script.weight.value}
    documented = context.resolved.profile.documented_script_weight
    seen: set[int] = set()
    for instance in context.resolved.instances:
        if instance.silent is not None:
            continue
        for tracker in instance.trackers:
            if tracker.kind == "interface" or tracker.ignored is not None or tracker.weight.value or asked(tracker):
                continue
            if id(tracker.where) in seen or _said_elsewhere(tracker, own, documented):
                continue
            seen.add(id(tracker.where))
            word = tracker.weight.word
            if word is not None and word.text.strip("+-0"):
                continue
            yield INFO.at(
                tracker.where.span,
                f"{tracker.kind} {tracker.name} has weight 0, so {cause(tracker)} takes {instance.name} out of VRRP "
                "(FAULT), whether or not another node can take over",
                *(() if word is None else (Related(word.span, "the weight 0"),)),
                help="give it a weight, such as -20, where the node may stay master if no other is better",
            )


def _said_elsewhere(tracker: Tracker, own: set[str], documented: int) -> bool:
    """Whether weight-zero-override or default-weight-differs-by-release has this tracker."""
    if tracker.kind != "script":
        return False
    return tracker.name in own or (bool(documented) and tracker.weight.word is None)


RULE = Rule(INFO, check, on=TRACKING)
