"""The options of addresses, routes, rules, unicast peers, tunnels and the like: which there are, and since when.

Read in vrrp_ipaddress.c, vrrp_iproute.c, vrrp_iprule.c and vrrp_data.c of vrrp/ and in check/check_data.c of 1.2.13
to 2.4.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kalint.model.keywords.values import MOST
from kalint.version import Version


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
        **dict.fromkeys(("brd", "broadcast"), "(-|+)/host4"),
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
NEXTHOP = {"via": "family host", "dev": "interface", "weight": "int(1..256)", "onlink": "", "realms": "realms"}

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
ROUTE_TYPES = frozenset(
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

ACTIONS = ("table", "lookup", "l3mdev", "goto", "nop", "blackhole", "unreachable", "prohibit")
_DROPS_RULE = "drops the rule"

FAMILIES = ("inet", "inet6")

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
        **dict.fromkeys(("not", "inet", "inet6", "l3mdev", "no_track"), ""),
        "type": "action",
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
