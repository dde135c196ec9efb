"""Two instances with one virtual router ID.

## What it does
Finds two instances of the same family and interface that have the same `virtual_router_id` and send to the same
destination.

## Why it is bad
Each of the two receives the adverts of the other as if they came from another router. keepalived does not start VRRP.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.10/24
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
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    virtual_ipaddress {
        10.0.0.10/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (check_vrid_conflicts).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import argument

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance

INFO = RuleInfo("KA402", "vrid-duplicated", "error", "proven", "two instances with one virtual_router_id")


def check(context: Context) -> Iterator[Diagnostic]:
    seen: dict[tuple[object, ...], tuple[int, Instance]] = {}
    for number, instance in enumerate(context.resolved.instances):
        word = instance.virtual_router_id.word
        if word is None or "$" in instance.interface.value:
            continue
        rivals = [seen.setdefault(audience, (number, instance)) for audience in _audiences(instance)]
        rival = min(rivals, key=lambda each: each[0])[1]
        if rival is instance:
            continue
        if elsewhere(context, instance) or elsewhere(context, rival):
            continue
        if rival.virtual_router_id.word is not None:
            message = (
                f"{instance.name} and {rival.name} both use virtual_router_id {word.text} on "
                f"{instance.interface.value}: keepalived does not start VRRP"
            )
            place = Related(rival.virtual_router_id.word.span, f"the same in {rival.name}")
            yield INFO.at(word.span, message, place, help="give each instance a different virtual_router_id")


def elsewhere(context: Context, instance: Instance) -> bool:
    """Whether its peers or its address are on lines of other nodes: for them it is not multicast, as it is here."""
    peers = instance.written.settings.get("unicast_peer")
    if peers is not None and peers.items is not None and context.for_others(peers, ""):
        return True
    return context.for_others(instance.written.node, "unicast_src_ip")


def _audiences(instance: Instance) -> list[tuple[object, ...]]:
    """Who hears the adverts, as far as the file tells: two instances of one family and ID must have none in common."""
    keyword = "unicast_src_ip" if instance.unicast_peers else "mcast_dst_ip"
    own = argument(instance.written.settings, keyword)
    router = instance.family, instance.virtual_router_id.value, instance.interface.value, own.text if own else None
    return [(*router, peer) for peer in instance.unicast_peers or ("",)]


RULE = Rule(INFO, check, on=("vrrp_instance",))
