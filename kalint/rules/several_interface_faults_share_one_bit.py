"""With two interfaces down, one that returns ends the FAULT.

## What it does
Finds instances that hang on several interfaces without a weight (the own one counts), on releases that keep one bit
for all of them.

## Why it is bad
From 2.3.3 on any of these interfaces that comes up clears the FAULT, though others are still down. The node may then
become master with a dead interface, even its own.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth1
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth1 weight -60
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
down_instance and try_up_instance in keepalived/vrrp/vrrp_track.c; measured on 2.3.3 and 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo(
    "KA612",
    "several-interface-faults-share-one-bit",
    "warning",
    "proven",
    "with two interfaces down, one that returns ends the FAULT",
)

LOOPBACK = "lo"
"""It does not go down."""


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.interface_faults_share_bit:
        return
    for instance in context.resolved.instances:
        faulting: dict[str, Tracker] = {}
        cancelled: set[str] = set()
        for tracker in instance.trackers:
            if tracker.kind != "interface" or tracker.name == LOOPBACK:
                continue
            if tracker.ignored == "overridden":
                cancelled.add(tracker.name)
            elif tracker.ignored is None and not tracker.weight.value and tracker.requested is None:
                faulting.setdefault(tracker.name, tracker)
        if len(faulting) < 2 or len(faulting.keys() - cancelled) < 2:
            continue
        first, *others = sorted(faulting.values(), key=_implied)
        names = ", ".join(faulting)
        yield INFO.at(
            first.where.span,
            f"{instance.name} faults on several interfaces ({names}), but this release keeps one bit for all: with two "
            f"down, one that returns ends the FAULT, and {instance.name} may become master with the other still down",
            *(Related(tracker.where.span, f"{tracker.name} shares the bit") for tracker in others),
            help="give the interfaces other than the instance's own a weight",
        )


def _implied(tracker: Tracker) -> bool:
    """The own interface goes last: the mistake is to hang on another one too."""
    return tracker.origin == "own_interface"


RULE = Rule(INFO, check, on=("vrrp_instance",))
