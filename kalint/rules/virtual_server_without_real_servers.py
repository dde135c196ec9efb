"""A virtual server without real servers.

## What it does
Finds a `virtual_server` without any `real_server`.

## Why it is bad
Up to 2.2.7 keepalived ignores the virtual server. Newer releases add it without any server, so every connection
fails.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
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
check/check_data.c (validate_check_config) of keepalived 2.2.7 and 2.2.8.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import virtual_servers

INFO = RuleInfo(
    "KA703", "virtual-server-without-real-servers", "error", "proven", "a virtual_server with nothing behind it"
)

DOES = {
    "crashes": "keepalived up to 1.3.5 crashes when it starts",
    "ignored": "keepalived ignores it",
    "kept": "keepalived sets it up, but every connection to it fails",
}
"""What each release makes of it."""


def check(context: Context) -> Iterator[Diagnostic]:
    outcome = context.resolved.profile.empty_virtual_server
    for server in virtual_servers(context.resolved.config.nodes):
        items = server.node.items or ()
        if any(item.keyword == "real_server" for item in items) or context.said_otherwise(server.node, "real_server"):
            continue
        if server.sorry is None or outcome != "kept":
            message = f"virtual_server {server.name} has no real_server: {DOES[outcome]}"
            yield INFO.at(
                server.node.words[0].span, message, help="add a real_server block, or remove the virtual_server"
            )


RULE = Rule(INFO, check, on=("virtual_server",))
