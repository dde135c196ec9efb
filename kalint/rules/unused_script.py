"""A script that nothing tracks.

## What it does
Finds a `vrrp_script` that no track_script block names.

## Why it is bad
keepalived never runs it, and releases before 2.0.0 do not report it. The check has no influence on any election.

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
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_init): "script is not used".
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.references import removed

INFO = RuleInfo("KA103", "unused-script", "warning", "proven", "a vrrp_script that nothing tracks")


def check(context: Context) -> Iterator[Diagnostic]:
    config = context.resolved.config
    if not config.instances or context.miswritten("track_script"):
        return
    gone = removed(context.resolved)
    tracked = {ref.name.text for instance in config.instances for ref in instance.trackers}
    tracked.update(ref.name.text for group in config.sync_groups for ref in group.trackers)
    if "semicolon" in context.problems:  # `chk;` was meant as chk (KA024)
        tracked.update([name.rstrip(";") for name in tracked])
    for script in context.resolved.scripts:
        if script.name not in tracked and ("script", script.name) not in gone:
            message = f"nothing tracks vrrp_script {script.name}: keepalived never runs it"
            advice = f"name {script.name} in a track_script block, or remove it"
            yield INFO.at(script.written.name.span, message, help=advice)


RULE = Rule(INFO, check, on=("vrrp_script",))
