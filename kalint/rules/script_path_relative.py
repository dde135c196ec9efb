"""A script with a relative path.

## What it does
Finds commands of vrrp_script and notify whose path contains a slash, but not at its start.

## Why it is bad
The working directory of keepalived is `/`, so `scripts/check` means `/scripts/check`, wherever the configuration is.
keepalived does not find the script and removes its tracker.

## Bad
```
vrrp_script chk {
    script "scripts/check"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/check"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Source
lib/notify.c of keepalived 2.2.7 (check_script_secure), lib/daemonize.c (xdaemon).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, commands

INFO = RuleInfo("KA605", "script-path-relative", "error", "proven", "a script whose path is not absolute")


def check(context: Context) -> Iterator[Diagnostic]:
    for command in context.once(commands):
        path = command.text.split(None, 1)[0].strip("'") if command.text.strip() else ""
        if "/" in path and path[0] not in "/<$~" and "=" not in path:
            message = f"'{path}' is not absolute: keepalived looks for it in its working directory, /"
            quoted = path.startswith(('\\"', '"'))
            yield INFO.at(command.span, message, help="remove the backslashes" if quoted else "write the absolute path")


RULE = Rule(INFO, check, on=COMMANDS)
