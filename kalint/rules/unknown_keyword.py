"""A keyword that keepalived does not know.

## What it does
Finds statements and blocks that begin with an unknown word, and suggests the keyword that was probably meant.

## Why it is bad
keepalived reports "Unknown keyword" in its log, ignores the statement and starts anyway: the setting keeps its
default. It reads the lines of an unknown block as if they were outside it. The closing brace then ends the block
around it, and the lines after it are lost too.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    prioritty 150
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
    priority 150
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (process_stream).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.non_comment import foreign_comment
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.commands import COMMANDS
from kalint.rules.support.foreign import foreign
from kalint.rules.support.members import bare_spans
from kalint.rules.support.mending import replaced
from kalint.rules.support.omissions import cost, no_such_block

if TYPE_CHECKING:
    from kalint.problem import Problem
    from kalint.source import Span
    from kalint.syntax.tree import Node

RUNNING = frozenset({*COMMANDS, "vrrp_script", "track_script", "MISC_CHECK"})
"""Keywords whose correction lets keepalived run a command that it did not run before: nobody does that unasked."""
INFO = RuleInfo("KA002", "unknown-keyword", "error", "proven", "a keyword that keepalived does not know")


def check(context: Context) -> Iterator[Diagnostic]:
    alien = foreign(context)
    if alien is not None:
        message = f"this is not a keepalived configuration: it begins with '{alien.subject}' and has no block"
        yield INFO.at(alien.span, message, help="give kalint a keepalived.conf, or correct the name of the first block")
        return
    blocks = {node.words[0].span: node for node in context.statements() if node.items}
    bare = context.once(bare_spans)
    for problem in context.found("keyword-unknown"):
        span = problem.span
        if foreign_comment(problem.subject) or span in bare:
            continue
        if context.untold(INFO, span):
            yield INFO.counted(span)
        else:
            block = blocks.get(span)
            ignored = no_such_block(context, block, problem.detail) if block is not None else ""
            ignored = cost(context, problem, problem.detail, ignored or "keepalived reports it and ignores it")
            message = f"unknown keyword '{problem.subject}': {ignored}"
            advice = f"did you mean '{problem.detail}'?" if problem.detail else _advice(problem, blocks)
            fix = None
            if problem.instead:
                safe = problem.instead not in RUNNING and not _runs(block)
                fix = replaced(context, span, problem.subject, problem.instead, safe=safe, alters=True)
            # Whole definitions of several lines are commented out at once: one matter.
            folds = problem.subject == "\\" and problem.loss is None
            yield INFO.at(span, message, help=advice, fix=fix)._replace(folds=folds)


def _runs(block: Node | None) -> bool:
    """Whether a block has anything in it that makes keepalived run a command, once the block counts."""
    items = () if block is None else block.items or ()
    return any(item.keyword in RUNNING or _runs(item) for item in items)


def _advice(problem: Problem, blocks: Mapping[Span, Node]) -> str:
    if problem.subject == "\\":
        return "remove the \\ at the end of the comment: a comment does not continue on the next line"
    if problem.span in blocks:
        return "correct it, or remove the whole block"
    return "correct it, or comment it out with #"


RULE = Rule(INFO, check, on=("keyword-unknown",))
