"""An entry that is not an IP address.

## What it does
Finds entries of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress that are not IP addresses. It also
finds prefix lengths that do not exist, and a `peer` that has a prefix length or belongs to another family.

## Why it is bad
keepalived skips the entry, so no node has the address. It replaces a bad prefix length by /32 or /128, and ignores
such a peer.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.900/24
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
```

## Source
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (parse_ipaddress).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.model.entries import address as parsed
from kalint.rules.non_comment import foreign_comment
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import address_family, address_text, whole

if TYPE_CHECKING:
    from kalint.model.config import Address

INFO = RuleInfo("KA406", "address-invalid", "error", "proven", "an address that is not an IP address")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            yield from _address(context, address, instance.name)
    for entry in context.entries("static_ipaddress"):
        yield from _address(context, parsed(entry), "static_ipaddress")


def _address(context: Context, address: Address, owner: str) -> Iterator[Diagnostic]:
    word = address.word
    host, slash, length = word.text.partition("/")
    family = address_family(host)
    padded = family == "ipv4" and any(len(part) > 1 and part[0] == "0" for part in host.split("."))
    if family is None or padded:
        if (host or word.quoted) and host not in ("{", "}") and not foreign_comment(word.text):
            if context.untold(INFO, word.span):
                yield INFO.counted(word.span)
                return
            advice = "write numbers without leading zeros" if padded else "write an address such as 10.0.0.9/24"
            message = f"'{word.text}' of {owner} is not an IP address: keepalived skips it"
            yield INFO.at(word.span, message, help=advice)
        return
    most = 32 if family == "ipv4" else 128
    size = whole(length)
    if slash and (size is None or size > most):
        used = address_text(word.text, family).partition("/")[2]
        message = f"'/{length}' is not a prefix length for {host}: keepalived uses /{used}"
        yield INFO.at(word.span, message, help=f"write a whole number from 0 to {most}")
    yield from _peers(address, family)


def _peers(address: Address, family: str) -> Iterator[Diagnostic]:
    """The `peer` of an address must be one of the same family, without a prefix length."""
    for keyword, word in pairwise(address.options):
        if keyword.text == "peer" and (address_family(word.text) != family or "/" in word.text):
            message = f"'{word.text}' is not a valid peer of {address.word.text}: keepalived ignores it"
            yield INFO.at(word.span, message, help="write an address of the same family, without a prefix length")


RULE = Rule(INFO, check, on=("virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress"))
