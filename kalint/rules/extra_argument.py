"""More words than the keyword takes.

## What it does
Finds words at the end of a statement that its keyword does not take.

## Why it is bad
keepalived ignores these words without a message, so the setting that they were meant for is missing.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100 150
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
vrrp/vrrp_parser.c of keepalived 2.2.7: each handler reads only the words that it expects.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.non_comment import foreign_comment
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.source import Span

INFO = RuleInfo("KA005", "extra-argument", "warning", "proven", "words that the keyword does not read")


_TOLD = (["priority", "="], ["state", "="], ["virtual_router_id", "="])
"""Lines with an equals sign of which another rule speaks."""


def check(context: Context) -> Iterator[Diagnostic]:
    told = {problem.span[:2] for problem in context.found("value-invalid") if problem.subject == "="}
    for problem in context.found("argument-extra"):
        before = _before(context, problem.span)
        if before in _TOLD or problem.span[:2] in told:
            continue
        if foreign_comment(problem.subject):
            continue
        if context.untold(INFO, problem.span):
            yield INFO.counted(problem.span)
        else:
            hidden = not problem.subject or context.secret(problem.span)
            words = "the words after the password" if hidden else f"'{problem.subject}'"
            advice = "remove them, or put a value with spaces in double quotes"
            if len(before) == 1:
                advice = f"remove {words}: {before[0]} takes no value"
            message = f"too many words: keepalived ignores {words}"
            if before[1:] == ["="]:
                message, advice = f"keepalived uses '=' as the value and ignores {words}", "remove the ="
            yield INFO.at(problem.span, message, help=advice)


def _before(context: Context, span: Span) -> list[str]:
    """The words before these on the line."""
    lines = context.files.get(span.file, [])
    return lines[span.line - 1][: span.column - 1].split() if span.line <= len(lines) else []


RULE = Rule(INFO, check, on=("argument-extra",))
