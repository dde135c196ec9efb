"""A virtual server that does not fit the rest of the file.

## What it does
Finds a virtual_server whose address is not a virtual address of the file, and a sorry_server that is one of the real
servers. It also finds lb_algo and lvs_sched in one virtual_server, and a virtualhost that no check uses.

## Why it is bad
Each of these works, but usually not as intended. An address that no instance adds must come from elsewhere. A sorry
server that is a real server is down when it is needed. lb_algo and lvs_sched are one setting: the later line counts.
Only HTTP_GET and SSL_GET send a virtualhost.

## Bad
```
virtual_server 10.0.0.9 80 {
    protocol TCP
    lb_algo rr
    lvs_sched wrr
    lvs_method DR
    real_server 10.0.0.11 80 {
        TCP_CHECK {
        }
    }
}
```
```
virtual_server 10.0.0.9 80 {
    protocol TCP
    lvs_sched rr
    lvs_method DR
    virtualhost www.example.com
    sorry_server 10.0.0.11 80
    real_server 10.0.0.11 80 {
        TCP_CHECK {
        }
    }
}
```

## Good
```
virtual_server 10.0.0.9 80 {
    protocol TCP
    lvs_sched rr
    lvs_method DR
    virtualhost www.example.com
    sorry_server 10.0.0.12 80
    real_server 10.0.0.11 80 {
        HTTP_GET {
            url {
                path /
                status_code 200
            }
        }
    }
}
```

## Source
check/check_parser.c of keepalived 2.2.7 (lbalgo_handler serves both keywords) and check/check_http.c (the only user
of virtualhost).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.places import virtual
from kalint.semantics.servers import host_of, virtual_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.servers import Host, VirtualServer
    from kalint.syntax.tree import Node

INFO = RuleInfo(
    "KA716", "virtual-server-loose-ends", "info", "heuristic", "a virtual server that does not fit the rest of the file"
)

_HTTP = ("HTTP_GET", "SSL_GET")


def check(context: Context) -> Iterator[Diagnostic]:
    known = _addresses(context)
    strangers: list[VirtualServer] = []
    for server in virtual_servers(context.resolved.config.nodes):
        if context.for_others(server.node, ""):
            continue
        if known and server.host is not None and server.host not in known:
            strangers.append(server)
        yield from _sorry(server)
        yield from _schedulers(server)
        yield from _hosts(server)
    if strangers:
        first, *others = strangers
        message = f"virtual_server {first.name} is on an address that no instance of this file has"
        related = [Related(each.node.words[1].span, f"virtual_server {each.name} too") for each in others]
        advice = "add the address to virtual_ipaddress, or to static_ipaddress"
        yield INFO.at(first.node.words[1].span, message, *related, help=advice)


def _addresses(context: Context) -> frozenset[Host]:
    """All addresses that keepalived sets up; none where no instance has any."""
    found = {place.host for instance in context.resolved.instances for place in virtual(instance)}
    if not found:
        return frozenset()
    static = [host_of(entry.keyword) for entry in context.entries("static_ipaddress")]
    return frozenset(found.union(host for host in static if host is not None))


def _sorry(server: VirtualServer) -> Iterator[Diagnostic]:
    sorry = server.sorry
    for real in server.servers if sorry is not None else ():
        if sorry is not None and (real.host, real.port) == (sorry.host, sorry.port):
            message = f"sorry_server {sorry.name} is a real server of virtual_server {server.name}: both fail together"
            place = Related(real.node.words[0].span, "the real server")
            yield INFO.at(sorry.node.words[1].span, message, place, help="name a server that is not a real server")
            return


def _schedulers(server: VirtualServer) -> Iterator[Diagnostic]:
    found = [item for item in server.node.items or () if item.keyword in ("lb_algo", "lvs_sched")]
    if len({item.keyword for item in found}) == 2:
        first, last = found[0], found[-1]
        message = f"lb_algo and lvs_sched are one setting: '{last.words[-1].shown}' counts, since it comes last"
        place = Related(first.words[0].span, "does not count")
        yield INFO.at(last.words[0].span, message, place, help=f"remove the {first.keyword} line")


def _hosts(server: VirtualServer) -> Iterator[Diagnostic]:
    """Virtualhost of the virtual server and of its real servers, where no check below sends it."""
    checks = [_uses_http(real.node) for real in server.servers]
    places = [(server.settings.get("virtualhost"), any(checks))]
    places += [(real.settings.get("virtualhost"), uses) for real, uses in zip(server.servers, checks, strict=True)]
    for node, uses in places:
        if node is not None and not uses and server.servers:
            message = "no HTTP_GET or SSL_GET uses this virtualhost: keepalived never sends it"
            yield INFO.at(node.words[0].span, message, help="remove it, or check the servers with HTTP_GET")


def _uses_http(real: Node) -> bool:
    return any(item.keyword in _HTTP for item in real.items or ())


RULE = Rule(INFO, check, on=("virtual_server",))
