"""A flag that was meant to be off but is on.

## What it does
Finds 0, no, off, false and similar words after a flag, or after a keyword that takes a name, such as use_vmac.

## Why it is bad
The keyword alone turns the setting on, and keepalived ignores the word after a flag. `enable_script_security 0` turns
script security on, and `nopreempt no` turns preemption off. After use_vmac or nftables the word is a name:
`use_vmac no` creates a VMAC with the name `no`.

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
"""What the word after some flags names."""


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("flag-with-value"):
        named = _NAMES.get(problem.subject)
        effect = (
            f"keepalived names {named} '{problem.detail.split()[0]}'"
            if named
            else "the word after a flag has no effect"
        )
        message = f"'{problem.subject} {problem.detail}' turns {problem.subject} on: {effect}"
        advice = f"remove the line to turn it off, or '{problem.detail}' to leave it on"
        yield INFO.at(problem.span, message, help=advice)


RULE = Rule(INFO, check, on=("flag-with-value",))
