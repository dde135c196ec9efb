"""Strict mode and unicast.

## What it does
Finds unicast_peer in an instance in strict mode.

## Why it is bad
The VRRP standards do not define unicast, so strict mode rejects it: keepalived does not start VRRP if the interface
supports multicast. Only 2.2.5 to 2.3.4 fail to reject it.

## Bad
```
global_defs {
    vrrp_strict
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    unicast_peer {
        10.0.0.2
    }
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
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp.c of keepalived 2.2.7 (vrrp_complete_instance).
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.strict import strict_word

INFO = RuleInfo("KA504", "strict-with-unicast", "error", "proven", "unicast_peer in strict mode")


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        node = instance.written.settings.get("unicast_peer")
        if instance.strict and instance.unicast_peers and node is not None:
            word = strict_word(context.resolved, instance)
            place = (Related(word.span, "strict mode"),) if word else ()
            refuses = context.resolved.profile.strict_refuses_unicast
            fate = "does not start VRRP" if refuses else "uses them in this release, others do not start VRRP"
            message = f"{instance.name} has unicast peers in strict mode: keepalived {fate}"
            yield INFO.at(node.words[0].span, message, *place, help="remove vrrp_strict, or use multicast")


RULE = Rule(INFO, check, on=("vrrp_strict", "strict_mode"))
