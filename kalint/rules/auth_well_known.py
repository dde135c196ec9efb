"""A common example password.

## What it does
Finds an `auth_pass` that is in many examples.

## Why it is bad
The password is sent in clear text in every advert, so it protects only against mistakes, such as another cluster with
the same VRID. An example password does not even do that, because the other cluster may use it too.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    authentication {
        auth_type PASS
        auth_pass 1111
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
        auth_pass x7Kq2mZp
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
66 of 449 published configurations; RFC 3768, section 10.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.authentication import ignored
from kalint.semantics.values import argument

INFO = RuleInfo("KA510", "auth-well-known", "info", "heuristic", "a common example password")

KNOWN = frozenset(("1111", "1234", "12345", "123456", "12345678", "0000", "secret", "password", "admin", "changeme"))


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        word = argument(instance.written.settings, "auth_pass")
        if word is not None and word.text[:8] in KNOWN and not ignored(instance):
            message = f"auth_pass of {instance.name} is a common example password"
            yield INFO.at(word.span, message, help="choose another password, the same on all nodes")


RULE = Rule(INFO, check, on=("auth_pass",))
