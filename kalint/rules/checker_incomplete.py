"""A checker that does not say what to check.

## What it does
Finds HTTP_GET and SSL_GET without `url`, a `url` without `path`, MISC_CHECK without `misc_path`, FILE_CHECK without
`track_file` and BFD_CHECK without `name`. It also finds those whose track_file or bfd_instance is not defined above
them.

## Why it is bad
keepalived drops the checker or the url. A real server without any checker always counts as up. keepalived 2.2.7
crashes if the first checker of the file is incomplete in this way.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        HTTP_GET {
            url {
                status_code 200
            }
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
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
        }
    }
}
```

## Source
check/check_http.c, check/check_misc.c, check/check_file.c, check/check_bfd.c of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.bugs import BUGS
from kalint.semantics.services import COMMAND, NEEDS

if TYPE_CHECKING:
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA705", "checker-incomplete", "error", "proven", "a checker without a target")

_WATCHES = {"FILE_CHECK": ("track_file", "file", "track_file"), "BFD_CHECK": ("name", "bfd", "bfd_instance")}
"""The keyword that names it, the kind of its definition, and the block of that."""


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.incomplete_checker_ignored:
        return
    crashes = [span for bug in BUGS if bug.code == INFO.code for span in bug.found(context)]
    for order, server in enumerate(context.resolved.config.nodes):
        for real in server.items or () if server.keyword == "virtual_server" else ():
            for checker in real.items or () if real.keyword == "real_server" else ():
                fatal = checker.words[0].span in crashes
                yield from _checker(context, checker, "crashes when it starts" if fatal else "drops the checker")
                yield from _reference(context, checker, order)
                for url in checker.items or ():
                    if url.keyword == "url":
                        yield from _checker(context, url, "drops it")


def _checker(context: Context, node: Node, does: str) -> Iterator[Diagnostic]:
    needed = NEEDS.get(node.keyword)
    if needed is None or node.items is None or context.said_otherwise(node, needed):
        return
    said = [item for item in node.items if item.keyword == needed]
    if said and needed == COMMAND and len(said[-1].words) > 1 and not said[-1].words[1].text:
        message = f"this {needed} is empty, so {node.keyword} checks nothing: keepalived {does}"
        yield INFO.at(said[-1].words[1].span, message, help="write a command")
    elif not said:
        message = f"{node.keyword} without {needed} checks nothing: keepalived {does}"
        yield INFO.at(node.words[0].span, message, help=f"add {needed}, or remove the {node.keyword}")


def _reference(context: Context, checker: Node, order: int) -> Iterator[Diagnostic]:
    """What a FILE_CHECK or BFD_CHECK watches must be defined above it, and not for VRRP alone."""
    keyword, kind, block = _WATCHES.get(checker.keyword, ("", "", ""))
    for item in checker.items or ():
        if item.keyword != keyword or len(item.words) != 2 or "$" in item.words[1].text:
            continue
        word = item.words[1]
        known = [one for one in context.resolved.config.definitions if (one.kind, one.name.text) == (kind, word.text)]
        if not known:
            fault, advice = "is not defined", f"add a {block} {word.shown} block above, or correct the name"
        elif known[0].order > order:
            fault, advice = "is defined only below this line", f"move the {block} block above the virtual_server"
        elif kind == "bfd" and "vrrp" in known[0].settings and "checker" not in known[0].settings:
            fault, advice = "is for VRRP only", f"add checker to the {block} block"
        else:
            continue
        message = f"{block} {word.shown} {fault}: keepalived drops this {checker.keyword}"
        yield INFO.at(word.span, message, help=advice)


RULE = Rule(INFO, check, on=("HTTP_GET", "SSL_GET", "MISC_CHECK", "FILE_CHECK", "BFD_CHECK"))
