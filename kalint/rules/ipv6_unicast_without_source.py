"""IPv6 unicast peers without unicast_src_ip.

## What it does
Finds IPv6 instances with peers that are not link-local and without unicast_src_ip.

## Why it is bad
Without unicast_src_ip keepalived sends IPv6 adverts from the link-local address of its interface. From 2.1.0 on it
listens on that address only. The other node sends to the address in its own unicast_peer, which is a different one:
both nodes are master at once.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    version 3
    unicast_peer {
        2001:db8::2
    }
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    version 3
    unicast_src_ip 2001:db8::1
    unicast_peer {
        2001:db8::2
    }
    virtual_ipaddress {
        fe80::9/64
        2001:db8::9/64
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance, vrrp_check_packet); observed with two daemons: both hold
the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.places import link_local, peers, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance
    from kalint.source import Word

INFO = RuleInfo(
    "KA515", "ipv6-unicast-without-source", "warning", "proven", "IPv6 unicast adverts from a link-local address"
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances if context.resolved.profile.socket_bound else ():
        peer = far_peer(instance)
        if peer is not None:
            message = (
                f"{instance.name} listens on its link-local address only: adverts of peer {peer.text} do not arrive, "
                "and both become master"
            )
            yield INFO.at(peer.span, message, help="add unicast_src_ip with this node's own address")


def far_peer(instance: Instance) -> Word | None:
    """The first peer that is not on the link, where the adverts come from a link-local address."""
    if instance.family != "ipv6" or source(instance) is not None:
        return None
    return next((peer.word for peer in peers(instance) if peer.host[0] == 6 and not link_local(peer.host)), None)


RULE = Rule(INFO, check, on=("unicast_peer",))
