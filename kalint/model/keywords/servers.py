"""Keywords of virtual_server and real_server."""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.version import Version

_SERVER = (
    Keyword("ip_family", "[any...]", first=Version(1, 2, 20)),
    Keyword("retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_before_retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("warmup", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]", first=Version(2, 0, 13)),
    Keyword("delay_loop", "[any...]"),
    Keyword("inhibit_on_failure", "[any...]", first=Version(1, 3, 7)),
    Keyword("lb_algo", "[any...]"),
    Keyword("lvs_sched", "[any...]"),
    Keyword("hashed", "[any...]", first=Version(1, 3, 0)),
    Keyword("ops", "[any...]"),
    Keyword("flag-1", "[any...]", first=Version(1, 3, 0)),
    Keyword("flag-2", "[any...]", first=Version(1, 3, 0)),
    Keyword("flag-3", "[any...]", first=Version(1, 3, 0)),
    Keyword("sh-port", "[any...]", first=Version(1, 3, 0)),
    Keyword("sh-fallback", "[any...]", first=Version(1, 3, 0)),
    Keyword("mh-port", "[any...]", first=Version(2, 0, 20)),
    Keyword("mh-fallback", "[any...]", first=Version(2, 0, 20)),
    Keyword("lb_kind", "[any...]"),
    Keyword("lvs_method", "[any...]"),
    Keyword("persistence_engine", "[any...]", first=Version(1, 2, 20)),
    Keyword("persistence_timeout", "[any...]"),
    Keyword("persistence_granularity", "[any...]"),
    Keyword("protocol", "[any...]"),
    Keyword("ha_suspend", "[any...]"),
    Keyword("smtp_alert", "[any...]", first=Version(2, 0, 0)),
    Keyword("virtualhost", "[any...]"),
    Keyword("snmp_name", "[any...]", first=Version(2, 2, 3)),
    Keyword("alpha", "[any...]"),
    Keyword("omega", "[any...]"),
    Keyword("quorum_up", "[any...]"),
    Keyword("quorum_down", "[any...]"),
    Keyword("quorum", "[any...]"),
    Keyword("hysteresis", "[any...]"),
    Keyword("weight", "[any...]", first=Version(1, 3, 7)),
    Keyword("sorry_server", "[any...]"),
    Keyword("sorry_server_inhibit", "[any...]"),
    Keyword("sorry_server_lvs_method", "[any...]", first=Version(1, 3, 6)),
    Keyword("real_server", "[any...]", block="real_server", repeated="all"),
    Keyword("nat_mask", "[any...]", last=Version(1, 2, 19)),
)

_REAL = (
    Keyword("weight", "[any...]"),
    Keyword("lvs_method", "[any...]", first=Version(1, 3, 6)),
    Keyword("uthreshold", "[any...]"),
    Keyword("lthreshold", "[any...]"),
    Keyword("inhibit_on_failure", "[any...]"),
    Keyword("notify_up", "[any...]"),
    Keyword("notify_down", "[any...]"),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_before_retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("warmup", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]", first=Version(2, 0, 13)),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("smtp_alert", "[any...]", first=Version(2, 0, 0)),
    Keyword("virtualhost", "[any...]", first=Version(1, 3, 6)),
    Keyword("snmp_name", "[any...]", first=Version(2, 2, 3)),
    Keyword("MISC_CHECK", "[any...]", block="MISC_CHECK", repeated="all"),
    Keyword("SMTP_CHECK", "[any...]", block="SMTP_CHECK", repeated="all"),
    Keyword("TCP_CHECK", "[any...]", block="TCP_CHECK", repeated="all"),
    Keyword("PING_CHECK", "[any...]", block="PING_CHECK", repeated="all", first=Version(2, 1, 0)),
    Keyword("UDP_CHECK", "[any...]", block="UDP_CHECK", repeated="all", first=Version(2, 1, 0)),
    Keyword("HTTP_GET", "[any...]", block="HTTP_GET", repeated="all"),
    Keyword("SSL_GET", "[any...]", block="HTTP_GET", repeated="all"),
    Keyword("DNS_CHECK", "[any...]", block="DNS_CHECK", repeated="all", first=Version(1, 3, 0)),
    Keyword("FILE_CHECK", "[any...]", block="FILE_CHECK", repeated="all", first=Version(2, 1, 0)),
    Keyword("BFD_CHECK", "[any...]", block="BFD_CHECK", repeated="all", first=Version(2, 0, 0)),
)

_SSL = (
    Keyword("password", "[any...]"),
    Keyword("ca", "[any...]"),
    Keyword("certificate", "[any...]"),
    Keyword("key", "[any...]"),
)

TABLE: dict[str, tuple[Keyword, ...]] = {"virtual_server": _SERVER, "real_server": _REAL, "SSL": _SSL}
