"""What the options of an entry must be together, where each of them is good by itself.

Read in vrrp_ipaddress.c, vrrp_iproute.c, vrrp_iprule.c and vrrp_data.c of vrrp/ and in check/check_parser.c and
core/global_parser.c of 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kalint.literals import digits, packed
from kalint.model.keywords.languages import ACTIONS, ROUTE_TYPES
from kalint.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kalint.source import Word

_IGNORES = "ignores the line"
_DROPS_RULE = "drops the rule"
_DROPS_ROUTE = "drops the route"


def _wrong(word: Word, allowed: str, outcome: str) -> list[Problem]:
    return [Problem("value-invalid", word, word.text, f"{allowed}; keepalived {outcome}")]


def _after(words: Sequence[Word]) -> dict[str, Word]:
    """For each word the one that follows it (the last time it stands there)."""
    return {word.text: value for word, value in pairwise(words)}


def _families_of(words: Sequence[Word], options: frozenset[str], outcome: str) -> list[Problem]:
    """An address of another family than those before it, or an option that they cannot have.

    `options` have an address as their value.
    """
    family = 0
    decided = False
    for before, word in pairwise((None, *words)):
        named = before is not None and (before.text in options or before.text in _FAMILIES)
        if word is not None and options and word.text in _IPV6_ONLY:
            if family == 4:
                return _wrong(word, "an option of an IPv4 route", outcome)
            family = 16
        if word is None or (options and decided and not named):
            continue
        address = word.text.partition("/")[0]
        size = len(packed(address) or b"")
        if size and family and size != family:
            return _wrong(word, f"an IPv{6 if family == 16 else 4} address, as those before it", outcome)
        family = family or size or _FAMILIES.get(word.text, 0)
        decided = decided or bool(size) or word.text in _FAMILIES
    return []


_IPV6_ONLY = ("expires", "pref")
"""Options of a route that make it one of IPv6 (vrrp_iproute.c alloc_route, 1.2.24 to 2.4.3)."""
_BEFORE_ADDRESS = frozenset({"src", "from", "via", "gw", "to"}) | ROUTE_TYPES
_FAMILIES = {"inet": 4, "inet6": 16}
"""Bytes of an address."""
_BITS = {4: 32, 16: 128}
_MOST_WITH_BROADCAST = 30
"""Bits of a prefix beyond which a network has no broadcast address."""


def _limits(words: Sequence[Word]) -> list[Problem]:
    """A peer's min_ttl and max_ttl together (vrrp_data.c, alloc_vrrp_unicast_peer)."""
    given = _after(words)
    least, most = given.get("min_ttl"), given.get("max_ttl")
    if least is None or most is None or int(least.text) <= int(most.text):
        return []
    return _wrong(most, f"at least min_ttl, {least.text}", "discards all packets of the peer")


def _once(words: Sequence[Word]) -> list[Problem]:
    """A device and a peer once, and no broadcast address beside a peer (vrrp_ipaddress.c, alloc_ipaddress)."""
    seen: dict[str, Word] = {}
    for word in words[1:]:
        if word.text in _OUTCOMES and word.text in seen:
            return _wrong(word, f"an option to give twice: there is one {word.text}", _OUTCOMES[word.text])
        seen.setdefault(word.text, word)
    broadcast = seen.get("brd") or seen.get("broadcast")
    if "peer" in seen and broadcast:
        return _wrong(broadcast, "an option of an address with a peer", "ignores it")
    return _prefix(words[0], _after(words))


_OUTCOMES = {
    "dev": "drops the address",
    "peer": "ignores the second",
    "track_group": "ignores the second, and what follows it",
}


def _prefix(word: Word, given: Mapping[str, Word]) -> list[Problem]:
    """The length that goes with a peer, which is that of one address, or with a broadcast address to be worked out."""
    address, slash, length = word.text.partition("/")
    size, peer = len(packed(address) or b""), given.get("peer")
    if not size or (slash and not (length.isascii() and length.isdigit())):
        return []
    bits = min(int(length[:4]), _BITS[size]) if slash else _BITS[size]
    if peer and len(packed(peer.text) or b"") == size and bits != _BITS[size]:
        detail = f"an address without a prefix length, as one with a peer must be; keepalived uses /{_BITS[size]}"
        return [Problem("value-invalid", word, word.text, detail)]
    broadcast = given.get("brd") or given.get("broadcast")
    if broadcast and broadcast.text in ("+", "-") and size == 4 and bits > _MOST_WITH_BROADCAST:
        allowed = f"possible with /{bits}: it takes a prefix length of at most {_MOST_WITH_BROADCAST}"
        return _wrong(broadcast, allowed, "sets no broadcast address")
    return []


def _combined(words: Sequence[Word]) -> list[Problem]:
    """Options of a tunnel that do not go together (check_parser.c, svr_forwarding_handler)."""
    given = {word.text: word for word in words[1:]}
    kind = next((value.text for word, value in pairwise(words) if word.text == "type"), "")
    if kind == "gue" and "port" not in given:
        detail = f"port and a number after it; without it keepalived {_IGNORES}"
        return [Problem("argument-missing", words[-1], words[-1].text, detail)]
    wrong = {"ipip": ("port", "csum", "remcsum"), "gre": ("port", "remcsum")}.get(kind, ())
    found = next((given[name] for name in wrong if name in given), None)
    if found is None:
        return []
    return _wrong(found, f"an option of a tunnel of type {kind}", _IGNORES)


def _rule(words: Sequence[Word]) -> list[Problem]:
    """One action, one family, and a goto that goes on (vrrp_iprule.c, alloc_rule)."""
    done = [word for word in words if word.text in ACTIONS]
    if len(done) > 1:
        return _wrong(done[1], f"needed: the rule says {done[0].text} already", _DROPS_RULE)
    given = _after(words)
    goto, own = given.get("goto"), given.get("preference") or given.get("priority") or given.get("order")
    wrong = next((word for word in words if word.text in _OF_TABLES), None)
    if wrong and done and done[0].text not in _TABLES:
        return _wrong(wrong, f"possible with {done[0].text}, as only a rule with a table has it", _DROPS_RULE)
    if goto and own and digits(goto.text) and digits(own.text) and int(goto.text) <= int(own.text):
        return _wrong(goto, f"beyond the rule's own preference, {own.text}", _DROPS_RULE)
    ends = [word for name in ("from", "to") if (word := given.get(name))]
    found = _families_of(ends, frozenset(), _DROPS_RULE)
    if not found and "realms" in given and any(":" in word.text for word in ends):
        found = _wrong(given["realms"], "possible in an IPv6 rule", _DROPS_RULE)
    return found or _group_twice(words)


def _group_twice(words: Sequence[Word]) -> list[Problem]:
    second = [word for word in words if word.text == "track_group"][1:2]
    return _wrong(second[0], "an option to give twice: there is one track_group", "ignores it") if second else []


_OF_TABLES = ("realms", "suppress_prefixlength", "sup_pl", "suppress_ifgroup", "sup_group")
_TABLES = ("table", "lookup", "l3mdev")
"""Actions of a rule that look a route up, and (`_OF_TABLES`) what only a rule with one of them has."""


def _route(words: Sequence[Word]) -> list[Problem]:
    """Addresses of both families in one route, and old names of options (vrrp_iproute.c, alloc_route)."""
    found = _families_of(words, _BEFORE_ADDRESS, _DROPS_ROUTE)
    given = _after(words)
    if not found and "realms" in given and any(":" in word.text for word in words):
        found = _wrong(given["realms"], "possible in an IPv6 route", _DROPS_ROUTE)
    found = found or _group_twice(words)
    for word in words:
        if not found and word.text in ("gw", "or"):
            found = [Problem("keyword-deprecated", word, word.text, "via" if word.text == "gw" else "nexthop")]
    return found


def _sync(words: Sequence[Word]) -> list[Problem]:
    """One instance: `inst` names another one (core/global_parser.c, lvs_syncd_handler)."""
    second = [word for word in words[1:] if word.text == "inst"]
    if not second or (words[1] is second[0] and len(second) == 1):
        return []
    return _wrong(second[-1], "possible: the instance is named already", "ignores it")


TOGETHER: Mapping[str, Callable[[Sequence[Word]], list[Problem]]] = {
    "address": _once,
    "peer": _limits,
    "tunnel": _combined,
    "rule": _rule,
    "route": _route,
    "sync": _sync,
}
"""What options that are good one by one must be together, by the name of their language."""
