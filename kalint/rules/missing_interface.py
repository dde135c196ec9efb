"""An interface that this machine does not have.

## What it does
Finds interfaces of instances, of track_interface and of virtual addresses that do not exist. It runs only with
`kalint check --host`, on the machine itself. It reports nothing with `dynamic_interfaces` or in another
`net_namespace`, where interfaces can appear later.

## Why it is bad
keepalived 2.x does not start ("Non-existent interface specified in configuration").

## Bad
```
# kalint check --host
vrrp_instance VI_1 {
    interface eth17
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
# kalint check --host
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c, vrrp/vrrp_ipaddress.c and core/main.c of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import HOST, Context, Rule, RuleInfo

if TYPE_CHECKING:
    from kalint.semantics.resolved import Resolved
    from kalint.source import Word

INFO = RuleInfo("KA615", "missing-interface", "warning", "proven", "an interface that this machine does not have")

_LATER = ("dynamic_interfaces", "net_namespace")
_MADE = ("use_vmac", "use_ipvlan")


def check(context: Context) -> Iterator[Diagnostic]:
    host, resolved = context.host, context.resolved
    said = {node.keyword for node in resolved.config.nodes} | set(resolved.config.global_settings)
    if host is None or not said.isdisjoint(_LATER):
        return
    does = "does not start" if resolved.profile.missing_interface == "exit" else "cannot use it"
    made = _made(resolved)
    for word in _named(resolved):
        if word.text not in made and "$" not in word.text and not host.interface(word.text):
            message = f"this machine has no interface {word.shown}: keepalived {does}"
            yield INFO.at(word.span, message, help="correct the name, or add dynamic_interfaces if it comes later")


def _named(resolved: Resolved) -> Iterator[Word]:
    """Each interface where it first comes up."""
    found: dict[str, Word] = {}
    for instance in resolved.instances:
        words = [instance.interface.word] if instance.interface.word is not None else []
        words += [ref.name for ref in instance.written.trackers if ref.kind == "interface"]
        addresses = (*instance.written.addresses, *instance.written.excluded_addresses)
        words += [address.dev for address in addresses if address.dev is not None]
        for word in words:
            found.setdefault(word.text, word)
    yield from found.values()


def _made(resolved: Resolved) -> frozenset[str]:
    """The names of interfaces that keepalived makes itself."""
    settings = (instance.written.settings for instance in resolved.instances)
    nodes = [found[keyword] for found in settings for keyword in _MADE if keyword in found]
    return frozenset(word.text for node in nodes for word in node.words[1:])


RULE = Rule(INFO, check, on=(HOST,))
