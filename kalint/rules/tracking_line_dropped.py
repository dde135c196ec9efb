"""An unknown word on a tracking line.

## What it does
Finds lines of track_script, track_interface, track_file, track_process and track_bfd with an unknown word, or with
`weight` but without a number.

## Why it is bad
keepalived reports it and drops the whole line: nothing is tracked.

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
        chk wieght 20
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
vrrp/vrrp_track.c of keepalived 2.2.7 (alloc_track_script), trackers/track_file.c (vrrp_alloc_track_file).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.references import holders

if TYPE_CHECKING:
    from kalint.source import Word

INFO = RuleInfo("KA109", "tracking-line-dropped", "error", "proven", "a tracking line with an unknown word")

KNOWN = ("weight", "reverse", "noreverse")


def check(context: Context) -> Iterator[Diagnostic]:
    for holder, trackers in holders(context.resolved):
        for tracker in trackers:
            if tracker.ignored == "bad-option":
                what = odd_word(tracker.where)
                message = f"{what} after {tracker.name}: keepalived drops the line, and {holder} does not track it"
                yield INFO.at(
                    tracker.where.span,
                    message,
                    help=f"write '{tracker.name} weight N' or '{tracker.name} weight N reverse'",
                )


def odd_word(name: Word) -> str:
    """What is wrong with the words after a tracked thing's name."""
    words = name.line.shown()[name.end :].split()
    if words and words[-1] == "weight":
        return "'weight' has no value"
    pairs = zip(["", *words], words, strict=False)
    unknown = [word for before, word in pairs if word not in KNOWN and before != "weight"]
    return f"unknown word '{unknown[0]}'" if unknown else "the words are in the wrong order"


RULE = Rule(INFO, check, on=("bad-option",))
