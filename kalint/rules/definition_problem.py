"""A definition or a sequence that does not expand.

## What it does
Finds `$NAME` without a definition, definitions that contain themselves, ones and `~SEQ`/`~LST` that keepalived cannot
read, and such as would grow beyond all bounds.

## Why it is bad
An undefined `$NAME` stays as it is, and becomes an interface or an address of that name. A definition that contains
itself hangs keepalived 2.2.7 at start.

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

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo

if TYPE_CHECKING:
    from kalint.problem import Kind

INFO = RuleInfo("KA014", "definition-problem", "error", "proven", "a $definition or sequence that does not expand")

MESSAGES: dict[Kind, str] = {
    "definition-cycle": "'${subject}' contains itself: keepalived never stops to replace it",
    "definition-undefined": "'${subject}' is not defined here: keepalived leaves it in place as it stands",
    "definition-malformed": "'{subject}' is no definition: {detail}",
    "expansion-too-large": "'{subject}' expands without bounds: more than {detail}",
    "sequence-malformed": "'{subject}' is no sequence: {detail}",
}

ADVICE: dict[Kind, str] = {
    "definition-cycle": "give it a value without itself",
    "definition-undefined": "write ${subject}=VALUE above, or correct the name",
}


def check(context: Context) -> Iterator[Diagnostic]:
    for problem in context.found(*MESSAGES):
        name = problem.subject.lstrip("$")
        message = MESSAGES[problem.kind].format(subject=name, detail=problem.detail)
        finding = INFO.at(problem.span, message, help=ADVICE.get(problem.kind, "").format(subject=name))
        yield finding._replace(severity="warning") if problem.kind == "definition-undefined" else finding


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
