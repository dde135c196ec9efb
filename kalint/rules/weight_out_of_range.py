"""A weight outside the allowed range.

## What it does
Finds weights of tracked scripts, interfaces, files, processes and BFD sessions that are out of range or not numbers.

## Why it is bad
The effect depends on the place and on the release. keepalived uses the number nevertheless, limits it to 253, uses
the weight of the definition instead, or uses 0, which turns a change of priority into a FAULT.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_interface {
        eth1 weight -300
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
alloc_track_script, alloc_track_if and similar functions in keepalived/vrrp/vrrp_track.c and
keepalived/trackers/track_file.c; vrrp_vscript_weight_handler in keepalived/vrrp/vrrp_parser.c (1.2.13 to 2.4.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.tracking import TRACKING, cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Tracker

INFO = RuleInfo("KA207", "weight-out-of-range", "error", "proven", "a weight outside the range of keepalived")


def check(context: Context) -> Iterator[Diagnostic]:
    profile = context.resolved.profile
    seen: set[int] = set()
    for instance in context.resolved.instances:
        for tracker in instance.trackers:
            value, word = tracker.weight.value, tracker.weight.word
            if tracker.requested is not None:
                word = tracker.requested.word
            elif -254 < value < 254 and (word is None or word.text == str(value)):
                continue
            if word is None or tracker.ignored is not None or id(word) in seen or "$" in word.text:
                continue
            seen.add(id(word))
            limit = _limit(tracker, profile)
            number = _number(word.text)
            if number is not None and abs(number) <= limit:
                continue
            yield INFO.at(
                word.span,
                f"weight {word.text} of {tracker.name} is not a number from {-limit} to {limit}: "
                f"{_fate(tracker, number)}",
                help=f"write a number from {-limit} to {limit}",
            )


def _limit(tracker: Tracker, profile: Profile) -> int:
    """The largest weight that is taken as it is, at this place."""
    if tracker.kind == "bfd":
        return 253
    if tracker.kind in ("file", "process") or not profile.weight_254_becomes_253:
        return 254
    return 253


def _number(text: str) -> int | None:
    digits = text[1:] if text[:1] in ("-", "+") else text
    return int(text) if digits.isdigit() and digits.isascii() else None


def _fate(tracker: Tracker, number: int | None) -> str:
    used = tracker.weight.value
    if used == number:
        return "keepalived uses it and limits the sum"
    if used == 0:
        return f"keepalived uses 0, so {cause(tracker)} is a FAULT"
    return f"keepalived uses {used}"


RULE = Rule(INFO, check, on=TRACKING)
