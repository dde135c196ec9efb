"""A config id that no line of the file has.

## What it does
Reports a file with `@id` lines if none of them matches the config id given by -i or the settings. Without a config
id, kalint checks every id that the file names.

## Why it is bad
keepalived skips the lines of the other nodes. So only the lines without an `@id` were checked, and no node runs these
alone. On a node the same happens if the host was renamed or -i is misspelt: an instance then runs with defaults.

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

INFO = RuleInfo("KA021", "config-id-unknown", "info", "proven", "@id lines, but none for the chosen config id")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("config-id-unknown"):
        yield INFO.at(
            problem.span,
            f"'{problem.subject}' matches none of the config ids {problem.detail}: "
            "only the lines without an @id were checked",
            help=f"pass one of {problem.detail} to -i, or omit -i to check all of them",
        )


RULE = Rule(INFO, check, on=("config-id-unknown",))
