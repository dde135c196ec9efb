"""A `#` or `!` that ends a value.

## What it does
Finds a comment character inside a word.

## Why it is bad
For keepalived `#` and `!` begin a comment anywhere outside double quotes, even in the middle of a word.
`auth_pass v!p$%` sets the password `v`, and keepalived says nothing.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    authentication {
        auth_type PASS
        auth_pass v!p$%
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
        auth_pass "v!p$%"
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (decomment_string).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA012", "comment-cuts-word", "warning", "proven", "a # or ! inside a word, which ends it", folds=True)

PASSWORD = 8
"""Bytes of an auth_pass that count."""


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("comment-cuts-word"):
        if context.secret(problem.span):
            if len(problem.subject.encode("utf-8", "surrogateescape")) >= PASSWORD and "key" not in problem.detail[:4]:
                continue  # no more of it counts anyway, which auth-pass-truncated says
            count = len(problem.subject)
            first = f"first {count} characters" if count > 1 else "first character" if count else "part before it"
            left = f"keepalived reads only the {first} of the password"
        else:
            left = f"keepalived reads '{problem.detail}' as '{problem.subject}'"
        mark = problem.detail[len(problem.subject) : len(problem.subject) + 1]
        message = f"'{mark}' begins a comment even inside a word: {left}"
        yield INFO.at(problem.span, message, help="put the value in double quotes, or a space before the comment")


RULE = Rule(INFO, check, on=("comment-cuts-word",))
