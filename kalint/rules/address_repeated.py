"""An address given twice.

## What it does
Finds a virtual address that stands twice in one instance, in virtual_ipaddress, virtual_ipaddress_excluded or both.

## Why it is bad
keepalived says nothing, sends the address twice in its adverts, and fails to add it a second time. Before 2.3.3 the
other node refuses adverts whose list differs from its own.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
        10.0.0.9/24
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
        10.0.0.10/24
    }
}
```

## Source
vrrp/vrrp_data.c of keepalived 2.2.7 (alloc_vrrp_vip) checks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import repeated

INFO = RuleInfo("KA405", "address-repeated", "warning", "proven", "a virtual address that one instance has twice")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        first: dict[tuple[str, str], Related] = {}
        written = instance.written
        for address in (*written.addresses, *written.excluded_addresses):
            key = (address.word.text.lower(), address.dev.text if address.dev else "")
            if key in first:
                message = f"{address.word.text} is in {instance.name} twice: keepalived fails to add it again"
                # The adverts have one address less then, and other nodes that still have two do not take them.
                fix = repeated(context, address.word.span, first[key].span, safe=False)
                yield INFO.at(address.word.span, message, first[key], help="remove one of the two lines", fix=fix)
            else:
                first[key] = Related(address.word.span, "the first")


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded"))
