"""An address given twice.

## What it does
Finds a virtual address that is listed twice in one instance, in virtual_ipaddress, virtual_ipaddress_excluded or
both.

## Why it is bad
keepalived says nothing, sends the address twice in its adverts, and fails to add it a second time. Before 2.3.3
another node rejects adverts whose list differs from its own.

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
from itertools import pairwise
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import repeated
from kalint.semantics.values import address_family

if TYPE_CHECKING:
    from kalint.model.config import Address, VrrpInstance

INFO = RuleInfo("KA405", "address-repeated", "warning", "proven", "a virtual address listed twice in one instance")

EXCLUDED = "the first, in virtual_ipaddress_excluded"


def check(context: Context) -> Iterator[Diagnostic]:
    ignored = context.resolved.profile.repeated_entries_ignored
    for instance in context.resolved.instances:
        written = instance.written
        every = _in_order(written)
        if _all_differ(every):
            continue
        first: dict[tuple[str, str], Related] = {}
        excluded = {id(address) for address in written.excluded_addresses}
        for address in every:
            text = address.word.text
            if id(address) not in excluded and address_family(text) not in (None, instance.family):
                continue  # the address of another family is not used at all
            key = _key(address)
            if key in first:
                if context.untold(INFO, address.word.span):
                    yield INFO.counted(address.word.span)
                    continue
                lost = ignored and first[key].message == EXCLUDED
                does = "fails to add it again"
                if ignored:
                    does = "ignores this line" + (", so the address is in no advert" if lost else "")
                message = f"{text} is listed in {instance.name} twice: keepalived {does}"
                # The adverts have one address less then, and other nodes that still have two do not take them.
                fix = repeated(context, address.word.span, first[key].span, safe=False)
                yield INFO.at(address.word.span, message, first[key], help="remove one of the two lines", fix=fix)
            else:
                first[key] = Related(address.word.span, EXCLUDED if id(address) in excluded else "the first")


def _all_differ(addresses: tuple[Address, ...]) -> bool:
    """Whether no two are written alike: the quick look that is enough for nearly all instances."""
    texts = sorted([address.word.text for address in addresses])  # a set of 300,000 takes 20 MB
    return all(text != after for text, after in pairwise(texts)) and all(text == text.lower() for text in texts)


def _key(address: Address) -> tuple[str, str]:
    """What is equal in addresses that keepalived takes for one."""
    return address.word.text.lower(), address.dev.text if address.dev else ""


def _in_order(written: VrrpInstance) -> tuple[Address, ...]:
    """All addresses, in the order of their blocks: the first block that has an address counts."""
    blocks = [item.keyword for item in written.node.items or () if item.keyword.startswith("virtual_ipaddress")]
    if blocks[:1] == ["virtual_ipaddress_excluded"]:
        return (*written.excluded_addresses, *written.addresses)
    return (*written.addresses, *written.excluded_addresses)


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded"))
