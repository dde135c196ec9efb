"""A real server's port that cannot be used.

## What it does
Finds real servers and sorry servers whose port differs from that of the virtual server, if `lvs_method` is DR or TUN.
If the virtual server is a fwmark, any port is reported.

## Why it is bad
Only NAT can change a port. With DR and TUN the kernel forwards packets unchanged, so keepalived uses the port of the
virtual server. Connections go to a port where possibly nothing listens, while the checker tests the other port.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method DR
    protocol TCP
    real_server 10.0.0.2 8080 {
        TCP_CHECK {
        }
    }
}
```

## Good
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method DR
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
        }
    }
}
```

## Source
check/check_data.c (validate_check_config) of keepalived 2.0.15 to 2.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import Server, VirtualServer, virtual_servers
from kalint.semantics.services import values

INFO = RuleInfo("KA708", "real-server-port-differs", "warning", "proven", "a port that only NAT could use", folds=True)


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.real_server_ports_reset:
        return
    taken = context.once(values)
    for server in virtual_servers(context.resolved.config.nodes):
        method = taken[server.node.words[0].span].method
        for real in server.every_server:
            others = server.ports - {real.port}
            if real.port and method(real.node) != "NAT" and (server.marked or others):
                yield _finding(server, real, method(real.node), sorted(others))


def _finding(server: VirtualServer, real: Server, method: str, others: list[int]) -> Diagnostic:
    if not others:
        does, advice = "keepalived ignores the port", "leave the port out"
    elif server.kind == "group":
        ports = ", ".join(map(str, others))
        does, advice = f"packets to port {ports} of the group keep that port", "leave the port out, or use NAT"
    else:
        does, advice = f"keepalived uses port {others[0]}", f"write {others[0]}, or use NAT"
    message = f"{real.node.keyword} {real.name} has port {real.port}, but virtual_server {server.name} uses {method}"
    return INFO.at(real.node.words[2].span, f"{message}, which cannot change ports: {does}", help=advice)


RULE = Rule(INFO, check, on=("virtual_server",))
