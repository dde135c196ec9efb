"""A check that cannot fail.

## What it does
Works out which exit statuses the command of a vrrp_script or a MISC_CHECK can have, and reports a command that can
only exit with 0. Examples are `... || true`, `...; exit 0`, `... && echo 1 || echo 0`, a pipe that ends in `wc -l`,
and a check that looks for keepalived itself.

`curl` without `-f` is an info: it fails only if no connection is made. A check that is only `/bin/true` is not
reported: it is a placeholder.

## Why it is bad
keepalived looks only at the exit status and ignores what the command prints. A check that always exits with 0 keeps
the addresses on a node whose service has failed. A check that looks for keepalived always finds it, because
keepalived runs the check.

## Bad
```
vrrp_script chk {
    script "/bin/sh -c 'pidof haproxy || true'"
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
```
vrrp_script chk {
    script "/usr/bin/killall -0 keepalived"
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
    script "/usr/bin/pidof haproxy"
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
POSIX.1-2017, Shell Command Language, 2.8.2 and 2.9 (exit status of lists, pipes and compound commands);
keepalived/vrrp/vrrp_track.c and check/check_misc.c of keepalived 2.2.7 (the exit status decides); curl(1), -f.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.rules.support.commands import commands
from kalint.rules.support.operators import no_program, shell_syntax
from kalint.rules.support.shell import outcome_of
from kalint.rules.support.statuses import ITSELF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA618", "check-cannot-fail", "warning", "proven", "a check that always exits with 0")

CHECKS = ("script", "misc_path")
_END = re.compile(
    r"(?:(?:&&\s*(?:echo|printf)\b[^|&;]*)?\|\|\s*(?:/bin/|/usr/bin/)?(?:true|:|exit\s+0|return\s+0|echo\b[^|&;']*)"
    r"|;\s*(?:/bin/)?(?:true|:|exit\s+0|echo\b[^|&;']*)|\|\s*(?:wc|head|tail|sort|cut|tr|uniq|cat|tee|logger)\b[^|&;']*|&)"
    r"\s*;?\s*['\"]?$"
)
"""What people put after the test that takes its exit status away."""


def check(context: Context) -> Iterator[Diagnostic]:
    by_shell = context.resolved.profile.shell_runs_scripts
    for command in context.once(commands):
        if command.keyword not in CHECKS or no_program(command.text) or (not by_shell and shell_syntax(command.text)):
            continue
        outcome = outcome_of(command.text, by_shell=by_shell)
        if outcome.cannot_fail and outcome.why == ITSELF:
            message = (
                "this check looks for keepalived itself, which runs whenever the check runs: the check never fails"
            )
            yield INFO.at(command.span, message, help="check the service that uses the addresses")
        elif outcome.cannot_fail and command.text.rpartition("/")[2] != "true":
            yield INFO.at(command.span, "this check always exits with 0, so it never fails", help=_advice(command.text))
        elif outcome.curl:
            message = (
                "curl without -f exits with 0 on HTTP errors such as 503: only a failed connection fails this check"
            )
            yield INFO.at(command.span, message, help="add -f")._replace(severity="info")
    for definition in context.resolved.config.definitions:
        watched = definition.settings.get("process") if definition.kind == "process" else None
        if watched is not None and len(watched.words) > 1 and _is_keepalived(watched.words[1].text):
            message = "this tracker watches keepalived itself, which runs as long as the tracker does: it never fails"
            yield INFO.at(
                watched.words[1].span, message, help="name the process of the service that uses the addresses"
            )


def _advice(command: str) -> str:
    end = _END.search(command)
    if end and end.start():
        return f"remove '{end.group().rstrip(chr(39) + chr(34) + ' ;')}', so that the exit status of the test counts"
    return "write a command that fails when the service does"


def _is_keepalived(process: str) -> bool:
    return process.rpartition("/")[2] == "keepalived"


RULE = Rule(INFO, check, on=(*CHECKS, "vrrp_track_process"))
