"""An address without a prefix length among addresses that have one.

## What it does
Finds virtual addresses without a prefix length in an instance where another address of the same subnet has one. There
is one finding for each instance.

## Why it is bad
keepalived uses /32 (IPv6: /128). The address works. But if it is the only one on the interface, the machine has no
route to the subnet and no broadcast address.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
        10.0.0.10
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
from kalint.rules.support.subnets import Named, Subnets, alone, interfaces

INFO = RuleInfo(
    "KA412",
    "address-without-prefix",
    "info",
    "heuristic",
    "an address without a prefix length, next to addresses with one",
)


def check(context: Context) -> Iterator[Diagnostic]:
    for addresses in context.once(interfaces).values():
        by_instance: dict[str, list[Named]] = {}
        for one in addresses:
            by_instance.setdefault(one.instance, []).append(one)
        for own in by_instance.values():
            subnets = Subnets(own)
            bare = [one for one in own if alone(one) and subnets.hold(one)]
            if bare:
                yield _finding(bare, next(other for other in own if bare[0].inside(other)))


def _finding(bare: list[Named], like: Named) -> Diagnostic:
    one, length = bare[0], like.text.partition("/")[2]
    more = f" (and {len(bare) - 1} more)" if len(bare) > 1 else ""
    most = 32 if one.host.version == 4 else 128
    message = f"{one.text} of {one.instance}{more} has no prefix length: keepalived uses /{most}, next to {like.text}"
    return INFO.at(one.word.span, message, help=f"write {one.text}/{length}, or /{most} if that is intended")


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded"))
