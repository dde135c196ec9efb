"""The same real server twice in a virtual server.

## What it does
Finds two `real_server` blocks with one address and port in a `virtual_server`.

## Why it is bad
From 2.0.20 on keepalived removes the second block with its weight and its checkers. Earlier releases keep both, and
both manage the same entry of the kernel: each removes what the other added.

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
    real_server 10.0.0.3 80 {
        TCP_CHECK {
        }
    }
}
```

## Source
check/check_data.c (validate_check_config) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import Host, Server, virtual_servers

INFO = RuleInfo("KA706", "duplicate-real-server", "error", "proven", "one real server twice in a virtual server")


def check(context: Context) -> Iterator[Diagnostic]:
    removed = context.resolved.profile.repeated_real_server_removed
    does = "removes the second one" if removed else "manages one entry of the kernel for both"
    for server in virtual_servers(context.resolved.config.nodes):
        seen: dict[tuple[Host, int], Server] = {}
        for real in server.servers:
            first = seen.setdefault((real.host, real.port), real)
            if first is not real:
                message = f"real_server {real.name} is in virtual_server {server.name} twice: keepalived {does}"
                yield INFO.at(
                    real.node.span, message, Related(first.node.span, "the first one"), help="remove one of the two"
                )


RULE = Rule(INFO, check, on=("real_server",))
