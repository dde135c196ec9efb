"""A VMAC setting that keepalived changes.

## What it does
Finds `use_vmac` with unicast but without `vmac_xmit_base`, `use_vmac` and `use_ipvlan` with `promote_secondaries`, and
`use_vmac` with an interface name that an earlier instance has taken.

## Why it is bad
keepalived changes the setting and continues. Unicast adverts leave through the base interface. `promote_secondaries`
is dropped, because a VMAC always has it. The second VMAC gets another name than the one that scripts and firewalls
use.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    use_vmac
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
    virtual_router_id 151
    use_vmac
    vmac_xmit_base
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c of keepalived 2.2.7 (vrrp_end_handler and vrrp_vmac_handler, both since 2.2.0); vrrp/vrrp.c
(vrrp_complete_instance, promote_secondaries, since 1.3.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance
    from kalint.source import Word
    from kalint.syntax.tree import Node

INFO = RuleInfo(
    "KA512", "vmac-setting-changed", "warning", "proven", "a VMAC setting that keepalived changes", folds=True
)

UNICAST = ("unicast_peer", "unicast_src_ip", "check_unicast_src")


def check(context: Context) -> Iterator[Diagnostic]:
    taken: dict[str, tuple[Instance, Word]] = {}
    for instance in context.resolved.instances:
        settings = instance.written.settings
        node = settings.get("use_vmac") or settings.get("use_ipvlan")
        if node is None:
            continue
        keyword = node.keyword
        unicast = any(word in settings for word in UNICAST)
        if keyword == "use_vmac" and unicast and "vmac_xmit_base" not in settings:
            message = (
                f"{instance.name} has {keyword} and unicast: keepalived adds vmac_xmit_base (at least since 2.2.0)"
            )
            advice = "add vmac_xmit_base, so that the file says what keepalived does"
            yield INFO.at(node.words[0].span, message, help=advice)._replace(severity="info")
        promote = settings.get("promote_secondaries")
        if promote is not None:
            message = f"{instance.name} has {keyword}, which promotes secondaries anyway: keepalived ignores this line"
            yield INFO.at(promote.words[0].span, message, help="remove it")
        name = _name(node)
        if name is not None and name.text in taken:
            other, first = taken[name.text]
            message = (
                f"{other.name} already has the name {name.text}: keepalived gives the VMAC of {instance.name} another"
            )
            related = Related(first.span, "the one that keeps the name")
            yield INFO.at(name.span, message, related, help="write another name")
        elif name is not None:
            taken[name.text] = instance, name


def _name(node: Node) -> Word | None:
    """The interface's name among the options of use_vmac; those of use_ipvlan are not told apart here."""
    if node.keyword != "use_vmac":
        return None
    before = ""
    for word in node.words[1:]:
        if ":" not in word.text and word.text not in ("netlink_notify_msg", "group") and before != "group":
            return word
        before = word.text
    return None


RULE = Rule(INFO, check, on=("use_vmac", "use_ipvlan"))
