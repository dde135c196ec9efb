"""Braces that do not match.

## What it does
Finds a `{` without its `}`, a `}` without its `{`, a `{` where none belongs, and a block keyword without a block.

## Why it is bad
keepalived continues to read. A block that is not closed takes in the rest of the file. An extra `}` ends a block too
early, and the settings after it are in the wrong block or are lost.

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

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.losses import consequence, not_read
from kalint.source import Span

if TYPE_CHECKING:
    from kalint.problem import Kind, Problem

INFO = RuleInfo("KA001", "unbalanced-brace", "error", "proven", "an unbalanced brace")

MESSAGES: dict[Kind, str] = {
    "brace-unclosed": "'{{' of {subject} is never closed",
    "brace-extra": "'}}' closes nothing",
    "brace-unexpected": "'{{' is out of place: {subject} takes no block here",
    "brace-missing": "'{subject}' needs a block, but no '{{' follows",
}
EFFECTS: dict[Kind, str] = {
    "brace-unclosed": ": keepalived reads the rest of the file as part of it",
    "brace-extra": ": keepalived reports it and continues",
}
"""What a brace does where it costs no statement."""

ADVICE: dict[Kind, str] = {
    "brace-unclosed": "write '}' where the block ends",
    "brace-extra": "remove it, or add the '{' that it closes",
    "brace-unexpected": "remove it and its '}'",
    "brace-missing": "write '{' after it, and '}' where the block ends",
}


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found(*MESSAGES):
        if context.untold(INFO, problem.span):
            yield INFO.counted(problem.span)
            continue
        if context.secret(problem.span):  # a brace in a password: its block is named after it
            loss = problem.loss and problem.loss._replace(block=_keyword(problem.loss.block))
            problem = problem._replace(subject=_keyword(problem.subject), loss=loss)
        yield INFO.at(problem.span, _message(problem), help=ADVICE[problem.kind])
    for problem in context.found("statements-lost"):
        advice = "write '{' at the end of a line, and '}' on a line of its own"
        name = _undefined(context, problem.span)
        if name:
            advice = f"define ${name} above this line"
        secret = _in_password(context, problem)
        if secret is not None:
            problem, advice = problem._replace(place=secret), "put the password in double quotes"
        yield INFO.at(problem.span, consequence(problem, "").removeprefix("its "), help=advice)


def _keyword(block: str) -> str:
    """A block without its name."""
    return block.partition(" ")[0]


def _undefined(context: Context, span: Span) -> str:
    """The first `${NAME}` of the line that nothing defines: its braces are those of a block then."""
    lines = context.files.get(span.file, [])
    names = {problem.subject.lstrip("$") for problem in context.found("definition-undefined")}
    used = re.findall(r"\$\{(\w+)\}", lines[span.line - 1]) if span.line <= len(lines) else []
    return next((name for name in used if name in names), "")


def _in_password(context: Context, problem: Problem) -> Span | None:
    """The `${` of a password above what is lost: without a definition of that name its braces are those of a block."""
    span, lost = problem.span, problem.loss.lost if problem.loss is not None else ()
    lines = context.files.get(span.file, [])
    last = min((place.line for _, place in lost if place.file == span.file), default=span.line)
    for number in range(span.line, min(last, len(lines) + 1)):
        column = lines[number - 1].find("${")
        if column >= 0 and context.secret(Span(span.file, number, 1, number, 1)):
            return Span(span.file, number, column + 1, number, column + 3)
    return None


def _message(problem: Problem) -> str:
    what = MESSAGES[problem.kind].format(subject=problem.subject or "what stands before it")
    loss = problem.loss
    if loss is None:
        return what + EFFECTS.get(problem.kind, "")
    if loss.how == "takes":
        return f"{what}: {consequence(problem, '')}"
    if problem.kind == "brace-extra":
        return f"'}}' ends {loss.block} too early: {not_read(loss, problem.span)}"
    return f"{what.partition(': ')[0]}: {consequence(problem, '')}"


RULE = Rule(
    INFO,
    check,
    on=("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing", "statements-lost"),
)
