"""A flag that is meant to be off and is on.

## What it does
Finds 0, no, off, false and the like behind a keyword that takes no such word: a flag, or a keyword whose word is a
name, as with use_vmac.

## Why it is bad
The keyword alone turns the setting on. keepalived does not read the word behind a flag, and takes the one behind
use_vmac or nftables for a name: `enable_script_security 0` turns script security on, `nopreempt no` keeps the
better node from coming back, and `use_vmac no` makes a VMAC of the name `no`.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    nopreempt no
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
The handlers of vrrp/vrrp_parser.c and core/global_parser.c of keepalived 2.2.7 that set a flag without a look at
their words; observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA023", "flag-with-value", "warning", "proven", "a flag followed by a word such as off")

_NAMES = {
    "use_vmac": "the interface",
    "use_ipvlan": "the interface",
    "nftables": "the table",
    "nftables_ipvs": "the table",
    "vrrp_iptables": "the chain",
}
"""What the word behind some flags names."""


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("flag-with-value"):
        named = _NAMES.get(problem.subject)
        effect = f"keepalived names {named} '{problem.detail}'" if named else "the word after a flag has no effect"
        message = f"'{problem.subject} {problem.detail}' turns {problem.subject} on: {effect}"
        advice = f"remove the line to turn it off, or '{problem.detail}' to leave it on"
        yield INFO.at(problem.span, message, help=advice)


RULE = Rule(INFO, check, on=("flag-with-value",))
