"""A virtual server that is defined twice.

## What it does
Finds two `virtual_server` blocks for the same address, port and protocol, the same fwmark, or the same group and
protocol.

## Why it is bad
The kernel has one service for both blocks, with the scheduler of the first. keepalived adds the real servers of the
second block to this service. When one block loses its quorum, it changes the servers of the other. `keepalived -t`
says nothing.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
        }
    }
}

virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.3 80 {
        TCP_CHECK {
        }
    }
}
```

## Good
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
        }
    }
    real_server 10.0.0.3 80 {
        TCP_CHECK {
        }
    }
}
```

## Source
check/ipvswrapper.c (ipvs_talk: EEXIST is no error) and check/ipwrapper.c (vs_iseq) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import VirtualServer, virtual_servers
from kalint.semantics.services import values

INFO = RuleInfo("KA707", "duplicate-virtual-server", "error", "proven", "one virtual server defined twice")


def check(context: Context) -> Iterator[Diagnostic]:
    taken = context.once(values)
    seen: dict[tuple[object, ...], VirtualServer] = {}
    for server in virtual_servers(context.resolved.config.nodes):
        first = seen.setdefault(_identity(server, taken[server.node.words[0].span].protocol), server)
        if first is not server:
            message = f"virtual_server {server.name} is defined twice: the kernel mixes the real servers of both"
            related = Related(first.node.span, "the first one")
            advice = "merge the two blocks"
            if server.kind == "address":
                advice += ", or give them different ports"
            yield INFO.at(server.node.span, message, related, help=advice)


def _identity(server: VirtualServer, protocol: str) -> tuple[object, ...]:
    if server.kind == "address":
        return server.host, server.port, protocol or "UDP"
    if server.kind == "fwmark":
        # Without ip_family it is that of the real servers (check_parser.c, 2.2.7).
        family = server.family or next((real.host[0] for real in server.every_server), 4)
        return "fwmark", server.node.words[2].text, family
    return "group", server.node.words[2].text, protocol


RULE = Rule(INFO, check, on=("virtual_server",))
