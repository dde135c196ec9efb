"""An auth_hmac without the intended effect.

## What it does
Finds keys that are too short, too long or not hexadecimal, two keys with one number, and an `active_key` that is not
defined. It also finds `authentication` next to `auth_hmac`, and a `mode` that strict mode does not allow. No message
shows a key.

## Why it is bad
keepalived drops such a key. If the active key is dropped, the instance sends and accepts adverts without any
authentication. `auth_hmac` replaces `authentication`, and strict mode changes the mode to enforce.

## Bad
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    auth_hmac {
        key 1 tooshort
        active_key 1
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
    virtual_router_id 17
    priority 100
    auth_hmac {
        key 1 hex:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
        active_key 1
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp/vrrp_parser.c (vrrp_auth_hmac_key_handler) and vrrp/vrrp.c (vrrp_complete_instance) of keepalived 2.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.rules.support.authentication import ignored

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance
    from kalint.source import Word
    from kalint.syntax.tree import Node

INFO = RuleInfo("KA511", "auth-hmac-problems", "warning", "proven", "an auth_hmac without the intended effect")

_LEAST, _MOST = 32, 64
"""Bytes of a key. Source: include/vrrp_auth_hmac.h of 2.4.3."""


def check(context: Context) -> Iterator[Diagnostic]:
    for instance in context.resolved.instances:
        blocks = [item for item in instance.written.node.items or () if item.keyword == "auth_hmac"]
        statements = [item for block in blocks for item in block.items or () if len(item.words) > 1]
        if blocks and not context.for_others(instance.written.node, "key"):
            yield from _keys(instance, blocks[0], statements)
            yield from _beside(instance, blocks[0], statements)


def _keys(instance: Instance, block: Node, statements: list[Node]) -> Iterator[Diagnostic]:
    active = next((item.words[1] for item in reversed(statements) if item.keyword == "active_key"), None)
    good: dict[str, Word] = {}
    bad: dict[str, tuple[Word, str]] = {}
    for item in statements:
        if item.keyword != "key" or len(item.words) < 3 or "$" in item.words[2].text:
            continue
        number, value = item.words[1], item.words[2]
        if not _number(number.text):
            continue  # it may be the key itself, in the wrong place
        fault = _fault(value.text)
        if fault:
            bad.setdefault(number.text, (value, fault))
        elif number.text in good:
            related = Related(good[number.text].span, "the first one, which counts")
            yield INFO.at(
                number.span,
                f"{instance.name} has two keys with the number {number.shown}: keepalived drops this one",
                related,
                help="remove it, or give it another number",
            )
        else:
            good[number.text] = number
    unsigned = "keepalived drops it"
    for name, (value, fault) in bad.items():
        lost = active is not None and active.text == name and name not in good
        does = f"{unsigned} and, because it is the active key, the whole auth_hmac" if lost else unsigned
        advice = f"write a key of {_LEAST} to {_MOST} bytes"
        yield INFO.at(value.span, f"key {name} of {instance.name} {fault}: {does}", help=advice)
    told = {item.words[1].text for item in statements if item.keyword == "key"}
    if active is None or (active.text not in told and _number(active.text)):
        what = "has no active_key" if active is None else f"has no key with the number {active.shown}"
        place = block.words[0] if active is None else active
        message = f"auth_hmac of {instance.name} {what}: keepalived does not authenticate at all"
        yield INFO.at(place.span, message, help="write active_key with the number of one of the keys")


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


def _fault(value: str) -> str:
    """What is wrong with a key, without a word of it; "" where nothing is."""
    if value.startswith("file:"):
        return ""
    size = len(value.encode("utf-8", "surrogateescape"))
    if value.startswith("hex:"):
        digits = value[4:]
        if digits.lower().strip("0123456789abcdef"):
            return "is not hexadecimal"
        size = (len(digits) + 1) // 2
    return "" if _LEAST <= size <= _MOST else f"has {size} bytes"


def _beside(instance: Instance, block: Node, statements: list[Node]) -> Iterator[Diagnostic]:
    kind = instance.written.settings.get("auth_type")
    if kind is not None and len(kind.words) > 1 and not ignored(instance):
        message = f"{instance.name} has auth_type and auth_hmac: keepalived drops the authentication"
        related = Related(block.words[0].span, "this is used")
        yield INFO.at(kind.span, message, related, help="remove the authentication block")
    mode = next((item for item in reversed(statements) if item.keyword == "mode"), None)
    if instance.strict and mode is not None and mode.words[1].text in ("permissive", "receive-only"):
        message = f"{instance.name} is in strict mode: keepalived uses mode enforce"
        yield INFO.at(mode.span, message, help="write mode enforce")


RULE = Rule(INFO, check, on=("auth_hmac",))
