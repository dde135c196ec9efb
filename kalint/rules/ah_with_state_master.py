"""AH where it does not work.

## What it does
Finds `auth_type AH` in an instance with `state MASTER` without priority 255, or with IPv6 addresses.

## Why it is bad
A master that starts before it has heard the others' sequence numbers is rejected by them. keepalived therefore starts
the instance as BACKUP and reports that. With IPv6 it sends the adverts without authentication.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    state MASTER
    priority 100
    authentication {
        auth_type AH
        auth_pass s3cret
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    state BACKUP
    priority 100
    authentication {
        auth_type AH
        auth_pass s3cret
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.authentication import ignored
from kalint.semantics.values import argument

INFO = RuleInfo("KA508", "ah-with-state-master", "error", "proven", "AH with state MASTER, or with IPv6")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        settings = instance.written.settings
        word = argument(settings, "auth_type")
        if word is None or word.text != "AH" or ignored(instance):
            continue
        state = argument(settings, "state")
        if instance.family == "ipv6":
            message = (
                f"AH does not work with IPv6: keepalived sends the adverts of {instance.name} without authentication"
            )
            yield INFO.at(word.span, message, help="remove the authentication block")
        elif state is not None and state.text == "MASTER" and not instance.owner:
            message = f"AH does not work with state MASTER: keepalived starts {instance.name} as BACKUP"
            yield INFO.at(word.span, message, help="write state BACKUP; the priority decides who is master")


RULE = Rule(INFO, check, on=("auth_type",))
