"""Braces that do not match.

## What it does
Finds a `{` without its `}`, a `}` without its `{`, a `{` where none belongs, and a block keyword without a block.

## Why it is bad
keepalived goes on reading: an unclosed block swallows the rest of the file, an extra `}` ends a block too early, and
the settings that follow land in the wrong place or nowhere.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
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
lib/parser.c of keepalived 2.2.7 (process_stream, alloc_value_block).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA001", "unbalanced-brace", "error", "proven", "a brace without its partner")

MESSAGES = {
    "brace-unclosed": "'{{' of {subject} is never closed: keepalived reads the rest of the file as part of it",
    "brace-extra": "'}}' closes nothing: keepalived reports it and goes on",
    "brace-unexpected": "'{{' is out of place: {subject} takes no block here",
    "brace-missing": "'{subject}' needs a block, but no '{{' follows",
}

ADVICE = {
    "brace-unclosed": "write '}' where the block ends",
    "brace-extra": "remove it, or write the '{' that it closes",
    "brace-unexpected": "remove it and its '}'",
    "brace-missing": "write '{' after it, and '}' where the block ends",
}


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing"):
        message = MESSAGES[problem.kind].format(subject=problem.subject or "what stands before it")
        yield INFO.at(problem.span, message, help=ADVICE[problem.kind])


RULE = Rule(INFO, check, on=("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing"))
