"""Strict mode makes the addresses unreachable.

## What it does
Finds strict mode with instances that are not the address owner (priority 255) and do not have `accept`. There is one
finding for each strict setting.

## Why it is bad
In strict mode keepalived adds firewall rules that drop packets to the virtual addresses, so even `ping` fails: RFC
3768 and 5798 let only the address owner accept packets. With version 2 even `accept` is reset. This is the most
frequent complaint about keepalived.

## Bad
```
global_defs {
    vrrp_strict
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
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
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance). RFC 5798, section 6.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.strict import strict_word

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance
    from kalint.source import Word

INFO = RuleInfo("KA505", "strict-blocks-addresses", "warning", "proven", "strict mode makes the addresses unreachable")


def check(context: Context) -> Iterator[Diagnostic]:
    blocked: dict[Word, list[Instance]] = {}
    for instance in context.resolved.instances:
        if not instance.strict or instance.owner or not instance.virtual_addresses:
            continue
        accepts = instance.vrrp_version == 3 and "accept" in instance.written.settings
        word = strict_word(context.resolved, instance)
        if word is not None and not accepts and "no_accept" not in instance.written.settings:
            blocked.setdefault(word, []).append(instance)
    for word, (first, *others) in blocked.items():
        more = f" and {len(others)} more instance{'s' * (len(others) > 1)}" if others else ""
        whose = "whose priorities are" if others else "whose priority is"
        message = f"strict mode drops all packets to the addresses of {first.name}{more}, {whose} not 255"
        old = any(instance.vrrp_version == 2 for instance in (first, *others))
        where = "these instances" if others else first.name
        related = (Related(each.written.node.words[-1].span, f"{each.name} too") for each in others)
        yield INFO.at(
            word.span,
            message,
            *related,
            help=f"remove {word.text}, or write {'version 3 and accept' if old else 'accept'} in {where}",
        )


RULE = Rule(INFO, check, on=("vrrp_strict", "strict_mode"))
