"""A keyword of another release.

## What it does
Finds keywords that came after the release given by `--keepalived-version`, or were removed before it.

## Why it is bad
That release reports an unknown keyword, or nothing at all, and continues without the setting.

## Bad
```
# keepalived-version: 1.3.5
vrrp_track_process nginx {
    process nginx
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
# keepalived-version: 2.2.7
vrrp_track_process nginx {
    process nginx
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
The keyword table: for each keyword its first and last release.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.losses import consequence

INFO = RuleInfo(
    "KA016", "not-in-this-release", "warning", "proven", "a keyword that this release does not know", folds=True
)


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("keyword-release"):
        if context.untold(INFO, problem.span):
            yield INFO.counted(problem.span)
            continue
        if problem.detail.startswith("coming"):
            effect = consequence(problem, "keepalived ignores it")
            message = f"no release of keepalived knows '{problem.subject}' yet ({problem.detail}): {effect}"
            advice = "remove it until that release is installed"
        else:
            effect = consequence(problem, "this release ignores it")
            message = f"'{problem.subject}' exists only {problem.detail}: {effect}"
            advice = "remove it; if another release reads this file, pass --keepalived-version"
        yield INFO.at(problem.span, message, help=advice)


RULE = Rule(INFO, check, on=("keyword-release",))
