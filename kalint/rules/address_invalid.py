"""An address that is none.

## What it does
Finds entries of virtual_ipaddress and virtual_ipaddress_excluded that are no IP address, and prefix lengths that do
not exist.

## Why it is bad
keepalived skips the entry, so nobody has the address; of a bad prefix length it makes /32 or /128.

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

from kalint.diagnostic import Diagnostic
from kalint.rules.non_comment import foreign_comment
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import address_family, whole

INFO = RuleInfo("KA406", "address-invalid", "error", "proven", "a virtual address that is no IP address")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            word = address.word
            host, slash, length = word.text.partition("/")
            family = address_family(host)
            padded = family == "ipv4" and any(len(part) > 1 and part[0] == "0" for part in host.split("."))
            if family is None or padded:
                if host not in ("", "{", "}") and not foreign_comment(word.text):
                    message = f"'{word.text}' of {instance.name} is no IP address: keepalived skips it"
                    yield INFO.at(word.span, message, help="write numbers without leading zeros" if padded else "")
                continue
            most = 32 if family == "ipv4" else 128
            size = whole(length)
            if slash and (size is None or size > most):
                message = f"'/{length}' is no prefix length of {host}: keepalived uses /{most}"
                yield INFO.at(word.span, message, help=f"write a whole number from 0 to {most}")


RULE = Rule(INFO, check)
