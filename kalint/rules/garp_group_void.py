"""A garp_group without effect, or an interface in two of them.

## What it does
Finds a garp_group without `garp_interval` and `gna_interval`, and an interface that is already in a garp_group.

## Why it is bad
keepalived removes the group without an interval, and ignores an interface's second group.

## Bad
```
garp_group {
    interfaces {
        eth0
    }
}
```

## Good
```
garp_group {
    garp_interval 0.01
    interfaces {
        eth0
    }
}
```

## Source
vrrp/vrrp_parser.c of keepalived 2.2.7 (garp_group_end_handler, garp_group_interfaces_handler).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.source import Word
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA714", "garp-group-void", "warning", "proven", "a garp_group without effect")

_DELAYS = ("garp_interval", "gna_interval")


def check(context: Context) -> Iterator[Diagnostic]:
    seen: dict[str, Word] = {}
    for node in context.resolved.config.nodes:
        if node.keyword != "garp_group" or node.items is None or context.for_others(node, ""):
            continue
        if not any(item.keyword in _DELAYS for item in node.items):
            message = "this garp_group has no interval: keepalived removes it"
            yield INFO.at(node.words[0].span, message, help="add garp_interval or gna_interval")
        for word in _interfaces(node):
            if word.text in seen:
                message = f"{word.shown} is in a garp_group already: keepalived ignores it here"
                yield INFO.at(word.span, message, Related(seen[word.text].span, "the first"), help="remove it here")
            else:
                seen[word.text] = word


def _interfaces(node: Node) -> Iterator[Word]:
    for item in node.items or ():
        if item.keyword == "interface":
            yield from item.words[1:2]
        elif item.keyword == "interfaces":
            for entry in item.items or ():
                yield from entry.words


RULE = Rule(INFO, check, on=("garp_group",))
