"""A password of more than 8 characters.

## What it does
Finds an `auth_pass` of more than 8 bytes.

## Why it is bad
keepalived uses the first 8 bytes and reports that. Two passwords with the same first 8 bytes are equal, and a router
that is not keepalived may reject the adverts.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    authentication {
        auth_type PASS
        auth_pass correct-horse
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
    authentication {
        auth_type PASS
        auth_pass horse-8x
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c of keepalived 2.2.7 (vrrp_auth_pass_handler); RFC 2338, section 5.3.6.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.authentication import ignored
from kalint.semantics.values import argument

INFO = RuleInfo(
    "KA501", "auth-pass-truncated", "warning", "proven", "an auth_pass of more than 8 characters", folds=True
)


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = argument(instance.written.settings, "auth_pass")
        if word is None or ignored(instance):
            continue
        size = len(word.text.encode("utf-8", "surrogateescape"))
        if size > 8:
            message = f"auth_pass of {instance.name} has {size} bytes: keepalived uses the first 8"
            yield INFO.at(word.span, message, help="write at most 8 bytes")


RULE = Rule(INFO, check, on=("auth_pass",))
