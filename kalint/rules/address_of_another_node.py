"""A virtual address that is another node's own address.

## What it does
Compares the virtual addresses of all instances with their unicast peers. `kalint cluster` compares them with the
known addresses of the other nodes.

## Why it is bad
A unicast peer is an address that the other node has itself. If it is also a virtual address, two nodes have it when
this node becomes master. keepalived on the other node removes the address when it starts: that node then cannot be
reached and cannot send.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    unicast_src_ip 10.0.0.1
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.2/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
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
vrrp/vrrp_ipaddress.c of keepalived 2.2.7 (clear_diff_address); observed: the daemon of the other node removes its own
address at the start and goes to FAULT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.places import peers, source, virtual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.rules.support.places import Place
    from kalint.semantics.servers import Host

INFO = RuleInfo("KA816", "address-of-another-node", "error", "proven", "a virtual address that another node has itself")


def check(context: Context) -> Iterator[Diagnostic]:
    instances = context.resolved.instances
    own = {place.host for place in map(source, instances) if place is not None}
    known: dict[Host, tuple[str, Place]] = {}
    for instance in instances:
        for peer in peers(instance):
            known.setdefault(peer.host, (instance.name, peer))
    for instance in instances:
        for place in virtual(instance):
            if place.host in known and place.host not in own:
                name, peer = known[place.host]
                bare = place.word.text.partition("/")[0]
                yield INFO.at(
                    place.word.span,
                    f"virtual address {bare} is a unicast peer of {name}: it is the address of another node",
                    Related(peer.word.span, f"the peer of {name}"),
                    help="write an address that no node has as its own",
                )


RULE = Rule(INFO, check, on=("unicast_peer",))
