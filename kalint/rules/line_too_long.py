"""A line that keepalived does not read.

## What it does
Finds lines of 1024 bytes or more, and lines with a NUL byte.

## Why it is bad
keepalived reads the first 1023 bytes as one line and the rest as another. A value is cut, and the rest begins with an
unknown keyword. kalint reads at most 65,472 characters of a line.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    notify_master "/usr/local/bin/notify xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
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
    notify_master "/usr/local/bin/notify --master"
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (read_line, MAXBUF); 2.4.3 says "line too long - ignoring".
"""  # noqa: E501 (the example is such a line)

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA017", "line-too-long", "error", "proven", "a line of 1024 bytes or more, or with a NUL")


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("line-too-long"):
        message = f"line of {problem.subject} bytes: keepalived reads 1023 bytes as one line and the rest as another"
        if problem.detail:
            message = f"line of more than {problem.subject} characters: kalint does not read the rest of it"
        yield INFO.at(problem.span, message, help="move a part of it to a definition or a script")
    for problem in context.found("nul"):
        message = "line with a NUL byte: keepalived ignores the line, or what follows the NUL, by release"
        yield INFO.at(problem.span, message, help="remove the NUL byte")


RULE = Rule(INFO, check, on=("line-too-long", "nul"))
