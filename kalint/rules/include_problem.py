"""An include without effect.

## What it does
Finds an `include` without a file, one that cannot be read, that includes itself, that is nested too deep, or that
leads outside the directory given by `--include-root`.

## Why it is bad
keepalived continues without the file, mostly without a message. The settings in that file are missing.

## Bad
```
include does-not-exist.d/*.conf
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
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (read_conf_file, open_conf_file).
"""

from __future__ import annotations

from collections.abc import Iterator
from os.path import abspath, dirname, exists, isabs
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.losses import not_read

if TYPE_CHECKING:
    from kalint.problem import Kind

INFO = RuleInfo("KA013", "include-problem", "error", "proven", "an include that reads nothing, or itself")

MESSAGES: dict[Kind, str] = {
    "include-missing": "no file matches '{subject}': keepalived continues without it",
    "include-unreadable": "'{subject}' cannot be read ({detail}): keepalived continues without it",
    "include-cycle": "'{subject}' includes itself: keepalived reads it endlessly, kalint only once",
    "include-too-deep": "'{subject}' was not read: includes are nested too deeply",
    "include-refused": "'{subject}' is in {detail}, which kalint does not read: its lines were not checked",
    "include-outside-root": "'{subject}' is outside {detail}, the directory allowed for includes: it was not read",
}

ADVICE: dict[Kind, str] = {
    "include-missing": "correct the path, which starts at the directory of this file",
    "include-unreadable": "name a file that can be read",
    "include-cycle": "remove one of the two includes",
    "include-refused": "remove the include, or keep its lines in an ordinary file",
}

ELSEWHERE = "correct the path, or run kalint on the machine that has the included files"


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found(*MESSAGES):
        folder = dirname(problem.span.file)
        subject = problem.subject.removeprefix(f"{folder}/") if folder else problem.subject
        message = MESSAGES[problem.kind].format(subject=subject, detail=problem.detail)
        advice = ADVICE.get(problem.kind, "")
        if problem.kind == "include-missing" and _of_another_machine(problem.subject, problem.span.file):
            message = f"no file matches '{subject}' on this machine: the included lines were not checked"
            yield INFO.at(problem.span, message, help=ELSEWHERE)._replace(severity="info")
        else:
            yield INFO.at(problem.span, message, help=advice)
    for problem in context.found("include-lost"):
        if problem.loss is not None:
            lost = not_read(problem.loss, problem.span)
            message = f"this release reads included lines inside a block of values as keywords: {lost}"
            yield INFO.at(problem.span, message, help="write the lines here, or include the whole block")
    for problem in context.found("include-reported"):
        message = "keepalived 1.4.3 to 2.0.7 reports the lines after an include in a block as unknown, but uses them"
        found = INFO.at(problem.span, message, help="include whole blocks, or ignore these lines of the log")
        yield found._replace(severity="info")


def _of_another_machine(pattern: str, file: str) -> bool:
    """Whether an absolute path leads to a folder that is not here, and not below that of the file."""
    folder = dirname(pattern)
    return isabs(pattern) and not pattern.startswith(dirname(abspath(file)) + "/") and not exists(folder)


RULE = Rule(
    INFO,
    check,
    on=(
        "include-missing",
        "include-unreadable",
        "include-cycle",
        "include-too-deep",
        "include-outside-root",
        "include-lost",
        "include-reported",
        "include-refused",
    ),
)
