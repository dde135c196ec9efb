"""The virtual router ID of most examples.

## What it does
Finds `virtual_router_id 51`. There is one finding for each configuration.

## Why it is bad
The ID must be unique on a link, and 51 is in most examples. Two clusters with the same ID disturb each other:
passwords do not match, masters change repeatedly, or one cluster takes the master role from the other.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 137
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
189 of 474 instances of published configurations; RFC 5798, section 5.2.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA403", "vrid-default-51", "info", "heuristic", "virtual_router_id 51, the value of most examples")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        vrid = instance.virtual_router_id
        if vrid.value == 51 and vrid.word is not None:
            message = "virtual_router_id 51 is the value of most examples: another cluster on this network may use it"
            yield INFO.at(vrid.word.span, message, help="choose another value from 1 to 255, the same on all nodes")


RULE = Rule(INFO, check, on=("virtual_router_id",))
