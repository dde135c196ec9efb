"""Two instances of one name.

## What it does
Finds a `vrrp_instance` whose name an earlier one already has.

## Why it is bad
keepalived reports it and skips the whole second block: that virtual router does not exist.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_1 {
    interface eth1
    virtual_router_id 52
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 52
    virtual_ipaddress {
        10.0.1.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c of keepalived 2.2.7 (vrrp_handler).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA009", "duplicate-instance", "error", "proven", "two vrrp_instances with one name")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("instance-duplicate"):
        first = [Related(span, "the instance that keeps the name") for span in problem.related]
        message = f"vrrp_instance {problem.subject} is already defined: keepalived ignores this block"
        yield INFO.at(problem.span, message, *first, help="give it another name")


RULE = Rule(INFO, check, on=("instance-duplicate",))
