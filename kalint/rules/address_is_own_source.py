"""A virtual address that is the node's own.

## What it does
Compares the virtual addresses of all instances with the addresses that the file names as the node's own:
unicast_src_ip and mcast_src_ip. With `kalint check --host`, the addresses of the machine count too, unless
keepalived runs on it.

## Why it is bad
A virtual address moves between the nodes, while the node's own address stays. keepalived removes its virtual
addresses when it starts, so the node loses its own address. With unicast_src_ip it then has no address to send from
and stays in FAULT. With mcast_src_ip it keeps the address only while it is master.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    unicast_src_ip 10.0.0.9
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    unicast_src_ip 10.0.0.1
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c (open_vrrp_send_socket) and vrrp/vrrp_ipaddress.c (clear_diff_address) of keepalived 2.2.7; observed:
"bind unicast_src ... failed", then "entering FAULT state (src address not configured)".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import HOST, Rule, RuleInfo
from kalint.rules.support.places import SOURCES, source, virtual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.rules.support.places import Place
    from kalint.semantics.servers import Host

INFO = RuleInfo(
    "KA417", "address-is-own-source", "error", "proven", "a virtual address that is an address of the node itself"
)


def check(context: Context) -> Iterator[Diagnostic]:
    own: dict[Host, tuple[str, Place]] = {}
    for instance in context.resolved.instances:
        place = source(instance)
        if place is not None:
            own.setdefault(place.host, (instance.name, place))
    named = {instance.name: instance for instance in context.resolved.instances}
    machine = context.host.own_addresses() if context.host is not None else frozenset()
    for instance in context.resolved.instances:
        for place in virtual(instance):
            bare = place.word.text.partition("/")[0]
            if place.host in own:
                name, where = own[place.host]
                keyword = where.word.line.text.split(None, 1)[0]
                then = f"at start, and {name} stays in FAULT"
                if keyword != "unicast_src_ip" or not named[name].unicast_peers:
                    then = "while the node is not master"
                yield INFO.at(
                    place.word.span,
                    f"virtual address {bare} is the node's own {keyword}: keepalived removes it {then}",
                    Related(where.word.span, f"the {keyword} of {name}"),
                    help="write an address that no node has as its own",
                )
            elif place.host in machine:
                message = f"virtual address {bare} is this machine's own: keepalived removes it at the start"
                yield INFO.at(place.word.span, message, help="write an address that no node has as its own")


RULE = Rule(INFO, check, on=(*SOURCES, HOST))
