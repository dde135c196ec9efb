"""Keywords of what can be tracked besides scripts (files, processes, BFD), of track groups and of ARP delays.

Read in keepalived/trackers/track_file.c, vrrp/vrrp_parser.c and bfd/bfd_parser.c of 1.2.13 to 2.4.3. Ranges are those
of the newest release where nothing else is said: before 2.0.7 most numbers are read by atoi and not checked.
"""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.version import Version

_LENIENT = "ignores the line"
_DROPS = "drops the bfd_instance"
_CRASHES = "crashes"
_GARP_INTERVAL = ((Version(2, 3, 1), "decimal(0..2147.483647s)"),)

_FILE = (
    Keyword(
        "file", "path", first=Version(2, 0, 0), repeated="first", missing="removes the block and whatever tracks it"
    ),
    Keyword(
        "weight",
        "int(-254..254) [(reverse)]",
        "1",
        first=Version(2, 0, 0),
        repeated="first",
        missing=_LENIENT,
        earlier=((Version(2, 0, 17), "int(-254..254)"),),
    ),
    Keyword(
        "init_file",
        "[int(-254..254)/(overwrite)...]",
        first=Version(2, 0, 0),
        otherwise="ignores it, but uses a larger number anyway",
        note="a value and `overwrite`, both may be left out",
    ),
)

_PROCESS = (
    Keyword("process", "command [parameter...]", first=Version(2, 0, 11), repeated="first"),
    Keyword(
        "param_match",
        "[(initial|partial)]",
        "off",
        first=Version(2, 0, 16),
        note="without a word the parameters must be the same",
    ),
    Keyword(
        "weight",
        "int(-254..254) [(reverse)]",
        "0",
        first=Version(2, 0, 11),
        repeated="first",
        missing=_LENIENT,
        earlier=((Version(2, 0, 17), "int(-254..254)"),),
    ),
    Keyword("quorum", "int(1..65535)", "1", first=Version(2, 0, 11)),
    Keyword("quorum_max", "int(0..65535)", "no limit", first=Version(2, 0, 16)),
    Keyword("delay", "decimal(0.000001..3600s)", "0", first=Version(2, 0, 11)),
    Keyword("terminate_delay", "decimal(0.000001..3600s)", "0", first=Version(2, 0, 16)),
    Keyword("fork_delay", "decimal(0.000001..3600s)", "0", first=Version(2, 0, 16)),
    Keyword("full_command", first=Version(2, 0, 11)),
)

_TRACK_GROUP = (
    Keyword("group", entries="name...", first=Version(2, 0, 3), repeated="first", empty="tracks nothing for it"),
)

_GARP_GROUP = (
    Keyword("garp_interval", "decimal(0..4294.967295s)", earlier=_GARP_INTERVAL, first=Version(1, 2, 21)),
    Keyword("gna_interval", "decimal(0..4294.967295s)", earlier=_GARP_INTERVAL, first=Version(1, 2, 21)),
    Keyword("interface", "interface", first=Version(1, 2, 21), repeated="all"),
    Keyword(
        "interfaces",
        entries="interface...",
        first=Version(1, 2, 21),
        repeated="all",
        empty="delays nothing by it",
    ),
)

_BFD = (
    Keyword("source_ip", "ip", first=Version(2, 0, 0)),
    Keyword("neighbor_ip", "ip", otherwise=_DROPS, missing=_CRASHES, first=Version(2, 0, 0)),
    Keyword("neighbour_ip", "ip", otherwise=_DROPS, missing=_CRASHES, first=Version(2, 0, 0)),
    Keyword(
        "min_rx",
        "decimal(1..4294967ms)",
        "10",
        earlier=((Version(2, 1, 5), "int(1..4294967ms)"),),
        first=Version(2, 0, 0),
    ),
    Keyword(
        "min_tx",
        "decimal(1..4294967ms)",
        "10",
        earlier=((Version(2, 1, 5), "int(1..4294967ms)"),),
        first=Version(2, 0, 0),
    ),
    Keyword(
        "idle_tx",
        "decimal(1000..4294967ms)",
        "1000",
        earlier=((Version(2, 1, 5), "int(1000..4294967ms)"),),
        first=Version(2, 0, 0),
    ),
    Keyword("multiplier", "int(1..255)", "5", first=Version(2, 0, 0)),
    Keyword("passive", first=Version(2, 0, 0)),
    Keyword("ttl", "int(1..255)", "255", first=Version(2, 0, 0)),
    Keyword("hoplimit", "int(1..255)", "64", first=Version(2, 0, 0)),
    Keyword("max_hops", "int(-1..255)", "0", first=Version(2, 0, 0)),
    Keyword("multihop", "[bool]", first=Version(2, 2, 8)),
    Keyword(
        "weight",
        "int(-253..253) [(reverse)]",
        "0",
        first=Version(2, 0, 0),
        earlier=((Version(2, 0, 17), "int(-253..253)"),),
    ),
    Keyword("vrrp", first=Version(2, 0, 0)),
    Keyword("checker", first=Version(2, 0, 0)),
)

SOURCES = {
    "track_file": "trackers/track_file.c, before 2.1.0 vrrp/vrrp_parser.c; keepalived.conf.5 of 2.4.3",
    "vrrp_track_process": "vrrp/vrrp_parser.c; keepalived.conf.5 of 2.4.3",
    "track_group": "vrrp/vrrp_parser.c; keepalived.conf.5 of 2.4.3",
    "garp_group": "vrrp/vrrp_parser.c; keepalived.conf.5 of 2.4.3",
    "bfd_instance": "bfd/bfd_parser.c; keepalived.conf.5 of 2.4.3",
}

TABLE: dict[str, tuple[Keyword, ...]] = {
    "track_file": _FILE,
    "vrrp_track_process": _PROCESS,
    "track_group": _TRACK_GROUP,
    "garp_group": _GARP_GROUP,
    "bfd_instance": _BFD,
}
