"""An address that is its own broadcast address.

## What it does
Finds a virtual address whose `brd` or `broadcast` is the same address.

## Why it is bad
keepalived says nothing. The kernel treats the address as a broadcast address, so connections to it fail.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24 brd 10.0.0.9
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24 brd 10.0.0.255
    }
}
```

## Source
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (alloc_ipaddress).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA409", "broadcast-is-the-address", "warning", "proven", "a virtual address that is its own broadcast")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            options = address.options
            for keyword, word in pairwise(options):
                if keyword.text in ("brd", "broadcast") and word.text == address.word.text.partition("/")[0]:
                    message = f"{word.text} is its own broadcast address: the kernel accepts no connections to it"
                    yield INFO.at(word.span, message, help="write the broadcast address of the subnet, or '+'")


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress"))
