"""A command whose first word is not a program.

## What it does
Finds commands that begin with a word of the shell: `[[`, `if`, `exit`, `cd`, `source`, `!`, `<`, `(`, an assignment
such as `LANG=C`, and a path that begins with `~/`.

## Why it is bad
keepalived 2.0.0 and later look for a program with this name, do not find it and disable the script ("Cannot find
script ... in path - disabling"). Every tracker of it is dropped too: the check never counts. A notify command never
runs.

## Bad
```
vrrp_script chk {
    script "[[ -e /run/up ]]"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/bin/test -e /run/up"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/notify.c of keepalived 2.2.7 (find_path, check_script_secure); observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, SCRIPT, commands, quotes
from kalint.rules.support.operators import no_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA620", "script-is-no-program", "error", "proven", "a command whose first word is not a program")


def check(context: Context) -> Iterator[Diagnostic]:
    if context.resolved.profile.shell_runs_scripts:
        return
    for command in context.once(commands):
        first = no_program(command.text)
        if first:
            shown = first.partition("=")[0] + "=..." if "=" in first else first
            message = f"'{shown}' is not a program: keepalived disables this command"
            yield INFO.at(command.span, message, help=_advice(first, command.text, quotes(context.resolved)))


def _advice(first: str, command: str, quoting: bool) -> str:
    if first.startswith("~"):
        return "write the absolute path"
    if not quoting:
        return SCRIPT
    if first == "<" and "'" not in command:
        return f"write /bin/bash -c '{command}'"
    shell = "bash" if first in ("[[", "source", "((") else "sh"
    return f"write /bin/{shell} -c '...', or put the commands in a script"


RULE = Rule(INFO, check, on=COMMANDS)
