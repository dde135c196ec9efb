"""A label of more than 15 bytes.

## What it does
Finds the `label` of a virtual or static address that is longer than an interface name may be.

## Why it is bad
keepalived removes the address.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24 dev eth0 label eth0:web-frontend
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24 dev eth0 label eth0:web
    }
}
```

## Source
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (alloc_ipaddress); IFNAMSIZ of linux/if.h.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA408", "label-too-long", "error", "proven", "a label of more than 15 characters")


def check(context: Context) -> Iterator[Diagnostic]:
    for entry in context.entries("virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress"):
        for keyword, word in pairwise(entry.words[1:]):
            size = len(word.text.encode("utf-8", "surrogateescape"))
            if keyword.text == "label" and size > 15:
                message = f"label '{word.text}' has {size} bytes: keepalived removes {entry.words[0].text}"
                yield INFO.at(word.span, message, help="write at most 15 bytes")


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress"))
