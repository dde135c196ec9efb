"""Unicast without peers.

## What it does
Finds `unicast_src_ip`, `unicast_peer` and `check_unicast_src` in an instance without any peer.

## Why it is bad
keepalived uses multicast instead, and from 2.2.4 on reports that this will end. Networks that need unicast drop
multicast, so every node becomes master.

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
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA507", "unicast-without-peers", "error", "proven", "unicast keywords without a unicast peer")

KEYWORDS = ("unicast_peer", "check_unicast_src", "unicast_src_ip")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        settings = instance.written.settings
        node = next((settings[keyword] for keyword in KEYWORDS if keyword in settings), None)
        if node is not None and not instance.written.unicast_peers and "unicast_fault_no_peer" not in settings:
            if node.items is not None and context.for_others(node, ""):
                continue
            miswritten = (*(keyword for keyword in KEYWORDS if keyword == node.keyword), "unicast_peer")
            if node.items is None and any(context.said_otherwise(instance.written.node, each) for each in miswritten):
                continue
            what = "an empty unicast_peer" if node.items is not None else f"{node.keyword} but no unicast_peer"
            message = f"{instance.name} has {what}: keepalived uses multicast"
            yield INFO.at(
                node.words[0].span, message, help=f"list the other nodes in unicast_peer, or remove {node.keyword}"
            )


RULE = Rule(INFO, check, on=("unicast_peer", "check_unicast_src", "unicast_src_ip"))
