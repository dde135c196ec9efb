"""A definition or a sequence that does not expand.

## What it does
Finds `$NAME` without a definition, and definitions that contain themselves. It also finds definitions, `~SEQ` and
`~LST` that keepalived cannot read, or that would grow without limit.

## Why it is bad
An undefined `$NAME` stays unchanged and becomes, for example, the name of an interface. A definition that contains
itself hangs keepalived 2.2.7 at the start.

## Bad
```
vrrp_instance VI_1 {
    interface $IFACE
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
$IFACE=eth0
vrrp_instance VI_1 {
    interface $IFACE
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
lib/parser.c of keepalived 2.2.7 (replace_param, check_definition, add_seq, add_lst).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.losses import consequence

if TYPE_CHECKING:
    from kalint.problem import Kind, Problem
    from kalint.source import Span

INFO = RuleInfo("KA014", "definition-problem", "error", "proven", "a $definition or sequence that does not expand")

MESSAGES: dict[Kind, str] = {
    "definition-cycle": "'${subject}' contains itself: keepalived never finishes replacing it",
    "definition-undefined": "'${subject}' is not defined here: keepalived uses it as plain text",
    "definition-malformed": "'{subject}' is not a definition: {detail}",
    "expansion-too-large": "'{subject}' expands to more than {detail}: kalint does not read the rest of it",
    "sequence-malformed": "'{subject}' is not a sequence: {detail}",
}

ADVICE: dict[Kind, str] = {
    "definition-cycle": "give it a value that does not contain itself",
    "definition-undefined": "write ${subject}=VALUE above, or correct the name",
}

SECRETS: dict[Kind, str] = {
    "definition-cycle": "a $definition of a password or key contains itself: keepalived never finishes replacing it",
    "definition-malformed": "keepalived does not replace a $name in this password or key",
    "expansion-too-large": "this password or key expands to more than {detail}: kalint does not read the rest of it",
    "sequence-malformed": "keepalived cannot read the sequence in this password or key",
}

SECRET_ADVICE: dict[Kind, str] = {
    "definition-cycle": "give it a value that does not contain itself",
    "definition-malformed": "write ${NAME}, with braces, for a name that is defined above",
    "expansion-too-large": "write the password itself",
    "sequence-malformed": "write a line for each value",
}

_MEANT = re.compile(r"\$\{\w+\}|\$[A-Z_][A-Z0-9_]*")
"""A value that is the use of a definition, and not a password that begins with a `$`."""


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found(*MESSAGES):
        if context.secret(problem.span):
            yield from _in_secret(context, problem)
            continue
        name = problem.subject.lstrip("$")
        message = MESSAGES[problem.kind].format(subject=name, detail=problem.detail)
        cost = _cost(context, problem.span) if problem.kind == "definition-undefined" else ""
        if cost:
            message = f"{message.partition(': ')[0]}: {cost}"
        finding = INFO.at(problem.span, message, help=ADVICE.get(problem.kind, "").format(subject=name))
        yield _undefined(finding) if problem.kind == "definition-undefined" else finding


def _cost(context: Context, span: Span) -> str:
    """What the braces of an undefined `${NAME}` cost: keepalived takes them for those of a block."""
    for problem in context.found("statements-lost"):
        loss = problem.loss
        if loss is not None and loss.how == "ends" and problem.span[:2] == span[:2]:
            return consequence(problem, "").replace("its '}'", "the '}' of its name", 1)
    return ""


def _undefined(finding: Diagnostic) -> Diagnostic:
    """All undefined names of a file are one matter."""
    return finding._replace(severity="warning", folds=True)


def _in_secret(context: Context, problem: Problem) -> Iterator[Diagnostic]:
    """What there is to say of a password or key, without a word of it.

    A `$` is a character of a password like any other, unless the whole value looks like the name of a definition.
    """
    if problem.kind != "definition-undefined":
        detail = problem.detail if problem.kind == "expansion-too-large" else ""
        yield INFO.at(problem.span, SECRETS[problem.kind].format(detail=detail), help=SECRET_ADVICE[problem.kind])
    elif _MEANT.fullmatch(_word(context, problem.span)):
        message = "a $name that is not defined here stands for a password or key: keepalived uses its characters"
        advice = "define the name above this line, or write the password itself"
        yield _undefined(INFO.at(problem.span, message, help=advice))


def _word(context: Context, span: Span) -> str:
    """The whole word, as it stands in the file, that a place is in."""
    line = context.files[span.file][span.line - 1]
    first = max(line.rfind(blank, 0, span.column - 1) for blank in " \t") + 1
    return line[first:].split(maxsplit=1)[0].strip('"')


RULE = Rule(
    INFO,
    check,
    on=(
        "definition-cycle",
        "definition-undefined",
        "definition-malformed",
        "expansion-too-large",
        "sequence-malformed",
    ),
)
