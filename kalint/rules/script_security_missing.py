"""Scripts without script security.

## What it does
Finds configurations that run scripts without `enable_script_security` in global_defs. One finding a configuration, at
the first script: those of VRRP where there is an instance, misc_path, notify_up, notify_down, quorum_up,
quorum_down, startup_script and shutdown_script.

## Why it is bad
keepalived reports a security violation at every start, and runs scripts, as root unless `script_user` says otherwise,
that other users may be able to change.

## Bad
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

## Good
```
global_defs {
    enable_script_security
    script_user keepalived_script
}
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
vrrp/vrrp.c of keepalived 2.2.7 (check_vrrp_script_security), check/check_data.c (check_check_script_security),
core/main.c.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import CHECKS, COMMANDS, DAEMON, commands

INFO = RuleInfo("KA601", "script-security-missing", "warning", "proven", "scripts run without enable_script_security")


def check(context: Context) -> Iterator[Diagnostic]:
    resolved = context.resolved
    if "enable_script_security" in resolved.config.global_settings:
        return
    for command in commands(resolved):
        if command.keyword not in CHECKS | DAEMON and not resolved.instances:
            continue
        if command.text and not command.text.startswith("<"):
            message = "this script runs without enable_script_security: keepalived reports a security violation"
            advice = "add enable_script_security and a script_user to global_defs"
            yield INFO.at(command.span, message, help=advice)
            return


RULE = Rule(INFO, check, on=COMMANDS)
