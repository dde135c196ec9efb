"""A setting of a virtual server that keepalived overrides.

## What it does
Finds `protocol` and `ha_suspend` on a fwmark, `ops` without UDP, and an address without a port that is not
persistent. It also finds a `hysteresis` that is not below the quorum, and a sorry server that is also a real server
but has another `inhibit_on_failure`.

## Why it is bad
A fwmark has neither protocol nor address, so keepalived clears both settings. One-packet scheduling is for UDP only
and is turned off. Without a port keepalived makes the service persistent, for 360 seconds. A hysteresis that is too
large becomes the quorum minus one. For a sorry server that is also a real server, the setting of the real server
counts.

## Bad
```
virtual_server fwmark 3 {
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
virtual_server fwmark 3 {
    lvs_sched rr
    lvs_method NAT
    real_server 10.0.0.2 80 {
        TCP_CHECK {
        }
    }
}
```

## Source
check/check_data.c (validate_check_config) of keepalived 1.3.6 to 2.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import Server, VirtualServer, virtual_servers
from kalint.semantics.services import values

INFO = RuleInfo("KA710", "virtual-server-setting-overridden", "warning", "proven", "a setting that cannot be kept")


def check(context: Context) -> Iterator[Diagnostic]:
    profile = context.resolved.profile
    every = context.once(values)
    for server in virtual_servers(context.resolved.config.nodes):
        if not server.servers:
            continue
        settings, taken = server.settings, every[server.node.words[0].span]
        if profile.virtual_server_defaults:
            for keyword, message in _overridden(server, taken.protocol):
                node = settings.get(keyword, server.node)
                advice = "remove it" if keyword else "give it a port, or write persistence_timeout 360"
                yield INFO.at(node.span, f"virtual_server {server.name} {message}", help=advice)
        quorum, hysteresis = taken.quorum, taken.hysteresis
        if profile.hysteresis_limited and "hysteresis" in settings and hysteresis >= quorum > 0:
            message = f"hysteresis {hysteresis} is not below quorum {quorum}: keepalived uses {quorum - 1}"
            yield INFO.at(settings["hysteresis"].words[-1].span, message, help=f"write at most {quorum - 1}")
        if profile.sorry_server_follows and server.sorry is not None:
            yield from _sorry(server, server.sorry)


def _sorry(server: VirtualServer, sorry: Server) -> Iterator[Diagnostic]:
    """The sorry server is one of the real servers, and only one of the two is inhibited on failure."""
    own = "sorry_server_inhibit" in server.settings
    for real in server.servers:
        if (real.host, real.port) == (sorry.host, sorry.port) and own != ("inhibit_on_failure" in real.settings):
            node = server.settings.get("sorry_server_inhibit", sorry.node)
            fate = "ignores sorry_server_inhibit" if own else "adds sorry_server_inhibit"
            what = f"sorry_server {sorry.name} is also a real server, and only one of the two is inhibited on failure"
            message = f"{what}: keepalived {fate}"
            related = Related(real.node.words[0].span, "the real server")
            advice = "write both sorry_server_inhibit and inhibit_on_failure, or neither"
            yield INFO.at(node.words[0].span, message, related, help=advice)


def _overridden(server: VirtualServer, protocol: str) -> Iterator[tuple[str, str]]:
    """The keyword, and the rest of the sentence."""
    settings = server.settings
    if server.marked and not server.ports and "protocol" in settings:
        yield "protocol", "needs no protocol: keepalived ignores this line"
    if server.marked and "ha_suspend" in settings:
        yield "ha_suspend", "has no address to wait for: keepalived ignores ha_suspend"
    if server.ports and "ops" in settings and protocol in ("TCP", "SCTP"):
        yield "ops", f"is {protocol}, which has connections: keepalived ignores ops (one-packet scheduling)"
    if 0 in server.ports and "persistence_timeout" not in settings:
        yield "", "has no port: keepalived makes it persistent, with a persistence_timeout of 360 s"


RULE = Rule(INFO, check, on=("virtual_server",))
