"""The node's own address among its peers.

## What it does
Compares unicast_peer with the addresses of this machine. It runs only with `kalint check --host`, on the machine
itself. `kalint cluster` finds the same list of peers on several nodes, and KA506 finds a peer that is the
unicast_src_ip.

## Why it is bad
keepalived sends every advert to itself too, and reports each one: "equal priority advert received from remote host
with our IP address". The log fills up, and a real conflict is overlooked.

## Bad
```
# kalint check --host
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    unicast_peer {
        192.0.2.11
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
    unicast_peer {
        192.0.2.12
    }
    virtual_ipaddress {
        192.0.2.100/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_state_master_rx); observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import HOST, Rule, RuleInfo
from kalint.rules.support.places import peers, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA817", "own-address-among-peers", "warning", "proven", "the node's own address among its peers")


def check(context: Context) -> Iterator[Diagnostic]:
    if context.host is None:
        return
    machine = context.host.own_addresses()
    for instance in context.resolved.instances:
        own = source(instance)
        for peer in peers(instance):
            if peer.host in machine and (own is None or own.host != peer.host):
                message = (
                    f"peer {peer.word.text} of {instance.name} is this machine: keepalived sends adverts to itself"
                )
                yield INFO.at(peer.word.span, message, help="list the other nodes only")


RULE = Rule(INFO, check, on=(HOST,))
