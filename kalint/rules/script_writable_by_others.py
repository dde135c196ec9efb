"""A script that runs as root and that others can change.

## What it does
Finds scripts that run as root and that users other than root can change, directly or through the directory. It runs
only with `kalint check --host`, on the machine itself.

## Why it is bad
Whoever can write the file can run any command as root. With `enable_script_security` keepalived does not run such a
script; without it, keepalived runs it.

## Bad
```
# kalint check --host
vrrp_script chk {
    script "/home/user/check"
    user root
}
```

## Good
```
# kalint check --host
vrrp_script chk {
    script "/usr/local/bin/check"
    user root
}
```

## Source
lib/notify.c (check_security) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import HOST, Context, Rule, RuleInfo
from kalint.rules.support.programs import programs

INFO = RuleInfo(
    "KA607", "script-writable-by-others", "warning", "proven", "a script run as root that others can change"
)


def check(context: Context) -> Iterator[Diagnostic]:
    host = context.host
    if host is None:
        return
    secure = "enable_script_security" in context.resolved.config.global_settings
    for program in programs(context.resolved, host):
        part = host.writable(program.path) if program.root and host.exists(program.path) else ""
        if part:
            does = "does not run the script" if secure else "runs the script as root anyway"
            message = f"'{part}' can be changed by users other than root: keepalived {does}"
            advice = "give it to root alone (chown root, chmod go-w), or run the script as another user"
            yield INFO.at(program.command.span, message, help=advice)


RULE = Rule(INFO, check, on=(HOST,))
