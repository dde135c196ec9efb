"""An address outside the subnets of the other addresses.

## What it does
Finds virtual addresses without a prefix length that lie in no subnet of the other virtual addresses on the same
interface. There is one finding for each instance. It is a guess: the interface may have such a subnet itself.

## Why it is bad
Without a prefix length the address belongs to no subnet. If the interface has no subnet that contains it, no host on
the link asks for it, so no packet arrives. Often one of the numbers is mistyped.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
        10.0.1.9
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
        10.0.0.10/24
    }
}
```

## Source
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (parse_ipaddress).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.subnets import Subnets, alone, interfaces

INFO = RuleInfo(
    "KA411", "address-outside-any-named-subnet", "warning", "heuristic", "an address in no subnet of the others"
)


def check(context: Context) -> Iterator[Diagnostic]:
    for addresses in context.once(interfaces).values():
        networks = [one for one in addresses if one.network is not None and not one.network.is_link_local]
        subnets = Subnets(networks)
        told = set()
        for one in addresses:
            lost = networks and alone(one) and not one.host.is_link_local and one.instance not in told
            if lost and not subnets.hold(one):
                told.add(one.instance)
                named = ", ".join(dict.fromkeys(other.text for other in networks[:3]))
                message = (
                    f"{one.text} of {one.instance} is in no subnet of the other addresses on its interface ({named}): "
                    "probably no host reaches it"
                )
                yield INFO.at(one.word.span, message, help="write its prefix length, or correct the address")


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded"))
