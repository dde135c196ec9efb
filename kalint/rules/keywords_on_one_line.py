"""Two statements on one line.

## What it does
Finds a keyword on a line where another statement has not ended yet.

## Why it is bad
A statement ends at the end of the line or at a brace. keepalived treats the second keyword as one more word of the
first and ignores it: in `auth_type PASS auth_pass x` the password is lost.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    authentication {
        auth_type PASS auth_pass s3cret
    }
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
    authentication {
        auth_type PASS
        auth_pass s3cret
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (read_line, process_stream).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA006", "keywords-on-one-line", "error", "proven", "two statements on one line")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("keywords-on-one-line"):
        message = f"'{problem.subject}' is ignored: keepalived reads one statement per line"
        yield INFO.at(problem.span, message, help=f"put '{problem.subject}' on a line of its own")


RULE = Rule(INFO, check, on=("keywords-on-one-line",))
