"""A check that only bash understands.

## What it does
Finds `/dev/tcp`, `/dev/udp`, `[[`, `<<<`, `<(`, `source`, `pipefail` and `&>` in commands that a check gives to
/bin/sh. These are a script that begins with `<` followed by a path, and the text of `sh -c '...'`. With
`kalint check --host`, a machine whose /bin/sh is bash has no finding.

## Why it is bad
On Debian and Ubuntu /bin/sh is dash, which has none of these. It treats /dev/tcp as a file that does not exist. The
check fails every time with status 2, even if the port answers.

## Bad
```
vrrp_script chk {
    script "</dev/tcp/127.0.0.1/80"
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
    script "/bin/bash -c '</dev/tcp/127.0.0.1/80'"
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
lib/notify.c of keepalived 2.2.7 (check_script_secure): a script that begins with `<` goes to system(), which is
/bin/sh; observed with dash: exit status 2. bash(1), REDIRECTION.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS, commands, quotes
from kalint.rules.support.operators import BASH_ONLY
from kalint.rules.support.shell import program_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo(
    "KA619", "check-needs-bash", "warning", "heuristic", "a check with syntax that only bash understands", folds=True
)

_PLAIN = frozenset({"sh", "dash", "ash"})
_BASH = "bash"
_REDIRECTED = re.compile(r"<\s*/dev/(?:tcp|udp)/")


def check(context: Context) -> Iterator[Diagnostic]:
    host = context.host
    shell = host.shell() if host is not None else ""
    if shell == _BASH:
        return
    for command in context.once(commands):
        text = _for_sh(command.text, context.resolved.profile.shell_runs_scripts)
        found = BASH_ONLY.search(text)
        if found:
            what = next(group for group in found.groups() if group)
            where = f"/bin/sh is {shell} here" if shell else "where /bin/sh is dash (Debian, Ubuntu)"
            fails = "and the command fails every time" if shell else "the command fails every time"
            message = f"only bash understands '{what}': {where}, {fails}"
            yield INFO.at(command.span, message, help=_advice(command.text, quotes(context.resolved)))


def _for_sh(command: str, all_of_it: bool) -> str:
    """What /bin/sh reads of a command."""
    program = program_of(command)
    if program is not None:
        return program.text if program.shell in _PLAIN else ""
    return command if all_of_it or (_REDIRECTED.match(command) and command[1] == "/") else ""


def _advice(command: str, quoting: bool) -> str:
    if not quoting:
        return "put the commands in a script that begins with #!/bin/bash"
    if "'" not in command and command.startswith("<"):
        return f"write /bin/bash -c '{command}'"
    return "run it with /bin/bash instead of /bin/sh"


RULE = Rule(INFO, check, on=COMMANDS)
