"""An address in two instances.

## What it does
Finds a virtual address, excluded ones too, that two instances have. Link-local addresses on different interfaces are
not reported, and neither are instances of one sync group.

## Why it is bad
keepalived says nothing. When one of the two instances stops being master, it removes the address, and the other
instance loses it too.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    virtual_ipaddress {
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
    }
}
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    virtual_ipaddress {
        10.0.0.10/24
    }
}
```

## Source
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (netlink_ipaddress): each instance adds and removes its own list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.addresses import device_of
from kalint.semantics.values import address_family

if TYPE_CHECKING:
    from kalint.model.config import Address
    from kalint.semantics.resolved import Instance, Resolved

INFO = RuleInfo("KA404", "address-in-two-instances", "error", "proven", "a virtual address that two instances have")


def check(context: Context) -> Iterator[Diagnostic]:
    if len(context.resolved.instances) < 2:
        return
    first: dict[tuple[str, str], tuple[Instance, Address]] = {}
    for instance in context.resolved.instances:
        written = instance.written
        for address in (*written.addresses, *written.excluded_addresses):
            host = address.word.text.partition("/")[0].lower()
            if address_family(host) is None:
                continue
            key = (host, device(instance, address, context.resolved) if host.startswith("fe80:") else "")
            other, same = first.setdefault(key, (instance, address))
            owner = other.name
            if other is not instance and (instance.sync_group is None or instance.sync_group != other.sync_group):
                if context.untold(INFO, address.word.span):
                    yield INFO.counted(address.word.span)
                    continue
                place = Related(same.word.span, f"the same in {owner}")
                message = f"{host} is in {owner} and in {instance.name}: when one stops being master, both lose it"
                yield INFO.at(address.word.span, message, place, help="leave the address in one of them")


def device(instance: Instance, address: Address, resolved: Resolved) -> str:
    """The interface that an address is on; an instance with use_vmac or use_ipvlan makes its own."""
    found = device_of(address, resolved.config.global_settings, resolved.profile)
    if found is not None:
        return found
    private = not {"use_vmac", "use_ipvlan"}.isdisjoint(instance.written.settings)
    return f"{instance.interface.value} {instance.name}" if private else instance.interface.value


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded"))
