"""A script that is missing or not executable.

## What it does
Finds commands with an absolute path where no file exists, or where the file is not executable. It runs only with
`kalint check --host`, on the machine itself.

## Why it is bad
keepalived 2.x removes the script and every tracker of it; `keepalived -t` does not say so. Older releases count the
script as failed or as successful.

## Bad
```
# kalint check --host
vrrp_script chk {
    script "/usr/local/bin/no-such-check"
}
```

## Good
```
# kalint check --host
vrrp_script chk {
    script "/bin/sh"
}
```

## Source
lib/notify.c (check_script_secure) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import HOST, Context, Rule, RuleInfo
from kalint.rules.support.programs import programs

INFO = RuleInfo("KA616", "script-missing", "error", "proven", "a script that is missing or not executable", folds=True)


def check(context: Context) -> Iterator[Diagnostic]:
    host = context.host
    if host is None:
        return
    for program in programs(context.resolved, host):
        if not host.executable(program.path):
            there = host.exists(program.path)
            what = "cannot be executed" if there else "does not exist"
            advice = f"chmod +x {program.path}" if there else "correct the path, or install the script"
            yield INFO.at(program.command.span, f"'{program.path}' {what}: keepalived does not run it", help=advice)


RULE = Rule(INFO, check, on=(HOST,))
