"""One virtual address in the adverts of two virtual routers.

## What it does
Compares the virtual addresses of all VRIDs on a link, with or without files. It finds two VRIDs that advertise one
address at the same time, and a VRID that advertises an address which a file has under another VRID.

## Why it is bad
Each virtual router elects its own master. Two nodes then have the address and answer for it, and neither notices the
other.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    mcast_src_ip 10.0.0.1
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
On the wire, from second to second:
```
0.0-5.0 10.0.0.1 priority 110
0.0-5.0 10.0.0.66 vrid 52 priority 100 addresses 10.0.0.9
```

## Good
With the same file:
```
0.0-5.0 10.0.0.1 priority 110
0.0-5.0 10.0.0.66 vrid 52 priority 100 addresses 10.0.0.99
```

## Source
RFC 5798, section 5.2.9: the addresses are associated with the virtual router that lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.live import LiveRule
from kalint.rules.live.places import MOST_NAMED, nowhere, place
from kalint.rules.rule import RuleInfo
from kalint.semantics.acceptance import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.view import SharedAddresses, View

INFO = RuleInfo("KA918", "address-on-two-routers", "error", "proven", "one virtual address on two virtual routers")


def check(comparison: Comparison) -> Iterator[Diagnostic]:
    links: dict[tuple[object, ...], set[int]] = {}
    for view in comparison.views:
        links.setdefault(view.key[:3], set()).add(view.key.virtual_router_id)
    found = [finding for view in comparison.views for finding in _found(view, comparison, links[view.key[:3]])]
    yield from found[:MOST_NAMED]
    if len(found) > MOST_NAMED:
        yield INFO.at(nowhere(comparison), f"{len(found) - MOST_NAMED} more pairs of VRIDs share virtual addresses")


def _found(view: View, comparison: Comparison, of_link: Collection[int]) -> Iterator[Diagnostic]:
    """The findings of one router; `of_link` are the VRIDs that were heard on its link."""
    for both in view.shared:
        other = both.virtual_router_id
        if other in of_link and other < view.key.virtual_router_id and both.sources:
            continue  # said of that one
        member = next(iter(view.members), both.file)
        yield INFO.at(
            place(member, "virtual_ipaddress") if member is not None else nowhere(comparison),
            f"{view.key}: {listed(both.addresses)} of {_names(view, both)} is also on VRID {both.virtual_router_id} "
            f"({_other(both)}): two masters can hold it at once",
            help=f"leave {listed(both.addresses)} in one virtual router, and give the other one another address",
        )


def _names(view: View, both: SharedAddresses) -> str:
    names = [
        compared.name
        for compared in view.compared_sources
        if any(set(content.addresses) & set(both.addresses) for content in compared.source.contents)
    ]
    return " and ".join(names[:3])


def _other(both: SharedAddresses) -> str:
    if both.sources:
        return " and ".join(both.sources[:3])
    return f"in the file of {both.file.node}" if both.file is not None else ""


RULE = LiveRule(INFO, check)
