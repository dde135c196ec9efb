"""A quorum that the real servers cannot reach, or cannot reach again.

## What it does
Adds up the weights of all real servers. Compares the total with `quorum`, and with `quorum` plus `hysteresis`, which
a virtual server needs to regain its quorum.

## Why it is bad
keepalived reduces a quorum that is too high to the total, with a warning. Then the first failure of a real server
loses the quorum, runs `quorum_down` and activates the sorry server. Older releases keep the quorum, so it is never
reached. If a quorum cannot be regained, keepalived says nothing: once it is lost, the sorry server stays active.

## Bad
```
virtual_server 10.0.0.1 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    quorum 4
    real_server 10.0.0.2 80 {
        weight 1
        TCP_CHECK {
        }
    }
    real_server 10.0.0.3 80 {
        weight 2
        TCP_CHECK {
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
    quorum 2
    real_server 10.0.0.2 80 {
        weight 1
        TCP_CHECK {
        }
    }
    real_server 10.0.0.3 80 {
        weight 2
        TCP_CHECK {
        }
    }
}
```

## Source
check/check_data.c (validate_check_config) and check/ipwrapper.c (update_quorum_state) of keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.semantics.servers import Host, VirtualServer, virtual_servers
from kalint.semantics.services import Values, values

INFO = RuleInfo(
    "KA702",
    "quorum-exceeds-weights",
    "warning",
    "proven",
    "a quorum above the total weight of the real servers",
    folds=True,
)


def check(context: Context) -> Iterator[Diagnostic]:
    limit = context.resolved.profile.quorum_limit
    taken = context.once(values)
    for server in virtual_servers(context.resolved.config.nodes):
        if server.servers and not context.for_others(server.node, ""):
            yield from _quorum(server, taken[server.node.words[0].span], limit)


def _quorum(server: VirtualServer, taken: Values, limit: str) -> Iterator[Diagnostic]:
    weights = _weights(server, taken)
    total = sum(weights)
    most = len(weights) if limit == "servers" else total
    quorum = taken.quorum
    hysteresis = min(taken.hysteresis, quorum - 1)
    node = server.settings.get("quorum", server.node)
    advice = (
        f"reduce the sum of quorum and hysteresis to {min(most, total)} or less"
        if total
        else "give the real servers weights"
    )
    if quorum > most:
        what = f"quorum {quorum} of virtual_server {server.name} exceeds"
        message = f"{what} {_most(limit, most)}: keepalived {_outcome(limit, most, hysteresis)}"
        yield INFO.at(node.words[-1].span, message, help=advice)
    elif quorum + hysteresis > total:
        need = f"{quorum + hysteresis} (quorum {quorum}" + (f" plus hysteresis {hysteresis})" if hysteresis else ")")
        message = f"virtual_server {server.name} never regains a lost quorum: that needs {need}"
        node = server.settings["hysteresis"] if hysteresis else node
        text = f"{message}, and the total weight of the real servers is {total}"
        yield INFO.at(node.words[-1].span, text, help=advice)


def _most(limit: str, most: int) -> str:
    if limit == "servers":
        return f"the number of its real servers ({most})"
    return f"the total weight of its real servers ({most})"


def _outcome(limit: str, most: int, hysteresis: int) -> str:
    if not most or limit == "none":
        return "never reaches it"
    sure = limit == "weights" and not hysteresis
    return f"reduces it to {most}" + (", and the first failure loses it" if sure else "")


def _weights(server: VirtualServer, taken: Values) -> list[int]:
    """The weight of each real server that counts: of two with one address and port, the first."""
    found: dict[tuple[Host, int], int] = {}
    for real in server.servers:
        found.setdefault((real.host, real.port), taken.weight(real.node))
    return list(found.values())


RULE = Rule(INFO, check, on=("virtual_server",))
