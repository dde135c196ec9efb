"""An incomplete definition of a script, file or process.

## What it does
Finds a `vrrp_script` without `script`, a `track_file` without `file`, and a `vrrp_track_process` without `process`.

## Why it is bad
keepalived reports it, removes the definition, and drops every tracker of it.

## Bad
```
vrrp_script chk {
    interval 2
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
vrrp/vrrp_parser.c of keepalived 2.2.7 (vrrp_vscript_end_handler); trackers/track_file.c (track_file_end_handler).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.references import BLOCKS, removed

INFO = RuleInfo(
    "KA614", "definition-incomplete", "error", "proven", "a script, file or process definition that is incomplete"
)


def check(context: Context) -> Iterator[Diagnostic]:
    gone = removed(context.resolved)
    for definition in context.resolved.config.definitions:
        kind, name = definition.kind, definition.name
        if (kind, name.text) not in gone or context.said_otherwise(definition.node, kind):
            continue
        said = definition.settings.get(kind)
        if said is None:
            message = f"{BLOCKS[kind]} {name.text} has no {kind}: keepalived removes it and whatever tracks it"
            yield INFO.at(name.span, message, help=f"add a {kind} statement")
        elif len(said.words) > 1:  # without a value it is KA008
            message = f"this {kind} is empty: keepalived removes {BLOCKS[kind]} {name.text} and whatever tracks it"
            yield INFO.at(said.words[1].span, message, help="write a command")


RULE = Rule(INFO, check, on=("vrrp_script", "track_file", "vrrp_track_file", "vrrp_track_process"))
