"""Scripts without script security.

## What it does
Finds configurations that run scripts without `enable_script_security` in global_defs. There is one finding for each
configuration, at the first script that keepalived runs. If there are only notify scripts, it is an info.

## Why it is bad
keepalived reports a security violation at every start, and runs scripts that other users may be able to change. They
run as `script_user`; without it as the user keepalived_script, if it exists, else as root.

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
core/main.c; lib/notify.c (the default user).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import CHECKS, COMMANDS, DAEMON, NOTIFY, commands

INFO = RuleInfo(
    "KA601", "script-security-missing", "warning", "proven", "scripts run without enable_script_security", folds=True
)


def check(context: Context) -> Iterator[Diagnostic]:
    resolved = context.resolved
    config = resolved.config
    if "enable_script_security" in resolved.config.global_settings or _marked(context):
        return
    if context.miswritten("enable_script_security"):
        return
    # A vrrp_script that nothing tracks never runs.
    tracked = {ref.name.text for instance in config.instances for ref in instance.trackers}
    tracked.update(ref.name.text for group in config.sync_groups for ref in group.trackers)
    idle = {
        node.words[1].span[:3]
        for one in config.definitions
        if one.kind == "script" and one.name.text not in tracked
        for node in (one.settings.get("script"),)
        if node is not None and len(node.words) > 1
    }
    notified: Diagnostic | None = None
    for command in context.once(commands):
        if command.span[:3] in idle:
            continue
        if command.keyword not in CHECKS | DAEMON and not resolved.instances:
            continue
        if command.text and not command.text.startswith("<"):
            message = "this script runs without enable_script_security: keepalived reports a security violation"
            advice = "add enable_script_security and a script_user to global_defs"
            finding = INFO.at(command.span, message, help=advice)
            if command.keyword not in NOTIFY:
                yield finding
                return
            notified = notified or finding
    if notified is not None:
        yield notified._replace(severity="info")


def _marked(context: Context) -> bool:
    """Whether a byte-order mark hides global_defs (KA019), which may have it."""
    return any(lines and lines[0].startswith("\ufeffglobal_defs") for lines in context.files.values())


RULE = Rule(INFO, check, on=COMMANDS)
