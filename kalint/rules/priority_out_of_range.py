"""A priority that is not a number from 1 to 255.

## What it does
Finds a `priority` that keepalived does not use as it is written (KA014 reports an undefined `$NAME`).

## Why it is bad
keepalived uses the default of 100. The node that should win may lose, and two nodes may have the same priority.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 300
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
    priority 200
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_prio_handler in keepalived/vrrp/vrrp_parser.c. Before 1.3 a leading number counted: `120x` was 120.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context

INFO = RuleInfo("KA201", "priority-out-of-range", "error", "proven", "a priority outside 1 to 255")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        node = instance.written.settings.get("priority")
        if node is None or len(node.words) < 2:
            continue
        word = node.words[1]
        value = instance.base_priority.value
        if word.text == str(value) or _same(word.text, value) or "$" in word.text:
            continue
        shown = word.text or "''"
        yield INFO.at(
            word.span,
            f"priority {shown} is not a number from 1 to 255: keepalived uses {value} for {instance.name}",
            help="write a number from 1 to 254; 255 is for the owner of the addresses",
        )


def _same(text: str, value: int) -> bool:
    """Whether the text is the number, in one of the ways that strtoul reads ("+110", "0110")."""
    digits = text[1:] if text[:1] == "+" else text
    return digits.isascii() and digits.isdigit() and int(digits) == value


RULE = Rule(INFO, check, on=("value-invalid", "priority"))
