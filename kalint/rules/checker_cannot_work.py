"""A checker whose settings contradict each other.

## What it does
Finds checkers whose `bindto` and `connect_ip` (or the address of the real server) belong to different families. It
also finds checkers of a link-local address without `bind_if`, and a UDP_CHECK whose `min_reply_length` is above
`max_reply_length` (default 255).

## Why it is bad
keepalived ignores a `bindto` of the other family. With a `connect_ip` of the other family the checker has no address
and never checks. A checker of a link-local address without `bind_if` is dropped, and a real server without checkers
always counts as up. If the lengths contradict each other, no reply passes and the check always fails.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.0.0.2 80 {
        TCP_CHECK {
            bindto 2001:db8::1
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
            bindto 10.0.0.3
        }
    }
}
```

## Source
check/check_api.c (co_ip_handler, co_srcip_handler, check_conn_opts) from keepalived 1.3.7 on and check/check_udp.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.rules.rule import Rule, RuleInfo
from kalint.semantics.servers import host_of, number, statements, virtual_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.servers import Host
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA715", "checker-cannot-work", "error", "proven", "a checker whose settings contradict each other")

_CONNECTING = frozenset({"TCP_CHECK", "HTTP_GET", "SSL_GET", "SMTP_CHECK", "DNS_CHECK", "PING_CHECK", "UDP_CHECK"})
LONGEST_REPLY = 255
"""UINT8_MAX, as check/check_udp.c has it: max_reply_length where nothing is said."""
_LINK_LOCAL = (0xFE, 0x80, 0xC0)
"""The first byte, the second one and its bits that count (RFC 4291, 2.5.6)."""


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.resolved.profile.checker_addresses_compared:
        return
    for server in virtual_servers(context.resolved.config.nodes):
        for real in server.servers:
            for checker in real.node.items or ():
                if checker.keyword in _CONNECTING and not context.for_others(checker, ""):
                    yield from _addresses(checker, real.host)
                if checker.keyword == "UDP_CHECK":
                    yield from _lengths(checker)


def _addresses(checker: Node, host: Host) -> Iterator[Diagnostic]:
    """As keepalived reads them, one after the other: the first of two families counts."""
    goal: Host | None = host
    source: Host | None = None
    for item in checker.items or ():
        found = host_of(item.words[1].text) if len(item.words) > 1 else None
        if found is None or item.keyword not in ("bindto", "connect_ip"):
            continue
        word = item.words[1]
        if item.keyword == "bindto":
            source = found
            if goal is not None and goal[0] != found[0]:
                source = None
                message = (
                    f"bindto is IPv{found[0]}, but {checker.keyword} connects to IPv{goal[0]}: keepalived "
                    "ignores bindto"
                )
                yield INFO.at(word.span, message, help=f"write an IPv{goal[0]} address of this node")
        elif source is not None and source[0] != found[0]:
            goal = None
            message = f"connect_ip is IPv{found[0]}, but bindto IPv{source[0]}: {checker.keyword} never checks"
            yield INFO.at(word.span, message, help="write addresses of one family")
        else:
            goal = found
    if goal is not None and _link_local(goal) and all(item.keyword != "bind_if" for item in checker.items or ()):
        message = f"{checker.keyword} of a link-local address has no bind_if: keepalived drops the check"
        yield INFO.at(checker.words[0].span, message, help="add bind_if and the interface")


def _link_local(host: Host) -> bool:
    first, second, mask = _LINK_LOCAL
    return host[0] == 6 and host[1][0] == first and host[1][1] & mask == second


def _lengths(checker: Node) -> Iterator[Diagnostic]:
    settings = statements(checker)
    least, most = number(settings, "min_reply_length", 0), number(settings, "max_reply_length", LONGEST_REPLY)
    if least <= most:
        return
    reply = settings.get("require_reply")
    word = (settings.get("min_reply_length") or settings["max_reply_length"]).words[0]
    outcome = "no reply passes" if reply is not None and len(reply.words) > 1 else "no reply that is compared passes"
    message = f"min_reply_length {least} is more than max_reply_length {most}: {outcome}"
    yield INFO.at(word.span, message, help=f"set max_reply_length to {least} or more")


RULE = Rule(INFO, check, on=("real_server",))
