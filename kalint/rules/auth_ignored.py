"""Authentication that is not used.

## What it does
Finds `auth_type` and `auth_pass` in an instance that uses VRRP version 3 or strict mode. It also finds one of the two
without the other.

## Why it is bad
keepalived sends its adverts without authentication, and reports most of these cases. A peer that does authenticate
rejects the adverts: both nodes become master.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    version 3
    authentication {
        auth_type PASS
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
    version 2
    authentication {
        auth_type PASS
        auth_pass s3cret
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance). RFC 5798, section 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.authentication import ignored

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance

INFO = RuleInfo("KA502", "auth-ignored", "warning", "proven", "authentication that keepalived does not use", folds=True)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        settings = instance.written.settings
        node = settings.get("auth_type") or settings.get("auth_pass")
        why = ignored(instance) if node else ""
        if node and why and not _elsewhere(context, instance, why):
            message = f"{instance.name} does not authenticate because {why}: keepalived ignores this block"
            advice = (
                f"add {why.split()[0]}" if why.endswith("missing") else "remove the authentication block, on all nodes"
            )
            yield INFO.at(node.words[0].span, message, help=advice)


def _elsewhere(context: Context, instance: Instance, why: str) -> bool:
    """Whether what is missing stands there after all, with a finding of its own."""
    keyword = why.split()[0]
    return keyword in ("auth_type", "auth_pass") and context.said_otherwise(instance.written.node, keyword)


RULE = Rule(INFO, check, on=("auth_type", "auth_pass"))
