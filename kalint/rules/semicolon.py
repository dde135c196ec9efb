"""A semicolon at the end of a statement.

## What it does
Finds statements that end in a semicolon, and closing braces that are followed by one. There is one finding for each
file, which names the other lines. Commands belong to KA602, and a password may end in a semicolon.

## Why it is bad
A statement ends with the line, and the semicolon is part of the value. `priority 100;` is not a number, so keepalived
uses the default of 100. `interface eth0;` names an interface that does not exist, and with `virtual_router_id 17;`
keepalived does not start.

## Bad
```
vrrp_instance VI_1 {
    interface eth0;
    virtual_router_id 17;
    priority 120;
    virtual_ipaddress {
        10.0.0.9/24;
    }
}
```

## Good
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 120
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (alloc_strvec_quoted_escaped): words end at blanks; observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.fix import Edit, Fix
    from kalint.rules.rule import Context
    from kalint.source import Span

INFO = RuleInfo("KA024", "semicolon", "error", "proven", "a semicolon at the end of a statement")


def check(context: Context) -> Iterator[Diagnostic]:
    found: dict[str, list[Span]] = {}
    for problem in context.found("semicolon"):
        found.setdefault(problem.span.file, []).append(problem.span)
    for spans in found.values():
        first, *others = dict.fromkeys(sorted(spans))
        count = ""
        if others:
            count = f", here and on {len(others)} more lines" if len(others) > 1 else ", here and on one more line"
        message = f"keepalived reads a semicolon as part of the value{count}"
        related = [Related(span, "another one") for span in others]
        fix = _fix(context, [first, *others])
        yield INFO.at(first, message, *related, help="remove the semicolons at the ends of lines", fix=fix)


def _fix(context: Context, spans: list[Span]) -> Fix | None:
    from kalint.rules.support.mending import replaced

    edits: list[Edit] = []
    for span in spans:
        fix = replaced(context, span, ";", "")
        if fix is None:
            return None
        edits += fix.edits
    from kalint.findings.fix import Fix

    return Fix("remove the semicolons", tuple(edits), safe=True, alters=True)


RULE = Rule(INFO, check, on=("semicolon",))
