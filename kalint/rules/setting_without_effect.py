"""A setting of an instance that another setting disables.

## What it does
Finds `vmac_xmit_base` without `use_vmac`, `unicast_ttl` without unicast peers, `mcast_dst_ip` with unicast peers, and
`vrf` with `interface`. It also finds `use_vmac` on an address of an instance that has use_vmac itself, and more than
255 virtual addresses.

## Why it is bad
keepalived ignores the setting. Only the first 255 addresses are in the adverts; keepalived treats the others like
those of virtual_ipaddress_excluded.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    vmac_xmit_base
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    use_vmac
    vmac_xmit_base
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c (vrrp_complete_instance) and vrrp/vrrp_parser.c of keepalived 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.semantics.adverts import hops_lost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.resolved import Instance

INFO = RuleInfo("KA514", "setting-without-effect", "warning", "proven", "a setting that another setting disables")

MOST_ADDRESSES = 255
"""What the advert's count has room for (RFC 5798, 5.2.5)."""


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        if context.for_others(instance.written.node, ""):
            continue
        for keyword, reason, advice in _void(instance):
            node = instance.written.settings[keyword]
            yield INFO.at(
                node.words[0].span, f"{keyword} of {instance.name} {reason}: keepalived ignores it", help=advice
            )
        yield from _addresses(instance)


def _void(instance: Instance) -> Iterator[tuple[str, str, str]]:
    """The keyword, why it counts for nothing, and what to do."""
    settings = instance.written.settings
    vmac = "use_vmac" in settings or any(
        word.text == "use_vmac" for one in instance.written.addresses for word in one.options
    )
    if "vmac_xmit_base" in settings and not vmac:
        yield "vmac_xmit_base", "is for a VMAC, but the instance has none", "add use_vmac, or remove the line"
    unicast = bool(instance.written.unicast_peers)
    if "unicast_ttl" in settings and not unicast and not hops_lost(instance):
        yield "unicast_ttl", "is for unicast peers, but the instance has none", "add unicast_peer, or remove the line"
    if "mcast_dst_ip" in settings and unicast:
        yield "mcast_dst_ip", "is for multicast, but the instance has unicast peers", "remove one of the two"
    if "vrf" in settings and "interface" in settings:
        yield "vrf", "is only for instances without an interface", "remove it; the interface's own VRF counts"


def _addresses(instance: Instance) -> Iterator[Diagnostic]:
    addresses = instance.written.addresses
    if len(addresses) > MOST_ADDRESSES:
        message = (
            f"{instance.name} has {len(addresses)} virtual addresses, but an advert holds {MOST_ADDRESSES}: keepalived "
            "treats the rest as virtual_ipaddress_excluded"
        )
        yield INFO.at(addresses[MOST_ADDRESSES].word.span, message, help="move the rest to virtual_ipaddress_excluded")
    if "use_vmac" not in instance.written.settings:
        return
    for address in (*addresses, *instance.written.excluded_addresses):
        for word in address.options:
            if word.text == "use_vmac":
                message = (
                    f"{instance.name} has use_vmac for all its addresses: keepalived ignores it at {address.word.shown}"
                )
                yield INFO.at(word.span, message, help="remove it here")


RULE = Rule(
    INFO,
    check,
    on=(
        "vmac_xmit_base",
        "unicast_ttl",
        "mcast_dst_ip",
        "vrf",
        "use_vmac",
        "virtual_ipaddress",
        "virtual_ipaddress_excluded",
    ),
)
