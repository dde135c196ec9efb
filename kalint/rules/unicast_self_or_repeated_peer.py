"""A unicast peer that is the instance itself, or is listed twice.

## What it does
Finds an entry of unicast_peer that is the `unicast_src_ip`, or that is already in the block.

## Why it is bad
keepalived says nothing. It sends its adverts to itself and drops them, or sends each advert twice.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    unicast_src_ip 10.0.0.1
    unicast_peer {
        10.0.0.1
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
    unicast_src_ip 10.0.0.1
    unicast_peer {
        10.0.0.2
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_data.c of keepalived (alloc_vrrp_unicast_peer): 2.2.7 checks nothing, 2.3.3 rejects a repeated peer.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.mending import repeated
from kalint.semantics.values import argument

INFO = RuleInfo(
    "KA506", "unicast-self-or-repeated-peer", "warning", "proven", "a unicast peer that is repeated, or the node itself"
)


def check(context: Context) -> Iterator[Diagnostic]:
    ignored = context.resolved.profile.repeated_entries_ignored
    for instance in context.resolved.instances:
        source = argument(instance.written.settings, "unicast_src_ip")
        first: dict[str, Related] = {}
        for node in instance.written.unicast_peers:
            word = node.words[0]
            if source is not None and word.text == source.text:
                message = f"peer {word.text} is the node's own unicast_src_ip: {instance.name} sends adverts to itself"
                place = Related(source.span, f"the unicast_src_ip of {instance.name}")
                yield INFO.at(word.span, message, place, help="list only the other nodes")
            elif word.text in first:
                does = "rejects the second" if ignored else "sends it every advert twice"
                message = f"{word.text} is already a peer of {instance.name}: keepalived {does}"
                fix = repeated(context, word.span, first[word.text].span)
                if fix is not None:
                    fix = fix._replace(alters=True)
                yield INFO.at(word.span, message, first[word.text], help="remove one of the two lines", fix=fix)
            else:
                first[word.text] = Related(word.span, "the first")


RULE = Rule(INFO, check, on=("unicast_peer",))
