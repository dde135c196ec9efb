"""A takeover took longer than a requirement of the cluster allows.

## What it does
Measures each takeover against the requirements of the cluster that have a `within` (docs/requirements.md) and one
event, or `whatever` fails, where each single failure counts. It measures from the first advert that tells of the
failure (priority 0, or a lower priority) to the first advert of the new master. Where the old master only fell silent,
the failure may have come an advert interval later, which is taken off. The wire does not tell what failed: where
several requirements speak of such a takeover, the longest time counts.

## Why it is bad
Somebody relies on that time. `kalint require` works out the worst case of the files, and this takeover was slower: a
machine is overloaded, or runs another file.

## Bad
The two nodes:
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
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    mcast_src_ip 10.0.0.2
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
require b is master when a crashes, within 4 s
0.0-3.0 10.0.0.1 priority 110
8.5-11.5 10.0.0.2 priority 100
```

## Good
With the same files:
```
require b is master when a crashes, within 4 s
0.0-3.0 10.0.0.1 priority 110
6.6-9.6 10.0.0.2 priority 100
```

## Source
docs/timing.md; RFC 5798, section 6.4.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.timing.detection import PRIORITY, SILENCE, ZERO
from kalint.requirements.normal import normal
from kalint.requirements.normal import seconds as spelled
from kalint.rules.live import LiveRule
from kalint.rules.live.places import MOST_NAMED, named, nowhere, seconds
from kalint.rules.rule import RuleInfo
from kalint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.requirements.promises import TakeoverLimit
    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.facts import MasterPeriod
    from kalint.probe.view import ComparedSource, View

INFO = RuleInfo("KA920", "slow-takeover", "warning", "proven", "a takeover that took longer than a requirement allows")
_SIGNALS = {"shutdown": ZERO, "silent": SILENCE, "preempted": PRIORITY}


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    """Each requirement once, with the slowest of its takeovers."""
    if not comparison.promises:
        return
    worst: dict[TakeoverLimit, tuple[float, str]] = {}
    for view in named(comparison):
        for period in view.router.periods:
            found = _late(comparison, view, period)
            if found is not None and found[1] > worst.get(found[0], (0.0, ""))[0]:
                worst[found[0]] = found[1:]
    for promise, (_, text) in list(worst.items())[:MOST_NAMED]:
        yield INFO.at(
            _where(promise, comparison),
            text,
            help=f"look in the log of {promise.new} for what delayed it, or allow more time",
        )


def _late(comparison: Comparison, view: View, period: MasterPeriod) -> tuple[TakeoverLimit, float, str] | None:
    """The promise that a takeover does not keep, the seconds that it took at least, and what is said of it."""
    old, new = _known(view, period.after), _known(view, period.source)
    before = [each for each in view.router.periods if each.source == period.after and each.end <= period.start]
    if old is None or new is None or old.expected is None or new.expected is None or not before:
        return None
    signal = _SIGNALS.get(before[-1].ended)
    taken, said, priority = period.start - before[-1].end, "sent priority 0", None
    if signal == SILENCE:
        taken, said = period.pause - old.source.said.interval, "fell silent"
    elif signal == PRIORITY:
        lowered = [each for each in old.source.changes if each[0] <= period.start]
        if not lowered:
            return None
        (since, priority) = lowered[-1]
        taken, said = period.start - since, f"went down to priority {priority}"
    key = view.key.virtual_router_id, view.key.family, old.expected.node, new.expected.node, signal, priority
    fitting = [each for each in comparison.promises if each[:6] == key]
    promise = max(fitting, key=lambda each: each.within, default=None)
    if promise is None or taken <= promise.within:
        return None
    text = (
        f"{view.key}: {new.name} took over {seconds(taken)} or more after {old.name} {said}, and "
        f"{spelled(promise.within)} are allowed: {normal(promise.requirement, with_name=True)}"
    )
    return promise, taken, text


def _known(view: View, address: str) -> ComparedSource | None:
    """A source of which the node is certain."""
    found = next((each for each in view.compared_sources if each.source.address == address), None)
    return None if found is None or found.expected is None or found.others else found


def _where(promise: TakeoverLimit, comparison: Comparison) -> Span:
    place = promise.requirement.place
    if not place.file:
        return nowhere(comparison)
    return Span(place.file, place.line, place.column, place.line, place.end)


RULE = LiveRule(INFO, check)
