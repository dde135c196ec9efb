"""A keyword that has a successor.

## What it does
Finds keywords that keepalived still reads but advises against, and says what to write instead.

## Why it is bad
keepalived may drop the keyword in a later release; many of them are reported at every start already.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    linkbeat_use_polling
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
linkbeat_interfaces {
    eth0
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
The keyword table: for each keyword what replaces it, and since when.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import replaced

INFO = RuleInfo("KA011", "deprecated-keyword", "info", "proven", "a deprecated keyword")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("keyword-deprecated"):
        advice = f"write {problem.detail}"
        fix = replaced(context, problem.span, problem.subject, problem.instead) if problem.instead else None
        yield INFO.at(
            problem.span, f"'{problem.subject}' is deprecated: a later keepalived may remove it", help=advice, fix=fix
        )


RULE = Rule(INFO, check, on=("keyword-deprecated",))
