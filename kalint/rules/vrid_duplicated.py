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
    seen: dict[tuple[str, int], list[Instance]] = {}
    for instance in context.resolved.instances:
        word = instance.virtual_router_id.word
        if word is None or "$" in instance.interface.value:
            continue
        others = seen.setdefault((instance.family, instance.virtual_router_id.value), [])
        rival = next((other for other in others if conflict(other, instance)), None)
        if rival is not None and (elsewhere(context, instance) or elsewhere(context, rival)):
            rival = None
        if rival is not None and rival.virtual_router_id.word is not None:
            message = (
                f"{instance.name} and {rival.name} both use virtual_router_id {word.text} on "
                f"{instance.interface.value}: keepalived does not start VRRP"
            )
            place = Related(rival.virtual_router_id.word.span, f"the same in {rival.name}")
            yield INFO.at(word.span, message, place, help="give each instance a different virtual_router_id")
        others.append(instance)


def elsewhere(context: Context, instance: Instance) -> bool:
    """Whether its peers or its address are on lines of other nodes: for them it is not multicast, as it is here."""
    peers = instance.written.settings.get("unicast_peer")
    if peers is not None and peers.items is not None and context.for_others(peers, ""):
        return True
    return context.for_others(instance.written.node, "unicast_src_ip")


def conflict(one: Instance, two: Instance) -> bool:
    """Whether two instances of one family and ID hear each other's adverts, as far as the file tells."""
    if one.interface.value != two.interface.value or bool(one.unicast_peers) != bool(two.unicast_peers):
        return False
    keyword = "unicast_src_ip" if one.unicast_peers else "mcast_dst_ip"
    first, second = (argument(each.written.settings, keyword) for each in (one, two))
    if (first and first.text) != (second and second.text):
        return False
    return not one.unicast_peers or not set(one.unicast_peers).isdisjoint(two.unicast_peers)


RULE = Rule(INFO, check, on=("vrrp_instance",))
