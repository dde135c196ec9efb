"""With two interfaces down, the first to recover clears the FAULT.

## What it does
Finds instances that depend on several interfaces without a weight, including their own, on releases that store one
flag for all of them.

## Why it is bad
From 2.3.3 on, any of these interfaces that comes up clears the FAULT, even if others are still down. The node may
then become master while an interface is down, even its own.

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
from kalint.rules.support.created_interfaces import created_interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo(
    "KA612",
    "several-interface-faults-share-one-bit",
    "warning",
    "proven",
    "two interfaces down, and the first to recover clears the FAULT",
    folds=True,
)

LOOPBACK = "lo"
"""It does not go down."""

IMPLIED = ("address", "route", "rule")


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.interface_faults_share_bit:
        return
    absent = created_interfaces(context.resolved)
    for instance in context.resolved.instances:
        faulting: dict[str, Tracker] = {}
        cancelled: set[str] = set()
        for tracker in instance.trackers:
            if tracker.kind != "interface" or tracker.name == LOOPBACK or tracker.name in absent or ":" in tracker.name:
                continue
            if tracker.ignored == "overridden":
                cancelled.add(tracker.name)
            elif tracker.ignored is None and not tracker.weight.value and tracker.requested is None:
                faulting.setdefault(tracker.name, tracker)
        if len(faulting) < 2 or len(faulting.keys() - cancelled) < 2:
            continue
        first, *others = sorted(faulting.values(), key=_implied)
        all_names = ", ".join(faulting)
        yield INFO.at(
            first.where.span,
            f"{instance.name} is in FAULT while one of {all_names} is down, but with two of them down the first to "
            "recover ends the FAULT (bug of keepalived 2.3.3+)",
            *(Related(tracker.where.span, f"{tracker.name} is tracked too") for tracker in others),
            help=_remedy(instance, [tracker for tracker in (first, *others) if tracker.origin != "own_interface"]),
        )


def _remedy(instance: Instance, trackers: list[Tracker]) -> str:
    """What takes the devices other than the own one out of it: a weight only where it can count."""
    written = instance.written
    devices = {
        word.text
        for word in (
            *(address.dev for address in (*written.addresses, *written.excluded_addresses) if not address.no_track),
            *(device for route in (*written.routes, *written.rules) if not route.no_track for device in route.devices),
        )
        if word is not None
    }
    named = dict.fromkeys(tracker.name for tracker in trackers if tracker.origin not in IMPLIED)
    parts = []
    if named:
        names = " and ".join(named)
        weighs = instance.preempt.value and not instance.owner
        parts.append(f"give {names} a weight" if weighs else f"track {names} with a vrrp_script instead")
    untracked = " and ".join(
        name for name in dict.fromkeys(tracker.name for tracker in trackers) if name in devices or name not in named
    )
    if untracked:
        parts.append(f"write no_track on each address, route and rule with dev {untracked}")
    return ", and ".join(parts)


def _implied(tracker: Tracker) -> bool:
    """The own interface goes last: the mistake is to hang on another one too."""
    return tracker.origin == "own_interface"


RULE = Rule(INFO, check, on=("vrrp_instance",))
