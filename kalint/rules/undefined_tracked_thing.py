"""A tracker of something that is not defined.

## What it does
Finds names in track_script, track_file, track_process and track_bfd that are not defined, and suggests the name that
was probably meant.

## Why it is bad
keepalived reports it and drops the tracker, so the failure changes nothing. An undefined track_file even crashes
keepalived 2.2.7 with `-t`.

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
        check
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
        chk
    }
}
```

## Source
vrrp/vrrp_track.c of keepalived 2.2.7 (alloc_track_script), trackers/track_file.c (vrrp_alloc_track_file).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.nearest import Nearest
from kalint.rules.support.references import BLOCKS, holders, removed
from kalint.version import Version

INFO = RuleInfo(
    "KA101", "undefined-tracked-thing", "error", "proven", "a tracker of an undefined script, file, process or bfd"
)

_CRASHES = Version(2, 2, 7)
"""Measured: with -t only; the daemon drops the tracker (see undefined-track-file-test in support/bugs.py)."""


def check(context: Context) -> Iterator[Diagnostic]:
    defined: dict[str, list[str]] = {}
    for definition in context.resolved.config.definitions:
        defined.setdefault(definition.kind, []).append(definition.name.text)
    nearest = {kind: Nearest(defined.get(kind, ())) for kind in BLOCKS}
    gone = removed(context.resolved)
    for holder, trackers in holders(context.resolved):
        for tracker in trackers:
            if tracker.ignored == "undefined" and (tracker.kind, tracker.name) not in gone:
                block = BLOCKS[tracker.kind]
                message = f"{block} {tracker.name} is not defined: keepalived drops this tracker of {holder}"
                if tracker.kind == "file" and context.resolved.version == _CRASHES:
                    message += ", and keepalived -t crashes if the file has another track_file (bug of 2.2.7)"
                yield INFO.at(tracker.where.span, message, help=_advice(tracker.name, nearest[tracker.kind], block))
    yield from _track_groups(context)


def _track_groups(context: Context) -> Iterator[Diagnostic]:
    """The track_group of a static address, route or rule."""
    blocks = (node for node in context.resolved.config.nodes if node.keyword == "track_group")
    groups = {node.words[1].text: None for node in blocks if len(node.words) == 2}
    nearest = Nearest(tuple(groups))
    for entry in context.entries("static_ipaddress", "static_routes", "static_rules"):
        for keyword, word in pairwise(entry.words):
            if keyword.text == "track_group" and word.text not in groups and "$" not in word.text:
                message = f"track_group {word.shown} is not defined: keepalived does not track this line"
                yield INFO.at(word.span, message, help=_advice(word.text, nearest, "track_group"))


def _advice(name: str, nearest: Nearest, block: str) -> str:
    """The name that was probably meant, else what is missing."""
    close = nearest.to(name)
    return f"did you mean '{close}'?" if close else f"add a {block} {name} block before the one that tracks it"


RULE = Rule(INFO, check, on=("undefined", "static_ipaddress", "static_routes", "static_rules"))
