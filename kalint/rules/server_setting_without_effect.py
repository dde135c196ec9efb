"""A setting of a virtual server without effect.

## What it does
Finds `sh-port`, `sh-fallback`, `mh-port` and `mh-fallback` with another scheduler, and `sorry_server_inhibit` and
`sorry_server_lvs_method` before or without `sorry_server`. It also finds an `ip_family` that differs from the family
of the address, and a `persistence_granularity` of the other family.

## Why it is bad
keepalived ignores the setting.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    sh-port
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
    }
}
```

## Good
```
virtual_server 10.0.0.1 80 {
    lvs_sched sh
    sh-port
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
    }
}
```

## Source
check/check_parser.c of keepalived 2.2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.semantics.servers import value, virtual_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.servers import VirtualServer
    from kalint.syntax.tree import Node

INFO = RuleInfo(
    "KA713", "server-setting-without-effect", "warning", "proven", "a setting of a virtual server without effect"
)

_FLAGS = {"sh-port": "sh", "sh-fallback": "sh", "mh-port": "mh", "mh-fallback": "mh"}
_SORRY = ("sorry_server_inhibit", "sorry_server_lvs_method")


def check(context: Context) -> Iterator[Diagnostic]:
    for server in virtual_servers(context.resolved.config.nodes):
        if context.for_others(server.node, ""):
            continue
        for node, reason, advice in (*_by_order(server), *_by_family(server)):
            message = f"{node.keyword} of virtual_server {server.name} {reason}: keepalived ignores it"
            yield INFO.at(node.words[0].span, message, help=advice)


def _by_order(server: VirtualServer) -> Iterator[tuple[Node, str, str]]:
    """Flags count only after their scheduler, and the sorry server's settings after it."""
    scheduler, sorry = "", False
    for item in server.node.items or ():
        if item.keyword in ("lb_algo", "lvs_sched") and len(item.words) > 1:
            scheduler = item.words[1].text
        sorry = sorry or item.keyword == "sorry_server"
        wanted = _FLAGS.get(item.keyword)
        if wanted and wanted != scheduler:
            yield item, f"needs lvs_sched {wanted} above it", f"write lvs_sched {wanted} above it, or remove it"
        if item.keyword in _SORRY and not sorry:
            yield item, "has no sorry_server above it", "write it below the sorry_server, or remove it"


def _by_family(server: VirtualServer) -> Iterator[tuple[Node, str, str]]:
    if server.host is None:
        return
    family = server.host[0]
    given = value(server.settings, "ip_family")
    if given in ("inet", "inet6") and given != ("inet6" if family == 6 else "inet"):
        yield server.settings["ip_family"], f"is {given}, but the address is IPv{family}", "remove it"
    if family == 6 and "." in value(server.settings, "persistence_granularity"):
        node = server.settings["persistence_granularity"]
        yield node, "is a netmask, but the address is IPv6", "write a prefix length from 1 to 128"


RULE = Rule(INFO, check, on=("virtual_server",))
