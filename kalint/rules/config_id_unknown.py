"""Lines for other nodes, and none for the one that was judged.

## What it does
Finds a file with `@id` lines of which none is for the config id: the one that -i gave, or the host's name.

## Why it is bad
keepalived leaves out the lines of the other nodes, so what was judged is what no node runs. On the node itself the same
happens where the host was renamed, or where -i is misspelt: without its own lines an instance runs on defaults.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    @left priority 110
    @right priority 100
    virtual_ipaddress {
        192.0.2.1/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    @node priority 110
    @right priority 100
    virtual_ipaddress {
        192.0.2.1/24
    }
}
```

## Source
read_line in lib/parser.c, and main.c for the default id, keepalived 2.2.7. `node` is the config id of the good example.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA021", "config-id-unknown", "info", "proven", "@id lines, but none for the node that is judged")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("config-id-unknown"):
        yield INFO.at(
            problem.span,
            f"no line is for '{problem.subject}', so this judges a node that has only the lines for all",
            help=f"name the node with -i; the file has lines for {problem.detail}",
        )


RULE = Rule(INFO, check, on=("config-id-unknown",))
