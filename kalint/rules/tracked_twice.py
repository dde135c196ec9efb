"""The same thing tracked twice in one block.

## What it does
Finds a name that occurs twice in the tracking blocks of one kind, in one instance or sync group.

## Why it is bad
keepalived uses the first line and reports the second: the weight of the second line never counts.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk weight 10
        chk weight 20
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/check"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk weight 20
    }
}
```

## Source
vrrp/vrrp_track.c of keepalived 2.2.7 (alloc_track_script): "duplicate track_script".
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import repeated
from kalint.rules.support.references import holders

INFO = RuleInfo("KA106", "tracked-twice", "warning", "proven", "a name tracked twice in one block")


def check(context: Context) -> Iterator[Diagnostic]:
    for holder, trackers in holders(context.resolved):
        first = {tracker.key: tracker for tracker in reversed(trackers) if tracker.ignored != "repeated"}
        for tracker in trackers:
            if tracker.ignored == "repeated":
                kept = first.get(tracker.key)
                places = (Related(kept.where.span, "the one that counts"),) if kept else ()
                message = f"{holder} tracks {tracker.name} twice: keepalived ignores this line"
                fix = repeated(context, tracker.where.span, kept.where.span) if kept else None
                yield INFO.at(tracker.where.span, message, *places, help="remove one of the two lines", fix=fix)


RULE = Rule(INFO, check, on=("repeated",))
