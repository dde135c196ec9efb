"""A virtual server without protocol, scheduler or forwarding method.

## What it does
Finds a `virtual_server` without `protocol`, scheduler (`lvs_sched`) or forwarding method (`lvs_method`).

## Why it is bad
keepalived uses UDP, wlc and NAT, and warns. A TCP service without `protocol TCP` does not answer.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_method DR
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
check/check_data.c (validate_check_config) of keepalived 1.3.6 to 2.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import VirtualServer, value, virtual_servers

INFO = RuleInfo(
    "KA709", "virtual-server-default", "warning", "proven", "no protocol, scheduler or forwarding method", folds=True
)


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.virtual_server_defaults:
        return
    for server in virtual_servers(context.resolved.config.nodes):
        if server.servers and not context.for_others(server.node, ""):
            missing = list(_missing(server))
            if missing:
                keywords, values = zip(*missing, strict=True)
                message = f"virtual_server {server.name} has no {_list(keywords)}: keepalived uses {_list(values)}"
                finding = INFO.at(server.node.words[0].span, message, help=f"write {_list(keywords)}")
                # NAT and wlc are what most want; UDP is what nobody expects.
                yield finding if "protocol" in keywords else finding._replace(severity="info")


def _missing(server: VirtualServer) -> Iterator[tuple[str, str]]:
    if server.ports and "protocol" not in server.settings:
        yield "protocol", "UDP"
    if "lvs_sched" not in server.settings and "lb_algo" not in server.settings:
        yield "lvs_sched", "wlc"
    general = value(server.settings, "lvs_method") or value(server.settings, "lb_kind")
    if not general and not all(value(real.settings, "lvs_method") for real in server.servers):
        yield "lvs_method", "NAT"


def _list(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


RULE = Rule(INFO, check, on=("virtual_server",))
