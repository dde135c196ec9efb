"""`nb_get_retry` outside HTTP_GET and SSL_GET.

## What it does
Finds `nb_get_retry` in TCP_CHECK and other checkers that never had it.

## Why it is bad
keepalived ignores the keyword there, so the check is not repeated as often as the file says. A TCP_CHECK is retried
once, a MISC_CHECK never.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
            nb_get_retry 3
        }
    }
}
```

## Good
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
            retry 3
        }
    }
}
```

## Source
check/check_tcp.c and check/check_http.c of keepalived 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo(
    "KA704", "deprecated-retry", "warning", "proven", "nb_get_retry in a checker that only knows retry", folds=True
)

KEYWORD = "nb_get_retry"


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("keyword-misplaced"):
        if problem.subject == KEYWORD:
            message = f"'{KEYWORD}' is for HTTP_GET and SSL_GET only: keepalived ignores it here"
            yield INFO.at(problem.span, message, help="write retry")


RULE = Rule(INFO, check, on=("nb_get_retry",))
