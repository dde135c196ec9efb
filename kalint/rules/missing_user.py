"""A user or group that this machine does not have.

## What it does
Finds users and groups of `script_user`, and of `user` in vrrp_script and MISC_CHECK, that do not exist. It runs only
with `kalint check --host`, on the machine itself.

## Why it is bad
keepalived removes the scripts that should run as this user, and every tracker of them.

## Bad
```
# kalint check --host
global_defs {
    script_user no-such-user
}
```

## Good
```
# kalint check --host
global_defs {
    script_user root
}
```

## Source
lib/notify.c (set_script_uid_gid), vrrp/vrrp_parser.c (vrrp_vscript_end_handler) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import HOST, Context, Rule, RuleInfo

INFO = RuleInfo("KA617", "missing-user", "error", "proven", "a user or group that this machine does not have")

_KEYWORDS = ("script_user", "user")


def check(context: Context) -> Iterator[Diagnostic]:
    host = context.host
    if host is None:
        return
    for node in context.statements():
        if node.keyword in _KEYWORDS and node.items is None:
            for word, kind, known in zip(node.words[1:3], ("user", "group"), (host.user, host.group), strict=False):
                if "$" not in word.text and not known(word.text):
                    message = (
                        f"this machine has no {kind} {word.shown}: keepalived removes the scripts that should run as it"
                    )
                    yield INFO.at(word.span, message, help=f"create the {kind}, or name another one")


RULE = Rule(INFO, check, on=(HOST,))
