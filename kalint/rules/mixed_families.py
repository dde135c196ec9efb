"""IPv4 and IPv6 addresses in one instance.

## What it does
Finds entries of virtual_ipaddress that belong to another family than the first one. It also finds such unicast peers,
`mcast_src_ip`, `unicast_src_ip` and `mcast_dst_ip`.

## Why it is bad
An instance sends adverts with one family only. keepalived reports addresses of the other family and ignores them.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
        2001:db8::9/64
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
    virtual_ipaddress_excluded {
        2001:db8::9/64
    }
}
```

## Source
vrrp/vrrp_data.c of keepalived 2.2.7 (alloc_vrrp_vip).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.values import address_family

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance
    from kalint.source import Word

INFO = RuleInfo("KA407", "mixed-families", "error", "proven", "IPv4 and IPv6 addresses in one virtual_ipaddress")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        for address in instance.written.addresses:
            family = address_family(address.word.text)
            if family is not None and family != instance.family:
                message = (
                    f"{address.word.text} is {label(family)}, but {instance.name} is {label(instance.family)}: "
                    "keepalived ignores it"
                )
                advice = "move it to virtual_ipaddress_excluded, or to a separate instance"
                yield INFO.at(address.word.span, message, help=advice)
        for word in _senders(instance):
            family = address_family(word.text.partition("/")[0])
            if family is not None and family != instance.family:
                what = f"{word.shown} is {label(family)}, but {instance.name} is {label(instance.family)}"
                yield INFO.at(
                    word.span, f"{what}: keepalived ignores it", help=f"write an {label(instance.family)} address"
                )


def _senders(instance: Instance) -> Iterator[Word]:
    """Where adverts come from and go to."""
    for keyword in ("mcast_src_ip", "unicast_src_ip", "mcast_dst_ip"):
        if keyword in instance.written.settings:
            yield from instance.written.settings[keyword].words[1:2]
    for peer in instance.written.unicast_peers:
        yield peer.words[0]


def label(family: str) -> str:
    """A family as people write it."""
    return "IPv4" if family == "ipv4" else "IPv6"


RULE = Rule(
    INFO,
    check,
    on=(
        "virtual_ipaddress",
        "virtual_ipaddress_excluded",
        "mcast_src_ip",
        "unicast_src_ip",
        "mcast_dst_ip",
        "unicast_peer",
    ),
)
