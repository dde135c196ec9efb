"""A scope or a label for an IPv6 address.

## What it does
Finds `scope` and `label` after an IPv6 address in virtual_ipaddress and virtual_ipaddress_excluded.

## Why it is bad
Linux has labels for IPv4 addresses only, and derives the scope of an IPv6 address from the address. keepalived
reports the option and adds the address without it. A link-local address has `scope link` anyway.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    version 3
    virtual_ipaddress {
        fe80::9/64 label eth0:1
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    version 3
    virtual_ipaddress {
        fe80::9/64
    }
}
```

## Source
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (alloc_ipaddress), since 1.2.20.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.model.keywords.options import says_its_own_scope
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo(
    "KA413", "ipv6-address-option", "warning", "proven", "a scope or a label for an IPv6 address", folds=True
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            if ":" not in address.word.text or address.refused is not None:
                continue
            before = ""
            for index, word in enumerate(address.options):
                after = address.options[index + 1].text if index + 1 < len(address.options) else ""
                own = says_its_own_scope(address.word.text, word.text, after)
                if before != "dev" and word.text in ("scope", "label") and not own:
                    message = f"{address.word.text} is an IPv6 address: keepalived ignores its {word.text}"
                    yield INFO.at(word.span, message, help=f"remove the {word.text}")
                before = word.text


RULE = Rule(
    INFO,
    check,
    on=(
        "virtual_ipaddress",
        "virtual_ipaddress_excluded",
        "static_ipaddress",
        "virtual_routes",
        "static_routes",
        "virtual_rules",
        "static_rules",
    ),
)
