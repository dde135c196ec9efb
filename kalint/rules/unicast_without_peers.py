"""Unicast without peers.

## What it does
Finds `unicast_src_ip`, `unicast_peer`, `check_unicast_src`, `unicast_fault_no_peer`, `old_unicast_checksum` and
`unicast_ttl` in an instance without any peer.

## Why it is bad
keepalived uses multicast instead, and from 2.2.4 on reports that this will end. Networks that need unicast drop
multicast, so every node becomes master.

With `unicast_fault_no_peer` (2.2.5+) keepalived keeps the instance in FAULT. With `unicast_ttl` it sends IPv4 adverts
that have a TTL of 0, a bug since 2.1.0. No other node hears them, so there are two masters.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    unicast_src_ip 10.0.0.1
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
vrrp/vrrp.c of keepalived 2.2.7 and 2.4.3 (vrrp_complete_instance).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.adverts import hops_lost
from kalint.semantics.values import UNICAST, lacks_peers

INFO = RuleInfo("KA507", "unicast-without-peers", "error", "proven", "unicast keywords without a unicast peer")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        settings = instance.written.settings
        faults = lacks_peers(instance.written)
        unheard = hops_lost(instance)
        first = ("unicast_fault_no_peer",) if faults else ("unicast_ttl",) if unheard else UNICAST
        node = next((settings[keyword] for keyword in first if keyword in settings), None)
        if node is not None and not instance.written.unicast_peers:
            if node.items is not None and context.for_others(node, ""):
                continue
            miswritten = (node.keyword, "unicast_peer")
            if node.items is None and any(context.said_otherwise(instance.written.node, each) for each in miswritten):
                continue
            what = "an empty unicast_peer" if node.items is not None else f"{node.keyword} but no unicast_peer"
            outcome = f"keeps {instance.name} in FAULT" if faults else "uses multicast"
            if unheard and not faults:
                outcome += " with a TTL of 0 (a bug), so that no other node hears it"
            message = f"{instance.name} has {what}: keepalived {outcome}"
            yield INFO.at(
                node.words[0].span, message, help=f"list the other nodes in unicast_peer, or remove {node.keyword}"
            )


RULE = Rule(INFO, check, on=(*UNICAST, "unicast_ttl"))
