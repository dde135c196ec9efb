"""A bfd_instance without a neighbour.

## What it does
Finds a `bfd_instance` that has neither `neighbor_ip` nor `neighbour_ip`.

## Why it is bad
keepalived starts no session. For an instance or a sync group that tracks it, it is down for ever: a weight always
counts as failed, and without a weight the instance stays in FAULT.

## Bad
```
bfd_instance gateway {
    min_rx 50
}
```

## Good
```
bfd_instance gateway {
    neighbor_ip 192.0.2.1
    min_rx 50
}
```

## Source
bfd/bfd_parser.c of keepalived 2.2.7 (bfd_end_handler; the trackers stay, bfd_vrrp_end_handler).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

if TYPE_CHECKING:
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA701", "bfd-without-neighbour", "error", "proven", "a bfd_instance without a neighbor_ip")

_KEYWORDS = ("neighbor_ip", "neighbour_ip")


def check(context: Context) -> Iterator[Diagnostic]:
    for node in context.resolved.config.nodes:
        if node.keyword != "bfd_instance" or node.items is None or len(node.words) < 2:
            continue
        if any(item.keyword in _KEYWORDS for item in node.items) or _elsewhere(context, node):
            continue
        name = node.words[1]
        message = f"bfd_instance {name.shown} has no neighbor_ip: for whatever tracks it, it is down for ever"
        yield INFO.at(name.span, message, help="add the neighbour's address: neighbor_ip 192.0.2.1")


def _elsewhere(context: Context, node: Node) -> bool:
    """Whether the address is there, but lost with a keyword that has a finding of its own, or for another config id."""
    lost = context.found("keyword-unknown", "keyword-misplaced", "keywords-on-one-line")
    lines = {item.line.number for item in node.items or ()}
    if any(problem.span.file == node.line.file and problem.span.line in lines for problem in lost):
        return True
    return any(context.for_others(node, keyword) for keyword in _KEYWORDS)


RULE = Rule(INFO, check, on=("bfd_instance",))
