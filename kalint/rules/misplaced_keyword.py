"""A keyword in the wrong block.

## What it does
Finds keywords in a block where keepalived does not know them, and says where they belong.

## Why it is bad
keepalived reports "Unknown keyword" and ignores the statement: the setting keeps its default. The closing brace of a
misplaced block ends the block around it, and the lines after it are lost too.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check"
    priority 50
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Good
```
vrrp_script chk {
    script "/usr/local/bin/check"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 50
    virtual_ipaddress {
        10.0.0.9/24
    }
    track_script {
        chk
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (process_stream).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.omissions import cost

INFO = RuleInfo("KA003", "misplaced-keyword", "error", "proven", "a keyword that belongs in another block")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("keyword-misplaced"):
        if problem.subject == "nb_get_retry":
            continue  # KA704 says what to write instead
        if context.untold(INFO, problem.span):
            yield INFO.counted(problem.span)
            continue
        block, where, meant = problem.detail.split("; ")
        ignored = cost(context, problem, meant or problem.subject, "keepalived ignores it")
        message = f"'{problem.subject}' has no meaning {'on' if block == 'the top level' else 'in'} {block}: {ignored}"
        yield INFO.at(problem.span, message, help=_advice(where.split(", "), meant))


def _advice(contexts: list[str], meant: str) -> str:
    if meant:
        return (
            f"write {meant} if one of these is meant, or remove it" if " or " in meant else f"did you mean '{meant}'?"
        )
    if not contexts[0] or len(contexts) > _FEW:
        return "remove it"
    places = contexts[0] if len(contexts) == 1 else f"{', '.join(contexts[:-1])} or {contexts[-1]}"
    return f"move it to {places}, or remove it"


_FEW = 3
"""Blocks that a help lists."""

RULE = Rule(INFO, check, on=("keyword-misplaced",))
