"""Entries of value blocks: kalint finds something where the real parser complains, and nowhere else."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
from harness import RELEASE, ROOM, Lab

from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

VRRP = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 100
    unicast_src_ip 10.9.0.1
    unicast_peer {
        10.9.0.2%s
    }
    virtual_ipaddress {
        10.9.0.9/24
        %s
    }
    virtual_routes {
        10.7.0.0/24 via 10.9.0.2 dev eth0
        %s
    }
    virtual_rules {
        from 10.7.0.0/24 table 100 preference 10
        %s
    }
}
"""
GROUP = """\
virtual_server_group web {
    10.9.0.9 80
    %s
}
virtual_server group web {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.9.1.1 80 {
    }
}
"""
GOOD = {
    "peer": ("", " min_ttl 200", " min_ttl 1 max_ttl 255"),
    "address": (
        "10.9.0.10",
        "10.9.0.10/24 brd + dev eth0 scope link label eth0:1 home -nodad mngtmpaddr noprefixroute autojoin no_track",
        "10.9.0.10/24 brd 10.9.0.255",
        "10.9.0.10 peer 10.9.0.11 use_vmac preferred_lft forever",
        "10.9.0.10/24 broadcast - preferred_lft 0 scope 254",
    ),
    "route": (
        "src 10.9.0.1 to 10.8.0.0/24 via 10.9.0.2 dev eth0 scope global table 100 metric 16",
        "default via inet 10.9.0.2 dev eth0 mtu lock 1400 hoplimit 3 quickack 1 features ecn",
        "blackhole 10.8.0.0/24 no_track",
        "10.8.0.0/24 no_track nexthop via 10.9.0.2 weight 256 nexthop via 10.9.0.3 dev eth0 onlink",
        "10.8.0.0/24 dev eth0 rtt lock 10ms initcwnd 10 append",
        "10.8.0.0/24 dev eth0 tos 0x10 scope 253 realms 5/6 rttvar 0.5S rto_min 120000",
        "2001:db8::/64 dev eth0 from 2001:db8:1::/64",
    ),
    "rule": (
        "from 10.8.0.0/24 to 10.6.0.0/24 table 200 priority 0x20 iif eth0",
        "not fwmark 1/3 goto 300 preference 200",
        "to 10.8.0.0/24 blackhole preference 11 no_track",
        "from 10.8.0.0/24 sport 80-90 ipproto tcp l3mdev preference 12",
        "to 10.8.0.0/24 type unreachable preference 13",
        "from 10.8.0.0/24 tos 16 fwmark 0x10/0xff realms 5 suppress_ifgroup 7 table 5 preference 14",
    ),
    "sync": ("", " VI_1", " inst VI_1 id 17 maxlen 1400 port 8848 ttl 2 group 224.0.0.93"),
    "tunnel": ("TUN", "TUN type gue port 6080", "TUN type gre csum", "NAT"),
    "range": ("10.9.0.10-20 80", "10.9.0.10-10.9.1.4 80", "10.9.4.0/24 80", "fwmark 4", "2001:db8::1-ff 80"),
    "umask": ("022", "IWGRP | IWOTH", "IRUSR|IXOTH", "0x1f"),
    "vmac": ("", " vrrp.17", " vrrp.17 02:00:00:00:00:01", " 02:11:22:33:44"),
    "ipvlan": (" 10.9.0.7", " bridge 10.9.0.7/24", " ipv0 10.9.0.7/24 vepa"),
    "timeouts": ("tcp 7200 tcpfin 120 udp 300",),
    "include": ("match", "read -wildcard_match", "+brace_match"),
    "garp": (" 0", " all 5", " 5 all"),
    "buffers": ("MTU", "advert", "300"),
    "group6": ("ff02::13", "ff12::13"),
    "garps": ("5", "all 86400"),
    "udp": (
        "payload 1 2 3a",
        "require_reply 0x 1X",
        "require_reply 00\nmin_reply_length 300\nmax_reply_length 300",
        "connect_ip 2001:db8::1\nbindto 2001:db8::2",
        "connect_ip fe80::1\nbind_if eth0",
    ),
    "dns": ("name .", "name ab.c"),
    "group": ("VI_1",),
    "interfaces": ("eth0",),
    "static": ("iif eth0 track_group gateway",),
    "static-address": ("10.9.5.1/24 dev eth0 label eth0:5", "2001:db8::5/64 dev eth0"),
}
BAD = {
    "peer": (" min_ttl 9 max_ttl 3", " minttl 200", " min_ttl 256", " max_ttl -1"),
    "address": (
        "10.9.0.10 dev eth0 dev eth0",
        "10.9.0.10 peer 10.9.0.11 peer 10.9.0.12",
        "10.9.0.10 brd 10.9.0.255 peer 10.9.0.11",
        "10.9.0.10 devv eth0",
        "10.9.0.10 brd 10.9.0",
        "10.9.0.10 dev",
        "10.9.0.10/24 brd + scope",
        "10.9.0.10 peer 10.9.0",
        "10.9.0.10 peer 10.9.0.11/24",
        "10.9.0.10/24 peer 10.9.0.11",
        "10.9.0.10/31 brd +",
        "10.9.0.10 brd -",
        "10.9.0.10/24 scope 300",
        "10.9.0.10/24 track_group gateway",
        "10.9.0.10 preferred_lft never",
        "10.9.0.10 label eth0:1 10.9.0.11",
        "2001:db8::9/64 scope link",
        "2001:db8::9/64 brd +",
        "2001:db8::9/64 label eth0:1",
    ),
    "route": (
        "10.8.0.0/24 via fe80::1 dev eth0",
        "10.8.0.0/24 gw 10.9.0.2 dev eth0",
        "10.8.0.0/24 vai 10.9.0.2 dev eth0",
        "10.8.0.0/24 via 10.9.0 dev eth0",
        "10.8.0.0/24 via 10.9.0.2/24 dev eth0",
        "src 10.9.0.1 via 10.9.0.2 dev eth0",
        "10.8.0.0/24 dev eth0 metric high",
        "10.8.0.0/24 dev eth0 metric 0x10",
        "10.8.0.0/24 dev eth0 quickack 2",
        "10.8.0.0/24 dev eth0 pref best",
        "2001:db8::/64 dev eth0 pref best",
        "10.8.0.0/24 dev eth0 features ecm",
        "10.8.0.0/24 dev eth0 ttl-propagate on",
        "10.8.0.0/24 no_track nexthop via 10.9.0.2 weight 257",
        "10.8.0.0/24 no_track nexthop via 10.9.0.2 scope link",
        "10.8.0.0/24 dev eth0 table",
        "10.8.0.0/24 dev eth0 tos 300",
        "10.8.0.0/24 dev eth0 scope -1",
        "10.8.0.0/24 dev eth0 protocol 0x100 no_track",
        "10.8.0.0/24 dev eth0 realms 5/300",
        "10.8.0.0/24 dev eth0 realms 5/",
        "2001:db8::/64 dev eth0 realms 5",
        "10.8.0.0/24 dev eth0 rtt 961s",
        "10.8.0.0/24 dev eth0 rttvar 480001",
        "10.8.0.0/24 dev eth0 rto_min lock x",
        "10.8.0.0/24 dev eth0 from 10.7.0.0/16",
    ),
    "rule": (
        "from 10.8.0.0/24 to fe80::/64 table 5 preference 7",
        "from 10.8.0.0/24 goto 5 preference 7",
        "from 10.8.0.0/24 table 5 blackhole preference 7",
        "form 10.8.0.0/24 table 200 preference 11",
        "from 10.8.0 table 200 preference 11",
        "from 10.8.0.0/24 preference 11",
        "from 10.8.0.0/24 table 200 preference ten",
        "from 10.8.0.0/24 sport 80 table 200 preference 11",
        "from 10.8.0.0/24 protocol 256 table 200 preference 11",
        "from 10.8.0.0/24 uidrange 5 table 200 preference 11",
        "from 10.8.0.0/24 suppress_prefixlength -1 table 200 preference 11",
        "from 10.8.0.0/24 preference 11 table",
        "from 10.8.0.0/24 tos 0x100 table 5 preference 11",
        "from 10.8.0.0/24 fwmark 4294967296 table 5 preference 11",
        "from 10.8.0.0/24 fwmark 1/x table 5 preference 11",
        "from 10.8.0.0/24 ipproto 300 table 5 preference 11",
        "from 10.8.0.0/24 suppress_ifgroup 3000000000 table 5 preference 11",
        "from 10.8.0.0/24 realms 5/300 table 5 preference 11",
    ),
    "sync": (
        " inst VI_1 id 256",
        " inst VI_1 maxlen 65508",
        " inst VI_1 maxlen",
        " inst VI_1 group 10.9.0.93",
        " inst VI_1 ttl 0",
        " inst VI_1 tll 1",
        " VI_1 idd 3",
        " VI_1 17",
        " VI_1 300",
        " VI_1 x",
        " VI_1 inst VI_1",
        " inst VI_1 inst VI_1",
    ),
    "tunnel": (
        "TUN type gue",
        "TUN type ipip port 5",
        "TUN type ipip csum",
        "TUN type gre remcsum",
        "TUN type gru",
        "TUN type gue port 0",
        "TUN type gue prot 6080",
        "TUN type",
    ),
    "range": (
        "10.9.0.20-10 80",
        "10.9.0.10-10.9.0.4 80",
        "10.9.0.10-10.9.0.400 80",
        "10.9.4.1/24 80",
        "10.9.4.0/33 80",
        "2001:db8::ff-1 80",
        "2001:db8::1-xyz 80",
        "10.9.0.10-x 80",
        "10.9.0.10 -53",
        "10.9.0.10 http",
        "fwmark x",
        "fwmark",
        "fwmark 7 ipv4",
    ),
    "umask": ("| IWOTH", "IWGRP IWOTH", "iwgrp", "IWGRP |", "028", "01000", "022 IWOTH"),
    "vmac": (" vrrp/17", " a_name_of_16_char", " 01:11:22:33:44:55", " 02:11:22:33", " 00:00:5e:00:01:05", " v1 v2"),
    "ipvlan": (
        " bridge vepa 10.9.0.7",
        " a_name_of_16_char 10.9.0.7",
        " ipv0 ipv1 10.9.0.7",
        " 10.9.0.7 10.9.0.8",
    ),
    "timeouts": ("tcp 7200 udp 9999999", "tcp 7200 sctp 5", "tcp 7200 udp"),
    "include": ("readable", "match read"),
    "garp": (" all", " 86401"),
    "buffers": ("MTU ADVERT", "300 MTU", "MTU 300", "size"),
    "group6": ("ff05::13", "2001:db8::1"),
    "garps": ("0", "all"),
    "udp": (
        "payload x",
        "payload 0x12",
        "require_reply 00 zz",
        "min_reply_length 300",
        "min_reply_length 3\nmax_reply_length 2",
        "bindto 2001:db8::1",
        "bindto 10.9.0.1\nconnect_ip 2001:db8::1",
        "connect_ip fe80::1",
    ),
    "dns": ("name a..bc", "name .ab", "name x.com"),
    "group": ("",),
    "interfaces": ("",),
    "static-address": (
        "10.9.0.900/24 dev eth0",
        "10.9.5.1/40 dev eth0",
        "10.9.5.1/24 dev eth0 label abcdefghijklmnopq",
        "10.9.5.1 dev eth0 peer 2001:db8::1",
        "10.9.5.1/24 dev eth0 use_vmac",
    ),
    "static": ("track_group gateway", "iif eth0 track_group gateway track_group gateway"),
}
SYNC = VRRP % ("", "", "", "") + "global_defs {\n    lvs_sync_daemon eth0%s\n}\n"
TUNNEL = """\
virtual_server 10.9.0.9 80 {
    lvs_sched rr
    lvs_method %s
    protocol TCP
    real_server 10.9.1.1 80 {
    }
}
"""
GLOBAL = {
    "umask": "umask",
    "timeouts": "lvs_timeouts",
    "include": "include_check",
    "buffers": "vrrp_rx_bufs_policy",
    "group6": "vrrp_mcast_group6",
    "garps": "vrrp_garp_extra_if",
}
CHECKER = TUNNEL.replace("80 {\n    }\n", "80 {\n        %s {\n            %s\n        }\n    }\n") % (
    "NAT",
    "%s",
    "%s",
)
STATIC = """\
track_group gateway {
    group {
        VI_1
    }
}
static_rules {
    from 10.7.0.0/24 table 100 preference 10 %s
}
"""
BLOCKS = {
    "group": "track_group gateway {\n    group {\n        %s\n    }\n}\n",
    "interfaces": "garp_group {\n    garp_interval 0.1\n    interfaces {\n        %s\n    }\n}\n",
    "static": STATIC,
    "static-address": "static_ipaddress {\n    %s\n}\n",
}
DEVICE = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    use_%s%s
    virtual_ipaddress {
        10.9.0.9/24
    }
}
"""
WHOLE_BLOCKS = ("KA406", "KA408", "KA415", "KA513", "KA715")
"""Rules on what statements must be together; of single statements the problems tell."""
LANGUAGES = ("peer", "address", "route", "rule")
CASES = [(kind, line, True) for kind, lines in BAD.items() for line in lines]
CASES += [(kind, line, False) for kind, lines in GOOD.items() for line in lines]


def config(kind: str, line: str) -> str:
    if kind in GLOBAL:
        return f"global_defs {{\n    {GLOBAL[kind]} {line}\n}}\n"
    if kind in ("vmac", "ipvlan"):
        return DEVICE % (kind, line)
    if kind == "garp":
        return DEVICE.replace("use_%s%s", f"garp_extra_if{line}")
    if kind in ("udp", "dns"):
        return CHECKER % (f"{kind.upper()}_CHECK", line)
    if kind in BLOCKS:
        return BLOCKS[kind] % line + VRRP % ("", "", "", "")
    if kind == "range":
        return GROUP % line
    if kind in ("sync", "tunnel"):
        return (SYNC if kind == "sync" else TUNNEL) % line
    return VRRP % tuple(line if kind == language else "" for language in LANGUAGES)


@pytest.fixture(scope="module")
def complaint() -> Iterator[Callable[[str], str]]:
    """What `keepalived -t` says of a configuration, or how it ends where it says nothing."""
    with Lab({"eth0": ["10.9.0.1/24"]}) as lab:

        def ask(text: str) -> str:
            lab.node.path(f"{ROOM}/keepalived.conf").write_text(text)
            command = ["timeout", "20", "keepalived", "-t", "-l", "-G", "-f", f"{ROOM}/keepalived.conf"]
            done = subprocess.run(lab.node.enter(*command), capture_output=True, text=True, timeout=60)
            return done.stdout + done.stderr or f"it ended with {done.returncode}" * (done.returncode != 0)

        yield ask


@pytest.mark.parametrize(("kind", "line", "wrong"), CASES, ids=lambda value: str(value))
def test_a_line_is_judged_as_keepalived_does(
    kind: str, line: str, wrong: bool, complaint: Callable[[str], str]
) -> None:
    """Both complain of a bad line, and neither of a good one."""
    text = config(kind, line)
    request = Request(version=parse_version(RELEASE), select=WHOLE_BLOCKS)
    loaded = load("k.conf", text.encode(), request)
    found = [*loaded.problems, *diagnose(loaded, request)]
    said = complaint(text)
    assert bool(said) == wrong, said
    assert bool(found) == wrong, found
