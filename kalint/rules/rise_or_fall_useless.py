"""A rise or fall that keepalived does not accept.

## What it does
Finds `rise` and `fall` of a vrrp_script that are not whole numbers of at least 1.

## Why it is bad
keepalived reports it and uses 1.

## Bad
```
vrrp_script chk {
    script "/usr/local/bin/check"
    fall 0
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
    fall 1
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
vrrp/vrrp_parser.c of keepalived 2.2.7 (vrrp_vscript_rise_handler, vrrp_vscript_fall_handler).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.literals import digits
from kalint.rules.rule import Context, Rule, RuleInfo

INFO = RuleInfo("KA610", "rise-or-fall-useless", "warning", "proven", "a rise or fall of a script below 1")


def check(context: Context) -> Iterator[Diagnostic]:
    for script in context.resolved.scripts:
        for keyword in ("rise", "fall"):
            node = script.written.settings.get(keyword)
            if node is None or len(node.words) < 2:
                continue
            word = node.words[1]
            if digits(word.text.lstrip("+-")) and int(word.text) < 1:
                message = f"{keyword} {word.text} of {script.name} is not valid: keepalived uses 1"
                yield INFO.at(word.span, message, help="write a number of results in a row, 1 or more")


RULE = Rule(INFO, check, on=("rise", "fall"))
