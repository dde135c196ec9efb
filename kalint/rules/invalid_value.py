"""A value that its keyword does not accept.

## What it does
Finds a missing value, and values of the wrong type, out of range or not among the choices. Keywords that decide an
election (`priority`, `weight`, `state`, `virtual_router_id`, ...) have rules of their own.

## Why it is bad
keepalived reports the value. Depending on the keyword it ignores the statement, uses the nearest allowed value, or
uses the default. If a value is missing, it does not start for most keywords.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    advert_int soon
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
    advert_int 1
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c, core/global_parser.c and check/check_parser.c of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.model.keywords.options import LAST_WORD
from kalint.rules.non_comment import foreign_comment
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.source import FROM_ENVIRONMENT

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Severity

INFO = RuleInfo("KA008", "invalid-value", "error", "proven", "a value that the keyword does not accept")


DEFAULT = "is the default anyway"
HARMLESS = (DEFAULT, "rounds it", "sends no mail")
"""What keepalived does where nothing is lost: an info."""
MAIL = "passes it unchanged to the mail server"
"""Where only a mail is lost: a warning."""


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found("argument-missing"):
        severity = _severity(problem.detail)
        if context.untold(INFO, problem.span, severity):
            yield INFO.counted(problem.span, severity)
            continue
        wanted, _, outcome = problem.detail.rpartition("; ")
        message = f"'{problem.subject}' has no value: {outcome or 'keepalived does not start'}"
        yield INFO.at(problem.span, message, help=f"write {wanted}" if wanted else "")._replace(severity=severity)
    for problem in context.found("value-invalid"):
        if foreign_comment(problem.subject) or problem.subject in ("{", "}"):
            continue
        severity = _severity(problem.detail)
        if context.untold(INFO, problem.span, severity):
            yield INFO.counted(problem.span, severity)
        else:
            hidden = not problem.subject or context.secret(problem.span)
            value = "this value" if hidden else f"'{problem.subject}'"
            detail = problem.detail
            if FROM_ENVIRONMENT in problem.subject:  # what keepalived makes of a value tells the value
                detail = detail.rpartition("; keepalived uses")[0] or detail
            allowed = detail or "valid; keepalived does not use it"
            if problem.instead:
                alias = allowed.startswith("an interface but")
                advice = f"write {problem.instead}" if alias else f"did you mean '{problem.instead}'?"
            else:
                advice = "remove the =" if problem.subject == "=" else _advice(allowed)
            finding = INFO.at(problem.span, f"{value} is not {allowed}", help=advice)
            yield finding._replace(severity=severity)


def _severity(detail: str) -> Severity:
    if detail.endswith(HARMLESS):
        return "info"
    return "warning" if detail.endswith(MAIL) else INFO.severity


def _advice(detail: str) -> str:
    """What to write instead, of what keepalived allows."""
    if detail.endswith(DEFAULT):
        return "remove the line"
    allowed = detail.rpartition("; keepalived")[0]
    if allowed == LAST_WORD:
        return "move it to the end of the line"
    if detail.startswith("an argument of the command"):
        return "put the whole command in double quotes"
    if allowed.startswith(("the name of a user", "the name of a group")):
        return "put the whole command in double quotes, or create the user or group"
    if allowed.startswith(("an option", "possible", "needed")) or not allowed:
        return "remove it"
    return f"write {allowed}"


RULE = Rule(INFO, check, on=("argument-missing", "value-invalid"))
