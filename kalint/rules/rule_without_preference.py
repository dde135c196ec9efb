"""A routing rule without a preference.

## What it does
Finds entries of virtual_rules and static_rules without `preference` (or `priority`, or `order`).

## Why it is bad
keepalived assigns preferences from 16384 downwards, in the order of the file. The kernel therefore tries a later rule
before an earlier one, and a new rule changes the numbers of others.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    virtual_ipaddress {
        10.0.0.9/24
    }
    virtual_rules {
        from 10.0.0.9 table 100
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    virtual_ipaddress {
        10.0.0.9/24
    }
    virtual_rules {
        from 10.0.0.9 table 100 preference 1000
    }
}
```

## Source
vrrp/vrrp_iprule.c of keepalived 2.2.7 (alloc_rule), since 2.0.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo(
    "KA414", "rule-without-preference", "warning", "proven", "a routing rule without a preference", folds=True
)

KEYWORDS = ("preference", "priority", "order")


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.rule_preference_assigned:
        return
    for entry in context.entries("virtual_rules", "static_rules"):
        if not any(word.text in KEYWORDS for word in entry.words):
            message = "this rule has no preference: keepalived chooses one, and the kernel tries a later rule first"
            yield INFO.at(entry.words[0].span, message, help="add preference and a number below 32766")


RULE = Rule(INFO, check, on=("virtual_rules", "static_rules"))
