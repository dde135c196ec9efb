"""A vrrp_script that runs nothing.

## What it does
Finds a `vrrp_script` without a `script` statement.

## Why it is bad
keepalived reports it, removes the script, and drops every tracker of it.

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
vrrp/vrrp_parser.c of keepalived 2.2.7 (vrrp_vscript_end_handler).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.diagnostic import Diagnostic
from kalint.rules.references import removed
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA614", "script-without-command", "error", "proven", "a vrrp_script without a script to run")


def check(context: Context) -> Iterator[Diagnostic]:
    gone = removed(context.resolved)
    for definition in context.resolved.config.definitions:
        if definition.kind == "script" and definition.name.text in gone:
            message = f"vrrp_script {definition.name.text} has no script: keepalived removes it and whatever tracks it"
            yield INFO.at(definition.name.span, message, help="add a script statement with the path of a program")


RULE = Rule(INFO, check)
