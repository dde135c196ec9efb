"""A source address that this machine does not have.

## What it does
Compares unicast_src_ip with the addresses of this machine. It runs only with `kalint check --host`, on the machine
itself.

## Why it is bad
keepalived cannot send from an address that the machine does not have: the instance stays in FAULT until the address
exists. Usually the file belongs to another node.

## Bad
```
# kalint check --host
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    unicast_src_ip 192.0.2.77
    unicast_peer {
        192.0.2.12
    }
    virtual_ipaddress {
        192.0.2.100/24
    }
}
```

## Good
```
# kalint check --host
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    unicast_src_ip 192.0.2.11
    unicast_peer {
        192.0.2.12
    }
    virtual_ipaddress {
        192.0.2.100/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (open_vrrp_send_socket); observed: "bind unicast_src ... failed 99", then FAULT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import HOST, Rule, RuleInfo
from kalint.rules.support.places import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo(
    "KA625", "source-address-missing", "error", "proven", "a source address that this machine does not have"
)


def check(context: Context) -> Iterator[Diagnostic]:
    if context.host is None:
        return
    machine = context.host.addresses()
    if not machine:
        return
    for instance in context.resolved.instances:
        place = source(instance)
        if place is None or "unicast_src_ip" not in instance.written.settings or place.host in machine:
            continue
        message = f"this machine does not have {place.word.text}: {instance.name} stays in FAULT"
        yield INFO.at(place.word.span, message, help="write an address that this machine has")


RULE = Rule(INFO, check, on=(HOST,))
