"""Keywords of the top level and of VRRP: instances, sync groups and scripts.

Read in keepalived/vrrp/vrrp_parser.c and core/global_parser.c of 1.2.13 to 2.4.3: the trees of install_keyword calls of
all 72 releases, and the handlers of the keywords. Ranges are those of the newest release where nothing else is said:
before 2.0.7 most numbers are read by atoi and not checked.
"""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.version import Version

_LENIENT = "ignores the line"
_SKIPS = "skips the whole block"
_CRASHES = "crashes"
_NAMED = "name:word"
_TRACK = "name [options(weighed)...]"
_TRACK_SCRIPT = "name [options(weighed-script)...]"
_NOTIFY = "command [user] [group]"
_DEPRECATED_GROUP = "track_interface, track_script or track_file in the vrrp_sync_group"

_TOP = (
    Keyword("global_defs", block="global_defs", repeated="all"),
    Keyword("vrrp_instance", _NAMED, block="vrrp_instance", repeated="all", otherwise=_SKIPS, missing=_SKIPS),
    Keyword("vrrp_sync_group", _NAMED, block="vrrp_sync_group", repeated="all", otherwise=_SKIPS, missing=_SKIPS),
    Keyword("vrrp_script", _NAMED, block="vrrp_script", repeated="all"),
    Keyword("track_file", _NAMED, first=Version(2, 1, 0), block="track_file", repeated="all"),
    Keyword(
        "vrrp_track_file",
        _NAMED,
        first=Version(2, 0, 0),
        block="track_file",
        repeated="all",
        deprecated="track_file",
        deprecated_from=Version(2, 1, 0),
        note="deprecated after 2.0.20, says a comment in the source",
        source="trackers/track_file.c, 2.4.3",
    ),
    Keyword("vrrp_track_process", _NAMED, first=Version(2, 0, 11), block="vrrp_track_process", repeated="all"),
    Keyword(
        "bfd_instance",
        "name:text(31)",
        first=Version(2, 0, 0),
        block="bfd_instance",
        repeated="all",
        otherwise=_SKIPS,
        missing=_CRASHES,
    ),
    Keyword(
        "track_group",
        _NAMED,
        first=Version(2, 0, 3),
        block="track_group",
        repeated="all",
        otherwise=_SKIPS,
        missing=_SKIPS,
    ),
    Keyword("garp_group", first=Version(1, 2, 21), block="garp_group", repeated="all"),
    Keyword(
        "static_ipaddress",
        entries="address [options(static-address)...]",
        repeated="all",
        note="entries as in virtual_ipaddress",
    ),
    Keyword(
        "static_routes", entries="route [options(static-route)...]", repeated="all", note="entries as in virtual_routes"
    ),
    Keyword(
        "static_rules",
        first=Version(1, 2, 20),
        entries="rule [options(static-rule)...]",
        repeated="all",
        note="entries as in virtual_rules",
    ),
    Keyword(
        "virtual_server",
        "server [options(server)...]",
        block="virtual_server",
        repeated="all",
        otherwise=_SKIPS,
        note="an address and a port, or `fwmark` and a number, or `group` and a name",
    ),
    Keyword(
        "virtual_server_group",
        _NAMED,
        entries="server [options(range)...]",
        repeated="all",
        note="entries: an address or a range with a port, or `fwmark` and a number",
    ),
    Keyword("SSL", block="SSL"),
    Keyword("linkbeat_interfaces", entries="interface [(MII|ETHTOOL|IOCTL)]", first=Version(2, 0, 13), repeated="all"),
    Keyword(
        "interface_up_down_delays",
        entries="interface [down:decimal(0..255s)] [up:decimal(0..255s)]",
        first=Version(2, 2, 3),
        repeated="all",
    ),
    Keyword("linkbeat_use_polling"),
    Keyword("instance", "name:word", first=Version(1, 2, 24), repeated="first", missing=_LENIENT),
    Keyword("net_namespace", "name:word", first=Version(1, 2, 24), repeated="first", missing=_LENIENT),
    Keyword(
        "net_namespace_ipvs",
        "[name:word]",
        "the network namespace of keepalived",
        first=Version(2, 1, 0),
        repeated="first",
        note="without a name: the default namespace",
    ),
    Keyword("namespace_with_ipsets", first=Version(1, 3, 0)),
    Keyword("use_pid_dir", first=Version(1, 2, 24)),
    Keyword("child_wait_time", "int(0..s)", first=Version(2, 0, 0), default="5"),
)

_INSTANCE = (
    Keyword("state", "(MASTER|BACKUP)", "BACKUP, or MASTER with priority 255", otherwise="takes it as BACKUP"),
    Keyword("interface", "interface"),
    Keyword("vrf", "interface", first=Version(2, 2, 5), repeated="first"),
    Keyword(
        "use_vmac",
        "[options(vmac)...]",
        note="an interface name, from 2.2.5 a MAC address, from 2.3.0 netlink_notify_msg and group ID, in any order",
    ),
    Keyword("use_vmac_addr", first=Version(2, 2, 0)),
    Keyword("vmac_xmit_base"),
    Keyword(
        "use_ipvlan",
        "[options(ipvlan)...]",
        first=Version(2, 0, 17),
        repeated="first",
        note="an interface name, an address, bridge, private or vepa, and from 2.3.0 group ID, in any order",
    ),
    Keyword(
        "unicast_peer",
        entries="ip [options(peer)...]",
        repeated="all",
        note="entries: an address, from 2.1.0 with min_ttl and max_ttl",
    ),
    Keyword("unicast_fault_no_peer", first=Version(2, 2, 5)),
    Keyword("unicast_ttl", "int(0..255)", "255", first=Version(2, 1, 0)),
    Keyword("check_unicast_src", first=Version(2, 1, 0)),
    Keyword("old_unicast_checksum", "[(never)]", first=Version(1, 3, 7)),
    Keyword("native_ipv6", deprecated="IPv6 addresses alone", deprecated_from=Version(2, 0, 0)),
    Keyword("dont_track_primary"),
    Keyword(
        "track_interface",
        entries="interface [options(tracked)...]",
        repeated="all",
        note="entries: a name, `weight` -253..253, from 2.0.18 `reverse`",
    ),
    Keyword(
        "track_script",
        entries=_TRACK_SCRIPT,
        repeated="all",
        note="entries: a name, `weight` -253..253, from 2.0.18 `reverse` or `noreverse`",
    ),
    Keyword(
        "track_file",
        first=Version(2, 0, 0),
        entries=_TRACK,
        repeated="all",
        note="entries: a name, `weight` -254..254, from 2.0.18 `reverse` or `noreverse`",
    ),
    Keyword(
        "track_process",
        first=Version(2, 0, 11),
        entries=_TRACK,
        repeated="all",
        note="entries: a name, `weight` -254..254, from 2.0.18 `reverse` or `noreverse`",
    ),
    Keyword(
        "track_bfd",
        first=Version(2, 0, 0),
        entries=_TRACK,
        repeated="all",
        note="entries: a name, `weight` -253..253, from 2.0.18 `reverse` or `noreverse`",
    ),
    Keyword("mcast_src_ip", "ip", "the first address of the interface"),
    Keyword("unicast_src_ip", "ip", "the first address of the interface"),
    Keyword(
        "mcast_dst_ip",
        "multicast-local",
        "vrrp_mcast_group4 or vrrp_mcast_group6 of global_defs",
        first=Version(2, 2, 5),
    ),
    Keyword("track_src_ip", first=Version(2, 0, 0)),
    Keyword("virtual_router_id", "int(1..255)"),
    Keyword("version", "int(2..3)", "the global vrrp_version", first=Version(1, 2, 17)),
    Keyword("priority", "int(1..255)", "100, or 255 with state MASTER", otherwise="uses 100"),
    Keyword(
        "advert_int",
        "decimal(0.01..255s)",
        "1",
        note="VRRP version 2 rounds it to whole seconds",
        earlier=((Version(1, 2, 16), "int(1..255s)"),),
    ),
    Keyword("virtual_ipaddress", entries="address [options(address)...]", repeated="all"),
    Keyword("virtual_ipaddress_excluded", entries="address [options(address)...]", repeated="all"),
    Keyword("no_virtual_ipaddress", first=Version(2, 2, 8)),
    Keyword("virtual_routes", entries="route [options(route)...]", repeated="all"),
    Keyword("virtual_rules", entries="rule [options(rule)...]", first=Version(1, 2, 20), repeated="all"),
    Keyword("promote_secondaries", first=Version(1, 3, 0)),
    Keyword(
        "linkbeat_use_polling",
        first=Version(2, 0, 0),
        deprecated="linkbeat_interfaces at the top level",
        deprecated_from=Version(2, 0, 13),
    ),
    Keyword("v3_checksum_as_v2", "[bool]", "v3_checksum_as_v2 of global_defs", first=Version(2, 2, 8)),
    Keyword("accept", first=Version(1, 2, 17), note="the default: it only undoes no_accept"),
    Keyword("no_accept", first=Version(1, 3, 0)),
    Keyword(
        "skip_check_adv_addr",
        "[bool]",
        "vrrp_skip_check_adv_addr of global_defs",
        first=Version(1, 2, 20),
        note="on, whatever valid word follows",
    ),
    Keyword("strict_mode", "[bool]", "vrrp_strict of global_defs", first=Version(1, 2, 20)),
    Keyword("preempt", note="the default: it only undoes nopreempt"),
    Keyword("nopreempt"),
    Keyword(
        "preempt_delay",
        "decimal(0..1000s)",
        "0",
        otherwise="uses 0",
        earlier=((Version(1, 4, 5), "int(0..1000s)"),),
    ),
    Keyword("debug", "int(0..4)", "0"),
    Keyword("notify_backup", _NOTIFY, repeated="first"),
    Keyword("notify_master", _NOTIFY, repeated="first"),
    Keyword("notify_fault", _NOTIFY, repeated="first"),
    Keyword("notify_stop", _NOTIFY, repeated="first"),
    Keyword("notify_deleted", "[command] [user] [group]", first=Version(2, 1, 0), repeated="first"),
    Keyword("notify", _NOTIFY, repeated="first"),
    Keyword("notify_master_rx_lower_pri", _NOTIFY, first=Version(2, 0, 6), repeated="first"),
    Keyword(
        "notify_priority_changes", "[bool]", "vrrp_notify_priority_changes of global_defs", first=Version(2, 0, 16)
    ),
    Keyword("smtp_alert", "[bool]", "smtp_alert_vrrp or smtp_alert of global_defs", earlier=((Version(1, 4, 5), ""),)),
    Keyword(
        "lvs_sync_daemon_interface",
        "interface",
        repeated="first",
        deprecated="lvs_sync_daemon in global_defs",
        deprecated_from=Version(1, 2, 20),
    ),
    Keyword("garp_master_delay", "int(0..4294s)", "vrrp_garp_master_delay of global_defs, 5"),
    Keyword(
        "garp_master_refresh", "int(0..4294967295s)", "vrrp_garp_master_refresh of global_defs, 0", otherwise="uses 0"
    ),
    Keyword(
        "garp_master_repeat",
        "int(1..4294967295)",
        "vrrp_garp_master_repeat of global_defs, 5",
        first=Version(1, 2, 14),
        zero="uses 1",
    ),
    Keyword(
        "garp_master_refresh_repeat",
        "int(1..4294967295)",
        "vrrp_garp_master_refresh_repeat of global_defs, 1",
        first=Version(1, 2, 14),
        zero="uses 1",
    ),
    Keyword(
        "garp_lower_prio_delay", "int(0..4294s)", "vrrp_garp_lower_prio_delay of global_defs", first=Version(1, 2, 20)
    ),
    Keyword(
        "garp_lower_prio_repeat",
        "int(0..2147483647)",
        "vrrp_garp_lower_prio_repeat of global_defs",
        first=Version(1, 2, 20),
    ),
    Keyword(
        "garp_extra_if",
        "time:options(garp)...",
        "vrrp_garp_extra_if of global_defs",
        first=Version(2, 2, 3),
        missing=_LENIENT,
        note="0..86400 seconds, and `all` beside it or not",
    ),
    Keyword(
        "vmac_garp_intvl",
        "time:options(garp)...",
        first=Version(2, 2, 0),
        deprecated="garp_extra_if",
        deprecated_from=Version(2, 2, 3),
        missing=_LENIENT,
    ),
    Keyword("down_timer_adverts", "int(1..100)", "vrrp_down_timer_adverts of global_defs, 3", first=Version(2, 2, 3)),
    Keyword("timer_expired_backup", "[int(1..254)]", "off", first=Version(2, 2, 8), note="without a number 254"),
    Keyword(
        "thread_timer_expired",
        "[int(1..254)]",
        first=Version(2, 3, 2),
        deprecated="timer_expired_backup",
        deprecated_from=Version(2, 3, 2),
    ),
    Keyword("lower_prio_no_advert", "[bool]", "vrrp_lower_prio_no_advert of global_defs", first=Version(1, 2, 20)),
    Keyword("higher_prio_send_advert", "[bool]", "vrrp_higher_prio_send_advert of global_defs", first=Version(1, 3, 5)),
    Keyword("owner_ignore_adverts", "[bool]", "vrrp_owner_ignore_adverts of global_defs", first=Version(2, 3, 3)),
    Keyword("kernel_rx_buf_size", "int(0..4294967295bytes)", first=Version(2, 0, 3), missing=_LENIENT),
    Keyword("authentication", block="authentication", repeated="all"),
    Keyword("auth_hmac", first=Version(2, 4, 0), block="auth_hmac", repeated="all"),
)

_AUTHENTICATION = (
    Keyword("auth_type", "(PASS|AH)", "no authentication"),
    Keyword("auth_pass", "secret", note="only the first 8 characters count"),
)

_AUTH_HMAC = (
    Keyword("key", "int(1..255) secret", first=Version(2, 4, 0), repeated="all", missing=_LENIENT),
    Keyword("active_key", "int(1..255)", first=Version(2, 4, 0)),
    Keyword("anti_replay", "(time|monotonic)", "time", first=Version(2, 4, 0)),
    Keyword("time_window", "int(1..300s)", "3 advert intervals, at least 5", first=Version(2, 4, 0)),
    Keyword("mode", "(enforce|permissive|receive-only)", "enforce", first=Version(2, 4, 0)),
)

_GROUP = (
    Keyword("group", entries="name...", repeated="first"),
    Keyword("track_interface", entries="interface [options(tracked)...]", first=Version(2, 0, 0), repeated="all"),
    Keyword("track_script", entries=_TRACK_SCRIPT, first=Version(2, 0, 0), repeated="all"),
    Keyword("track_file", entries=_TRACK, first=Version(2, 0, 0), repeated="all"),
    Keyword("track_process", entries=_TRACK, first=Version(2, 0, 11), repeated="all"),
    Keyword("track_bfd", entries=_TRACK, first=Version(2, 0, 0), repeated="all"),
    Keyword("notify_backup", _NOTIFY, repeated="first"),
    Keyword("notify_master", _NOTIFY, repeated="first"),
    Keyword("notify_fault", _NOTIFY, repeated="first"),
    Keyword("notify_stop", _NOTIFY, first=Version(2, 0, 0), repeated="first"),
    Keyword("notify", _NOTIFY, repeated="first"),
    Keyword("notify_priority_changes", "[bool]", "vrrp_notify_priority_changes of global_defs", first=Version(2, 2, 0)),
    Keyword("smtp_alert", "[bool]", "smtp_alert_vrrp or smtp_alert of global_defs", earlier=((Version(1, 4, 5), ""),)),
    Keyword("global_tracking", deprecated=_DEPRECATED_GROUP, deprecated_from=Version(2, 0, 0)),
    Keyword("sync_group_tracking_weight", first=Version(2, 0, 0)),
)

_SCRIPT = (
    Keyword("script", "command", missing="removes the vrrp_script and whatever tracks it"),
    Keyword("interval", "decimal(0.001..4294s)", "1", zero="uses 1", earlier=((Version(2, 3, 1), "int(1..4294s)"),)),
    Keyword(
        "timeout",
        "decimal(0.001..4294s)",
        "the interval",
        zero="uses 1",
        earlier=((Version(2, 3, 1), "int(1..4294s)"),),
    ),
    Keyword(
        "weight",
        "int(-253..253) [(reverse)]",
        "0",
        earlier=((Version(2, 0, 17), "int(-253..253)"),),
        otherwise="uses it anyway",
    ),
    Keyword("rise", "int(1..2147483647)", "1", otherwise="uses 1"),
    Keyword("fall", "int(1..2147483647)", "1", otherwise="uses 1"),
    Keyword("user", "user [group]", "script_user of global_defs", first=Version(1, 3, 0)),
    Keyword("init_fail", first=Version(1, 3, 2), note="it has no effect from 2.0.0 on"),
)

_VRRP = "vrrp/vrrp_parser.c; keepalived.conf.5 of 2.4.3"

SOURCES = {
    "": "vrrp/vrrp_parser.c, core/global_parser.c and the parsers of the blocks; keepalived.conf.5 of 2.4.3",
    "vrrp_instance": _VRRP,
    "authentication": _VRRP,
    "auth_hmac": _VRRP,
    "vrrp_sync_group": _VRRP,
    "vrrp_script": _VRRP,
}

TABLE: dict[str, tuple[Keyword, ...]] = {
    "": _TOP,
    "vrrp_instance": _INSTANCE,
    "authentication": _AUTHENTICATION,
    "auth_hmac": _AUTH_HMAC,
    "vrrp_sync_group": _GROUP,
    "vrrp_script": _SCRIPT,
}
