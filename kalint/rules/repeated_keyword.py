"""A setting that is repeated in one block.

## What it does
Finds a statement that another statement of the same block replaces.

## Why it is bad
For most keywords keepalived says nothing and uses one of the two: mostly the last, and of two `state` lines MASTER. A
reader who looks at the other line is misled.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
    priority 150
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c of keepalived 2.2.7: the handlers overwrite the earlier value.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import repeated

INFO = RuleInfo("KA004", "repeated-keyword", "warning", "proven", "a setting repeated in one block")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("keyword-repeated"):
        if context.untold(INFO, problem.span):
            yield INFO.counted(problem.span)
            continue
        winners = [Related(span, "this one counts") for span in problem.related]
        message = f"'{problem.subject}' is given more than once: keepalived does not use this one"
        fix = repeated(context, problem.span, problem.related[0]) if len(problem.related) == 1 else None
        yield INFO.at(problem.span, message, *winners, help="remove the one that is wrong", fix=fix)


RULE = Rule(INFO, check, on=("keyword-repeated",))
