"""A device that keepalived creates only later.

## What it does
Finds `dev`, `iif`, `oif` and track_interface lines that name a VMAC or ipvlan interface (use_vmac, use_ipvlan) of an
instance in the same file.

## Why it is bad
keepalived creates the interface after it has read the file. At the first start the interface does not exist:
keepalived reports "Non-existent interface specified in configuration" and exits. Later starts may find the interface
of an earlier run, so the fault may appear only after the next boot.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    use_vmac vrrp.17
    virtual_ipaddress {
        10.0.0.9/24 dev vrrp.17
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    use_vmac vrrp.17
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_ipaddress.c, vrrp_iproute.c, vrrp_iprule.c and vrrp_track.c of keepalived 2.2.7; observed. With
`dynamic_interfaces` the daemon waits for the interface. Where use_vmac has no name, it then creates an interface of
another name and stays in FAULT. Where it has one, 2.2.7 works; a FAULT is reported for other releases.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.created_interfaces import MAKES, created_interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kalint.findings.diagnostic import Diagnostic
    from kalint.model.config import Route
    from kalint.rules.rule import Context
    from kalint.rules.support.created_interfaces import CreatedInterface
    from kalint.semantics.resolved import Instance
    from kalint.source import Word

INFO = RuleInfo("KA516", "device-is-own-vmac", "error", "proven", "a device that is an instance's own VMAC")


def check(context: Context) -> Iterator[Diagnostic]:
    resolved = context.resolved
    if resolved.profile.missing_interface != "exit":
        return
    made = created_interfaces(resolved)
    if not made:
        return
    waits = "dynamic_interfaces" in resolved.config.global_settings
    for instance in resolved.instances:
        found: dict[str, list[tuple[Word, str]]] = {}
        for word, advice in _devices(instance, made):
            if word.text in made:
                found.setdefault(word.text, []).append((word, advice))
        for name, places in found.items():
            yield _finding(instance, made[name], places, waits)


def _finding(instance: Instance, maker: CreatedInterface, places: list[tuple[Word, str]], waits: bool) -> Diagnostic:
    (word, advice), *more = places
    what = f"{word.text} is the interface that keepalived creates for {maker.owner}"
    related = [Related(each.span, "here too") for each, _ in more]
    if not waits:
        return INFO.at(
            word.span, f"{what} later: keepalived does not find it at the start and exits", *related, help=advice
        )
    if not maker.named:
        message = f"{what}: it gets another name, and {instance.name} stays in FAULT"
        return INFO.at(word.span, message, *related, help=advice)
    message = f"{what}: keepalived waits for it, and in some releases {instance.name} stays in FAULT"
    return INFO.at(word.span, message, *related, help=advice)._replace(severity="info", confidence="heuristic")


def _devices(instance: Instance, made: Mapping[str, CreatedInterface]) -> Iterator[tuple[Word, str]]:
    """The devices that an instance names, and what to write instead."""
    written, interface = instance.written, instance.interface
    own = made[interface.value].below if interface.value in made else interface.value
    if interface.word is not None:
        known = own != interface.value
        yield interface.word, f"write {own}, the interface below it" if known else "name the interface below it"
    makes = any(keyword in written.settings for keyword in MAKES)
    for address in (*written.addresses, *written.excluded_addresses):
        if address.dev is not None:
            here = f"remove dev {address.dev.text}: {instance.name} puts its addresses on its own interface"
            yield address.dev, here if makes else f"write {own}"
    for entry in (*written.routes, *written.rules):
        for device in (*entry.devices, *_of_next_hops(entry)):
            yield device, f"write {own}, the interface below it"
    for tracker in written.trackers:
        if tracker.kind == "interface":
            yield tracker.name, "remove the line: keepalived watches its own VMACs anyway"


def _of_next_hops(entry: Route) -> Iterator[Word]:
    """The devices of the next hops of a route: nothing tracks them, but they must be there."""
    words = entry.node.words
    first = next((index for index, word in enumerate(words) if word.text == "nexthop"), len(words))
    return (after for word, after in pairwise(words[first:]) if word.text == "dev")


RULE = Rule(INFO, check, on=MAKES)
