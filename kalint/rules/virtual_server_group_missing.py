"""A virtual server whose group does not exist.

## What it does
Finds `virtual_server group NAME` without a `virtual_server_group NAME` that has entries.

## Why it is bad
keepalived ignores the virtual server. It may log that, but `keepalived -t` succeeds.

## Bad
```
virtual_server_group web {
    10.0.0.1 80
}
virtual_server group wbe {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
        }
    }
}
```

## Good
```
virtual_server_group web {
    10.0.0.1 80
}
virtual_server group web {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
        }
    }
}
```

## Source
check/ipwrapper.c (link_vsg_to_vs) and check/check_parser.c (vsg_handler) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.nearest import Nearest
from kalint.semantics.servers import virtual_servers

INFO = RuleInfo(
    "KA712", "virtual-server-group-missing", "error", "proven", "a virtual server of a group that is not there"
)


def check(context: Context) -> Iterator[Diagnostic]:
    groups = {
        node.words[1].text: bool(node.items) or context.for_others(node, "")
        for node in context.resolved.config.nodes
        if node.keyword == "virtual_server_group" and len(node.words) > 1
    }
    nearest = Nearest(tuple(groups))
    for server in virtual_servers(context.resolved.config.nodes):
        if server.kind == "group" and not groups.get(server.node.words[2].text):
            word = server.node.words[2]
            what = "has no entries" if word.text in groups else "is not defined"
            message = f"virtual_server_group {word.shown} {what}: keepalived ignores this virtual_server"
            yield INFO.at(word.span, message, help=_meant(word.text, nearest))
    if context.resolved.profile.incomplete_checker_ignored:
        yield from _mixed(context)


def _meant(name: str, nearest: Nearest) -> str:
    close = nearest.to(name)
    return f"did you mean {close}?" if close else "define the group with an entry, or remove the virtual_server"


def _mixed(context: Context) -> Iterator[Diagnostic]:
    """Groups of both families with a fwmark that could be of either."""
    for node in context.resolved.config.nodes:
        if node.keyword != "virtual_server_group" or context.for_others(node, ""):
            continue
        entries = node.items or ()
        families = {":" in entry.keyword for entry in entries if entry.keyword != "fwmark"}
        marks = [entry for entry in entries if entry.keyword == "fwmark" and len(entry.words) == 2]
        if len(families) == 2 and marks and len(node.words) > 1:
            name = node.words[1].shown
            message = f"this fwmark of virtual_server_group {name} may be of either family: keepalived drops the group"
            yield INFO.at(marks[0].span, message, help="add inet or inet6")


RULE = Rule(INFO, check, on=("virtual_server", "virtual_server_group"))
