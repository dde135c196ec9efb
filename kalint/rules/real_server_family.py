"""A real server of another address family.

## What it does
Finds real servers and sorry servers that belong to another family than the virtual server, unless they use TUN.

## Why it is bad
keepalived skips the server, so it gets no connections.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 2001:db8::2 80 {
        TCP_CHECK {
        }
    }
    real_server 10.0.0.2 80 {
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
}
```

## Source
check/check_parser.c (rs_end_handler, vs_end_handler) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import virtual_servers
from kalint.semantics.services import values

INFO = RuleInfo("KA711", "real-server-family", "error", "proven", "IPv4 and IPv6 in one virtual server without TUN")


def check(context: Context) -> Iterator[Diagnostic]:
    taken = context.once(values)
    for server in virtual_servers(context.resolved.config.nodes):
        method = taken[server.node.words[0].span].method
        family = server.family
        for real in server.every_server:
            if server.kind == "group" or method(real.node) == "TUN":
                continue
            family = family or real.host[0]
            if real.host[0] != family:
                what = f"{real.node.keyword} {real.name} is IPv{real.host[0]}"
                message = f"{what}, but virtual_server {server.name} is IPv{family}: keepalived skips it"
                yield INFO.at(real.node.words[1].span, message, help="use one family, or lvs_method TUN")


RULE = Rule(INFO, check, on=("virtual_server",))
