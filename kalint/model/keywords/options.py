"""The options of entries in value blocks: addresses, routes, rules, unicast peers and virtual server groups.

Read in vrrp_ipaddress.c, vrrp_iproute.c, vrrp_iprule.c and vrrp_data.c of vrrp/ and in check/check_data.c of 1.2.13
to 2.4.3. Names that the host defines (tables, scopes, protocols) are not checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import is_link_local, packed
from kalint.model.keywords.forms import alias_of, alias_outcome
from kalint.model.keywords.values import MOST, network, valid_and_allowed_value
from kalint.problem import Problem
from kalint.version import OLDEST, Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kalint.source import Word


class Language(NamedTuple):
    """The options that may follow in an entry.

    `values` says what stands after each option: a type of `kalint.model.keywords.forms`, `lock` before it where the
    word lock may come between, or "" for an option without a value. `since` has the options that are newer.
    """

    noun: str
    first: Version
    """The first release that complains of an unknown word."""
    values: Mapping[str, str]
    unknown: str
    """What keepalived does at an unknown word, at a missing and (but for `lenient`) at an invalid value."""
    missing: str
    otherwise: str
    since: Mapping[str, Version] = {}
    lenient: Mapping[str, str] = {}


_NUMBER = f"int(0..{MOST})"
_STARTS = "does not start"

ADDRESS = Language(
    "an address",
    Version(1, 2, 20),
    {
        **dict.fromkeys(("label", "track_group"), "word"),
        "scope": "id",
        "dev": "interface",
        **dict.fromkeys(("brd", "broadcast"), "(-|+)/ip4"),
        **dict.fromkeys(("home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac"), ""),
        "peer": "host",
        "preferred_lft": f"{_NUMBER}/(forever)",
    },
    "ignores the word",
    "drops the address",
    "drops the address",
    {
        **dict.fromkeys(("home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin"), Version(1, 3, 6)),
        "peer": Version(2, 0, 0),
        "no_track": Version(2, 0, 3),
        "track_group": Version(2, 0, 3),
        "preferred_lft": Version(2, 0, 20),
        "use_vmac": Version(2, 2, 0),
    },
    {"peer": "ignores the peer", "preferred_lft": "ignores it", "scope": "ignores it"},
)

_DROPS_ROUTE = "drops the route"
_NEXTHOP = {"via": "family host", "dev": "interface", "weight": "int(1..256)", "onlink": "", "realms": "realms"}

ROUTE = Language(
    "a route",
    Version(1, 2, 24),
    {
        **dict.fromkeys(("tos", "dsfield", "protocol", "scope"), "id"),
        "table": "word",
        "realms": "realms",
        **dict.fromkeys(("dev", "oif", "vrf"), "interface"),
        "rtt": "lock time8",
        "rttvar": "lock time4",
        "rto_min": "lock time1",
        "congctl": "lock word",
        **dict.fromkeys(("mtu", "advmss", "reordering", "cwnd", "ssthresh"), f"lock {_NUMBER}"),
        **dict.fromkeys(("metric", "priority", "preference", "window", "initcwnd", "initrwnd", "expires"), _NUMBER),
        **dict.fromkeys(("onlink", "add", "prepend", "append", "no_track"), ""),
        **dict.fromkeys(("quickack", "fastopen_no_cookie"), "(0|1)"),
        **dict.fromkeys(("via", "gw"), "family host"),
        **dict.fromkeys(("src", "or"), "host"),
        "from": "source",
        "hoplimit": "int(0..255)",
        "features": "(ecn)",
        "pref": "(low|medium|high)/int(0..255)",
        "ttl-propagate": "(enabled|disabled)",
        "track_group": "word",
    },
    _DROPS_ROUTE,
    _STARTS,
    _DROPS_ROUTE,
    {
        "fastopen_no_cookie": Version(1, 4, 3),
        "no_track": Version(2, 0, 3),
        "track_group": Version(2, 0, 3),
        "ttl-propagate": Version(2, 0, 8),
        **dict.fromkeys(("vrf", "add", "prepend", "append"), Version(2, 2, 5)),
    },
    {"features": "ignores it", "ttl-propagate": "ignores it"},
)
_TYPES = frozenset(
    {
        "unicast",
        "local",
        "broadcast",
        "anycast",
        "multicast",
        "throw",
        "unreachable",
        "prohibit",
        "blackhole",
        "nat",
        "xresolve",
    }
)

_ACTIONS = ("table", "lookup", "l3mdev", "goto", "nop", "blackhole", "unreachable", "prohibit")
_DROPS_RULE = "drops the rule"

_FAMILIES = ("inet", "inet6")
_BEFORE_FAMILY = ("via", "gw", "nexthop", "as")
"""After these the family belongs to the address that follows."""
SWALLOWING = Version(2, 0, 8)
"""From here on a family in a route or a rule costs the word after it (vrrp_iproute.c alloc_route and vrrp_iprule.c
alloc_rule count it twice; seen on 2.2.7, read up to 2.4.3)."""
LAST_WORD = "the last word of the line"
"""What such a family must be."""

RULE = Language(
    "a rule",
    Version(1, 2, 24),
    {
        **dict.fromkeys(("from", "to"), "network"),
        **dict.fromkeys(("table", "lookup", "track_group"), "word"),
        **dict.fromkeys(("tos", "dsfield", "ipproto"), "id"),
        "fwmark": "mark",
        "realms": "realms",
        **dict.fromkeys(("dev", "iif", "oif"), "interface"),
        **dict.fromkeys(("suppress_ifgroup", "sup_group"), "ifgroup"),
        **dict.fromkeys(("preference", "order", "priority"), "unsigned"),
        **dict.fromkeys(("suppress_prefixlength", "sup_pl"), "int(0..2147483647)"),
        **dict.fromkeys(("sport", "dport", "uidrange"), "range"),
        **dict.fromkeys(("not", "inet", "inet6", "type", "l3mdev", "no_track"), ""),
        **dict.fromkeys(("nop", "blackhole", "unreachable", "prohibit"), ""),
        "tunnel-id": "int(0..18446744073709551615)",
        "protocol": "int(0..255)",
        "goto": _NUMBER,
    },
    _DROPS_RULE,
    _STARTS,
    _DROPS_RULE,
    {
        "uidrange": Version(1, 3, 5),
        "l3mdev": Version(1, 4, 3),
        **dict.fromkeys(("protocol", "ipproto", "sport", "dport"), Version(2, 0, 1)),
        **dict.fromkeys(("no_track", "track_group"), Version(2, 0, 3)),
    },
    dict.fromkeys(("protocol", "sport", "dport", "ipproto"), "ignores it"),
)

PEER = Language(
    "a unicast peer",
    Version(2, 1, 0),
    {"min_ttl": "int(0..255)", "max_ttl": "int(0..255)"},
    "ignores the rest of the line",
    _STARTS,
    "ignores the rest of the line",
)

SYNC = Language(
    "lvs_sync_daemon",
    Version(1, 2, 24),
    {
        "inst": "word",
        "id": "int(0..255)",
        "maxlen": "int(1..65507)",
        "port": "int(1..65535)",
        "ttl": "int(1..255)",
        "group": "multicast",
    },
    "ignores the word",
    "ignores it",
    "ignores it",
    lenient={"id": "uses the virtual_router_id"},
)

TUNNEL = Language(
    "a tunnel",
    Version(2, 0, 18),
    {"type": "(ipip|gue|gre)", "port": "int(1..65535)", **dict.fromkeys(("nocsum", "csum", "remcsum"), "")},
    "ignores the line",
    "ignores the line",
    "ignores the line",
)

TIMEOUTS = Language(
    "lvs_timeouts",
    Version(1, 2, 24),
    dict.fromkeys(("tcp", "tcpfin", "udp"), "int(0..2678400s)"),
    "ignores the word",
    "ignores it",
    "ignores it",
)

LANGUAGES: Mapping[str, Language] = {
    "address": ADDRESS,
    "route": ROUTE,
    "rule": RULE,
    "peer": PEER,
    "sync": SYNC,
    "tunnel": TUNNEL,
    "timeouts": TIMEOUTS,
}
"""By the name in brackets: `options(address)` in a row's `entries`, `options(sync)` in its `arguments`."""


_STATIC = "static-"
"""Before the name of a language: entries outside a vrrp_instance."""
_FOREIGN = {"address": ("track_group", "use_vmac"), "route": ("track_group", ""), "rule": ("track_group", "")}
"""The option that an entry in a vrrp_instance cannot have, and the one that a static entry cannot have."""


def check_options(name: str, words: Sequence[Word], version: Version) -> list[Problem]:
    """What is odd about the options of an entry, or of a statement without its keyword.

    At most one problem, since the rest follows from it.
    """
    static = name.startswith(_STATIC)
    name = name.removeprefix(_STATIC)
    if name not in LANGUAGES:
        from kalint.model.keywords.sequences import SEQUENCES

        return [] if any("$" in word.text for word in words) else SEQUENCES[name](words, version)
    language = LANGUAGES[name]
    if version < language.first or any("$" in word.text or word.text in ("{", "}") for word in words):
        return []
    if name in _FOREIGN:
        wrong = next((word for word in words[1:] if word.text == _FOREIGN[name][static]), None)
        if wrong is not None:
            where = "in a vrrp_instance" if static else "outside one"
            detail = f"an option here: only entries {where} have it; keepalived {language.unknown}"
            return [Problem("value-invalid", wrong, wrong.text, detail)]
    if name in ("address", "peer"):
        found = _options(language, words, 1, version)
        if not found and len(words) > 2:
            found = _together(name, words)
        return found or (_family(words) if name == "address" else [])
    if name == "sync":
        return _sync(words, version)
    if name == "tunnel":
        return _options(language, words, 1, version) or _together(name, words)
    if name == "timeouts":
        return _options(language, words, 0, version)
    if name == "rule":
        found = _options(language, words, 0, version) or _without_action(words) or _together("rule", words)
    else:
        found = _route(words, version)
    return _swallowed(language, words, version, found) or found


def _swallowed(language: Language, words: Sequence[Word], version: Version, found: Sequence[Problem]) -> list[Problem]:
    """A family that costs the word after it; `found` is what is odd about the words that are left."""
    before = [None, *(word.text for word in words)]
    for family, after, text in zip(words, words[1:], before, strict=False):
        if family.text in _FAMILIES and text not in _BEFORE_FAMILY and version >= SWALLOWING:
            dropped = any(problem.detail.endswith((language.unknown, "drops it")) for problem in found)
            outcome = f", and {language.unknown}" if dropped else ""
            detail = f"{LAST_WORD}; keepalived ignores the word after it, '{after.shown}', too (a bug){outcome}"
            return [Problem("value-invalid", family, family.text, detail)]
    return []


def _options(language: Language, words: Sequence[Word], index: int, version: Version) -> list[Problem]:
    while index < len(words):
        word = words[index]
        if word.text not in language.values or language.since.get(word.text, OLDEST) > version:
            return [_unknown(language, word)]
        index, problem = _value(language, language.values[word.text], words, index, version)
        if problem is not None:
            return [problem]
    return []


def _together(name: str, words: Sequence[Word]) -> list[Problem]:
    from kalint.model.keywords.together import TOGETHER

    return TOGETHER[name](words)


def _sync(words: Sequence[Word], version: Version) -> list[Problem]:
    """The old form names an instance, and its number, without a word before them (core/global_parser.c)."""
    index, number = 1, None
    if index < len(words) and words[index].text not in SYNC.values:
        index += 1
        if index < len(words) and words[index].text not in SYNC.values:
            number = words[index]
            index += 1
    found = _options(SYNC, words, index, version)
    if number is not None and not found:
        valid, allowed = valid_and_allowed_value("int(0..255)")
        good = valid is not None and valid(number.text)
        detail = f"id {number.text}" if good else f"{allowed}; keepalived uses the virtual_router_id"
        return [Problem("keyword-deprecated" if good else "value-invalid", number, number.text, detail)]
    return found or _together("sync", words)


def _value(
    language: Language, form: str, words: Sequence[Word], index: int, version: Version
) -> tuple[int, Problem | None]:
    """The place after an option and its value, and what is wrong with the value."""
    option = words[index]
    index += 1
    if not form:
        return index + (option.text in _FAMILIES and version >= SWALLOWING), None
    before, _, kind = form.rpartition(" ")
    skipped = ("lock",) if before == "lock" else _FAMILIES if before == "family" else ()
    if index < len(words) and words[index].text in skipped:
        index += 1
    valid, allowed = valid_and_allowed_value(kind)
    if index >= len(words):
        detail = f"{allowed}; without it keepalived {language.missing}"
        return index, Problem("argument-missing", option, option.text, detail)
    if valid is not None and not valid(words[index].text):
        if kind == "interface" and alias_of(words[index].text):
            return index, _alias(words, words[index], language is ADDRESS, version)
        outcome = language.lenient.get(option.text, language.otherwise)
        return index, Problem("value-invalid", words[index], words[index].text, f"{allowed}; keepalived {outcome}")
    return index + 1, None


def _alias(words: Sequence[Word], word: Word, labels: bool, version: Version) -> Problem:
    """An alias where an interface belongs; with `labels` an IPv4 address may have it as its label."""
    base = alias_of(word.text)
    labels = labels and ":" not in words[0].text and all(each.text != "label" for each in words)
    instead = f"{base} label {word.text}" if labels else base
    return Problem("value-invalid", word, word.text, alias_outcome(word.text, version), instead=instead)


def _unknown(language: Language, word: Word) -> Problem:
    from difflib import get_close_matches

    values = [value for value in language.values if value != f"no_{word.text}"]  # that is the opposite
    close = get_close_matches(word.text, values, 1, 0.75)
    detail = f"an option of {language.noun}; keepalived {language.unknown}"
    return Problem("value-invalid", word, word.text, detail, instead=close[0] if close else "")


def says_its_own_scope(address: str, option: str, value: str) -> bool:
    """Whether an option of an address is `scope link` of fe80::/10, which has that scope without it.

    keepalived ignores it, with a message, and nothing is lost (vrrp_ipaddress.c; measured on 2.2.7).
    """
    return (option, value) == ("scope", "link") and is_link_local(packed(address.partition("/")[0]))


def _family(words: Sequence[Word]) -> list[Problem]:
    """Options that an IPv6 address cannot have."""
    if ":" not in words[0].text:
        return []
    for word, after in zip(words[1:], [*(word.text for word in words[2:]), ""], strict=True):
        if says_its_own_scope(words[0].text, word.text, after):
            continue
        if word.text in ("brd", "broadcast", "scope", "label"):
            outcome = "drops the address" if word.text in ("brd", "broadcast") else "ignores it"
            detail = f"an option of an IPv6 address; keepalived {outcome}"
            return [Problem("value-invalid", word, word.text, detail)]
    return []


def _without_action(words: Sequence[Word]) -> list[Problem]:
    if any(word.text in _ACTIONS for word in words):
        return []
    return [_whole(words, "a rule that says what to do (table, goto, nop, blackhole, ...); keepalived drops it")]


def _whole(words: Sequence[Word], detail: str) -> Problem:
    span = words[0].line.span(words[0].start, words[-1].end)
    return Problem("value-invalid", span, " ".join(word.shown for word in words), detail)


def _route(words: Sequence[Word], version: Version) -> list[Problem]:
    index, destination = 0, False
    values = ROUTE.values
    while index < len(words):
        text = words[index].text
        if text in _FAMILIES or text == "to" or text in _TYPES:
            index += 1 + (text in _FAMILIES and version >= SWALLOWING)
        elif text == "nexthop":
            return _nexthops(words, index, version) or ([] if destination else [_without_destination(words)])
        elif text in ("encap", "as"):
            return []
        elif text in values and ROUTE.since.get(text, OLDEST) <= version:
            index, problem = _value(ROUTE, values[text], words, index, version)
            if problem is not None:
                return [problem]
        elif network(text):
            destination, index = True, index + 1
        else:
            return [_unknown(ROUTE, words[index])]
    return _together("route", words) if destination else [_without_destination(words)]


def _nexthops(words: Sequence[Word], index: int, version: Version) -> list[Problem]:
    while index < len(words):
        text = words[index].text
        if text in ("encap", "as"):
            return []
        if text == "nexthop":
            index += 1
        elif text in _NEXTHOP:
            index, problem = _value(ROUTE, _NEXTHOP[text], words, index, version)
            if problem is not None:
                return [problem]
        else:
            detail = "an option of a next hop; keepalived ignores it and the rest of the line"
            return [Problem("value-invalid", words[index], text, detail)]
    return []


def _without_destination(words: Sequence[Word]) -> Problem:
    return _whole(words, "a route with a destination; keepalived drops it")
