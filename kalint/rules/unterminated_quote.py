"""A quote that is never closed.

## What it does
Finds a double quote without its partner on the same line.

## Why it is bad
In a command it crashes keepalived 2.2.7. Elsewhere keepalived loses the rest of the line: the value is cut short or
missing, and a brace behind the quote does not count.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check
    interval 2
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
    interval 2
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

## Source
lib/parser.c of keepalived 2.2.7 (alloc_strvec_quoted_escaped, alloc_strvec_r).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA007", "unterminated-quote", "error", "proven", "a double quote that is never closed")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("unterminated-quote"):
        message = "this quote is never closed: keepalived loses the rest of the line"
        yield INFO.at(problem.span, message, help="add the closing quote")


RULE = Rule(INFO, check, on=("unterminated-quote",))
