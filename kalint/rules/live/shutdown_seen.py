"""A master sent priority 0.

## What it does
Finds adverts of priority 0. It says when they came, which node took over, and how long that took.

## Why it is bad
It is not a mistake in itself. keepalived sends priority 0 when it is stopped, and when an instance goes to FAULT
because of a script or another interface without a weight. A crash, a power loss and a cut link send nothing.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    mcast_src_ip 10.0.0.1
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-2.0 10.0.0.1 priority 110
2.5 10.0.0.1 priority 0
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 110
```

## Source
RFC 5798, section 6.4.3; vrrp.c (vrrp_state_leave_master) of keepalived 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.probe.explain import in_words
from kalint.rules.live import LiveRule
from kalint.rules.live.places import named, seconds, spot
from kalint.rules.rule import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import ComparedSource, View

INFO = RuleInfo("KA912", "shutdown-seen", "info", "proven", "a master sent priority 0")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    for view in named(comparison):
        for compared in view.compared_sources:
            run = compared.source.priorities.get(0)
            if run is not None:
                times = f"{run.adverts} times, " if run.adverts > 1 else ""
                last = f"last at {seconds(run.last)}" if run.adverts > 1 else f"at {seconds(run.first)}"
                yield INFO.at(
                    spot(compared, comparison, "priority"),
                    f"{view.key}: {compared.name} sent priority 0, {times}{last}{_after(view, compared)}",
                    help=_advice(compared),
                )


def _after(view: View, compared: ComparedSource) -> str:
    for period in view.router.periods:
        if period.after == compared.source.address and period.source != compared.source.address:
            return f"; {view.compared(period.source).name} took over {seconds(period.pause)} later"
    return ""


def _advice(compared: ComparedSource) -> str:
    if compared.expected is None:
        return "it left by itself, as when it is stopped; a crash sends nothing"
    fault = compared.expected.reach.fault
    also = f", or it is in FAULT, as with {in_words(fault.witness)}" if fault is not None and fault.witness else ""
    return f"its keepalived was stopped{also}; a crash sends nothing"


RULE = LiveRule(INFO, check)
