"""Two definitions of one name.

## What it does
Finds a `vrrp_script`, `track_file`, `vrrp_track_process`, `bfd_instance`, `track_group` or `vrrp_sync_group` whose name
an earlier one already has.

## Why it is bad
keepalived uses the first definition, and for scripts it says nothing. A change to the second definition has no
effect.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check"
}
vrrp_script chk {
    script "/usr/local/bin/check --strict"
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
    script "/usr/local/bin/check --strict"
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
vrrp/vrrp_track.c of keepalived 2.2.7 (find_script_by_name takes the first); vrrp/vrrp_parser.c
(vrrp_sync_group_handler).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA010", "duplicate-script", "error", "proven", "two definitions with one name")

BLOCKS = {
    "script": "vrrp_script",
    "file": "track_file",
    "process": "vrrp_track_process",
    "bfd": "bfd_instance",
    "sync_group": "vrrp_sync_group",
}


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("definition-duplicate"):
        kind, _, name = problem.subject.partition(" ")
        first = [Related(span, "the one that counts") for span in problem.related]
        message = f"{BLOCKS.get(kind, kind)} {name} is already defined: keepalived uses the first one"
        yield INFO.at(problem.span, message, *first, help="remove one of them, or give it another name")


RULE = Rule(INFO, check, on=("definition-duplicate",))
