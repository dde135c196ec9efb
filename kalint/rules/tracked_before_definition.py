"""A tracker of something that is defined later.

## What it does
Finds names in track_script, track_file, track_process and track_bfd that are defined only after the block that tracks
them.

## Why it is bad
keepalived reads the file once, from top to bottom. It does not find the thing, reports that, and drops the tracker.

## Bad
```
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
vrrp_script chk {
    script "/usr/local/bin/check"
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

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import moved
from kalint.rules.support.references import BLOCKS, holders
from kalint.semantics.resolved import Resolved
from kalint.syntax.tree import Node

INFO = RuleInfo(
    "KA102",
    "tracked-before-definition",
    "error",
    "proven",
    "a tracker above the definition of its script, file or process",
)


def check(context: Context) -> Iterator[Diagnostic]:
    names = {(definition.kind, definition.name.text): definition for definition in context.resolved.config.definitions}
    early = _holders(context.resolved)
    for holder, trackers in holders(context.resolved):
        for tracker in trackers:
            if tracker.ignored == "defined-later":
                block = BLOCKS[tracker.kind]
                message = (
                    f"{block} {tracker.name} is defined only after {holder}: keepalived does not find it and drops "
                    "this tracker"
                )
                definition = names.get((tracker.kind, tracker.name))
                places = (Related(definition.name.span, "the definition, below the tracker"),) if definition else ()
                fix = moved(context, definition.node, early[tracker.key]) if definition else None
                if fix is not None and tracker.kind == "script":
                    fix = fix._replace(safe=False)  # keepalived runs the script from then on
                advice = f"move {block} {tracker.name} before {holder}"
                yield INFO.at(tracker.where.span, message, *places, help=advice, fix=fix)


def _holders(resolved: Resolved) -> dict[str, list[Node]]:
    """The blocks that track each thing too early."""
    found: dict[str, list[Node]] = {}
    nodes = [(group.written.node, group.trackers) for group in resolved.sync_groups]
    nodes += [(instance.written.node, instance.trackers) for instance in resolved.instances]
    for node, trackers in nodes:
        for tracker in trackers:
            if tracker.ignored == "defined-later":
                found.setdefault(tracker.key, []).append(node)
    return found


RULE = Rule(INFO, check, on=("defined-later",))
