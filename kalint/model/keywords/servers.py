"""Keywords of virtual_server, real_server and SSL.

Read in keepalived/check/check_parser.c and check_data.c of 1.2.13 to 2.4.3 and in the manual page keepalived.conf.5 of
2.4.3. Ranges are those of the newest release; before 2.0.7 most numbers are read by atoi and not checked. Timers are
decimals from 2.0.13 on.
"""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.version import Version

_LENIENT = "ignores the line"

_VIRTUAL_SERVER = (
    Keyword("ip_family", "(inet|inet6)", "from the addresses", first=Version(1, 2, 20)),
    Keyword("retry", "int(1..4294967295)", "1, for DNS_CHECK 3, for MISC_CHECK 0", first=Version(1, 3, 7)),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "1, for HTTP_GET and SSL_GET 3, for DNS_CHECK the delay_loop",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword(
        "warmup", "decimal(0..s)", "the delay_loop", first=Version(1, 3, 7), earlier=((Version(2, 0, 12), "int(0..s)"),)
    ),
    Keyword("connect_timeout", "decimal(0.000001..4294.967295s)", "5", first=Version(2, 0, 13)),
    Keyword("delay_loop", "decimal(0.000001..s)", "60", earlier=((Version(2, 0, 12), "int(1..s)"),)),
    Keyword("inhibit_on_failure", first=Version(1, 3, 7)),
    Keyword(
        "lb_algo",
        "(rr|wrr|lc|wlc|lblc|sh|mh|dh|fo|ovf|lblcr|sed|nq|twos)",
        "wlc",
        earlier=((Version(2, 2, 4), "(rr|wrr|lc|wlc|lblc|sh|mh|dh|fo|ovf|lblcr|sed|nq)"),),
    ),
    Keyword(
        "lvs_sched",
        "(rr|wrr|lc|wlc|lblc|sh|mh|dh|fo|ovf|lblcr|sed|nq|twos)",
        "wlc",
        earlier=((Version(2, 2, 4), "(rr|wrr|lc|wlc|lblc|sh|mh|dh|fo|ovf|lblcr|sed|nq)"),),
    ),
    Keyword("hashed", first=Version(1, 3, 0), note="it has no effect from 2.1.4 on"),
    Keyword("ops"),
    Keyword("flag-1", first=Version(1, 3, 0)),
    Keyword("flag-2", first=Version(1, 3, 0)),
    Keyword("flag-3", first=Version(1, 3, 0)),
    Keyword("sh-port", first=Version(1, 3, 0), note="only after lvs_sched sh"),
    Keyword("sh-fallback", first=Version(1, 3, 0), note="only after lvs_sched sh"),
    Keyword("mh-port", first=Version(2, 0, 20), note="only after lvs_sched mh"),
    Keyword("mh-fallback", first=Version(2, 0, 20), note="only after lvs_sched mh"),
    Keyword(
        "lb_kind",
        "(NAT|DR|TUN) [options(tunnel)...]",
        "NAT",
        note="TUN may have type ipip, gue port N or gre, and nocsum, csum or remcsum",
    ),
    Keyword(
        "lvs_method",
        "(NAT|DR|TUN) [options(tunnel)...]",
        "NAT",
        note="TUN may have type ipip, gue port N or gre, and nocsum, csum or remcsum",
    ),
    Keyword("persistence_engine", "name:text(15)", first=Version(1, 2, 20), otherwise="cuts it after 15 characters"),
    Keyword(
        "persistence_timeout",
        "[int(1..2678400s)]",
        "none, or 360 where no number is given",
        earlier=((Version(2, 0, 6), "[int(0..s)]"),),
    ),
    Keyword(
        "persistence_granularity",
        "int(1..128)/ip4",
        "255.255.255.255, or 128",
        note="a netmask for IPv4, a prefix length for IPv6",
    ),
    Keyword("protocol", "anycase(TCP|UDP|SCTP)", "UDP", earlier=((Version(1, 4, 5), "(TCP|UDP|SCTP)"),)),
    Keyword("ha_suspend"),
    Keyword("smtp_alert", "[bool]", "no", first=Version(2, 0, 0)),
    Keyword("virtualhost", "name:word", missing=_LENIENT),
    Keyword("snmp_name", "name:word", first=Version(2, 2, 3), missing=_LENIENT),
    Keyword("alpha"),
    Keyword("omega"),
    Keyword("quorum_up", "command [user] [group]", repeated="first"),
    Keyword("quorum_down", "command [user] [group]", repeated="first"),
    Keyword("quorum", "int(1..4294967295)", "1", otherwise="uses 1"),
    Keyword("hysteresis", "int(0..4294967295)", "0"),
    Keyword(
        "weight", "int(1..2147483647)", "1", first=Version(1, 3, 7), earlier=((Version(2, 0, 20), "int(1..65535)"),)
    ),
    Keyword("sorry_server", "ip [port:int(0..65535)]"),
    Keyword("sorry_server_inhibit", note="only after sorry_server"),
    Keyword(
        "sorry_server_lvs_method",
        "(NAT|DR|TUN) [options(tunnel)...]",
        first=Version(1, 3, 6),
        note="TUN may have type ipip, gue port N or gre, and nocsum, csum or remcsum",
        missing=_LENIENT,
    ),
    Keyword(
        "real_server", "ip [port:int(0..65535)]", block="real_server", repeated="all", otherwise="skips the whole block"
    ),
    Keyword("nat_mask", "ip4", last=Version(1, 2, 19), note="never had an effect"),
)

_REAL_SERVER = (
    Keyword(
        "weight",
        "int(0..2147483647)",
        "the virtual server's",
        earlier=(
            (Version(2, 0, 6), "int(0..65535)"),
            (Version(2, 0, 15), "int(1..65535)"),
            (Version(2, 0, 20), "int(0..65535)"),
        ),
    ),
    Keyword(
        "lvs_method",
        "(NAT|DR|TUN) [options(tunnel)...]",
        "the virtual server's",
        first=Version(1, 3, 6),
        note="TUN may have type ipip, gue port N or gre, and nocsum, csum or remcsum",
    ),
    Keyword("uthreshold", "int(0..4294967295)"),
    Keyword("lthreshold", "int(0..4294967295)"),
    Keyword("inhibit_on_failure", "[bool]", "the virtual server's", earlier=((Version(1, 3, 6), ""),)),
    Keyword("notify_up", "command [user] [group]", repeated="first"),
    Keyword("notify_down", "command [user] [group]", repeated="first"),
    Keyword("alpha", "[bool]", "the virtual server's", first=Version(1, 3, 7)),
    Keyword("retry", "int(1..4294967295)", "the virtual server's", first=Version(1, 3, 7)),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "the virtual server's",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword(
        "warmup",
        "decimal(0..s)",
        "the virtual server's",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword("connect_timeout", "decimal(0.000001..4294.967295s)", "the virtual server's", first=Version(2, 0, 13)),
    Keyword(
        "delay_loop",
        "decimal(0.000001..s)",
        "the virtual server's",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(1..s)"),),
    ),
    Keyword("smtp_alert", "[bool]", "yes", first=Version(2, 0, 0)),
    Keyword("virtualhost", "name:word", "the virtual server's", first=Version(1, 3, 6), missing=_LENIENT),
    Keyword("snmp_name", "name:word", first=Version(2, 2, 3), missing=_LENIENT),
    Keyword("MISC_CHECK", block="MISC_CHECK", repeated="all"),
    Keyword("SMTP_CHECK", block="SMTP_CHECK", repeated="all"),
    Keyword("TCP_CHECK", block="TCP_CHECK", repeated="all"),
    Keyword("PING_CHECK", first=Version(2, 1, 0), block="PING_CHECK", repeated="all"),
    Keyword("UDP_CHECK", first=Version(2, 1, 0), block="UDP_CHECK", repeated="all"),
    Keyword("HTTP_GET", block="HTTP_GET", repeated="all"),
    Keyword("SSL_GET", block="SSL_GET", repeated="all"),
    Keyword("DNS_CHECK", first=Version(1, 3, 0), block="DNS_CHECK", repeated="all"),
    Keyword("FILE_CHECK", first=Version(2, 1, 0), block="FILE_CHECK", repeated="all"),
    Keyword("BFD_CHECK", first=Version(2, 0, 0), block="BFD_CHECK", repeated="all"),
)

_SSL = (
    Keyword("password", "secret", missing=_LENIENT),
    Keyword("ca", "path", missing=_LENIENT),
    Keyword("certificate", "path", missing=_LENIENT),
    Keyword("key", "path", missing=_LENIENT),
)

_SOURCE = "check/check_parser.c, check/check_data.c; keepalived.conf.5 of 2.4.3"

TABLE: dict[str, tuple[Keyword, ...]] = {
    "virtual_server": _VIRTUAL_SERVER,
    "real_server": _REAL_SERVER,
    "SSL": _SSL,
}

SOURCES = dict.fromkeys(TABLE, _SOURCE)
