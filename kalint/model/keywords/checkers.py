"""Keywords of the checkers."""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.version import Version

_HTTP_GET = (
    Keyword("connect_ip", "[any...]"),
    Keyword("connect_port", "[any...]"),
    Keyword("bindto", "[any...]"),
    Keyword("bind_port", "[any...]"),
    Keyword("bind_if", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]"),
    Keyword("fwmark", "[any...]"),
    Keyword("retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_before_retry", "[any...]"),
    Keyword("warmup", "[any...]"),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 0, 11)),
    Keyword("nb_get_retry", "[any...]"),
    Keyword("virtualhost", "[any...]", first=Version(1, 3, 6)),
    Keyword("http_protocol", "[any...]", first=Version(2, 0, 17)),
    Keyword("enable_sni", "[any...]", first=Version(1, 4, 3)),
    Keyword("fast_recovery", "[any...]", first=Version(2, 0, 17)),
    Keyword("tls_compliant", "[any...]", first=Version(2, 2, 8)),
    Keyword("url", "[any...]", block="url", repeated="all"),
)

_URL = (
    Keyword("path", "[any...]"),
    Keyword("digest", "[any...]"),
    Keyword("status_code", "[any...]"),
    Keyword("virtualhost", "[any...]", first=Version(1, 3, 6)),
    Keyword("regex", "[any...]", first=Version(2, 0, 7)),
    Keyword("regex_no_match", "[any...]", first=Version(2, 0, 7)),
    Keyword("regex_options", "[any...]", first=Version(2, 0, 7)),
    Keyword("regex_min_offset", "[any...]", first=Version(2, 0, 7)),
    Keyword("regex_max_offset", "[any...]", first=Version(2, 0, 7)),
    Keyword("regex_stack", "[any...]", first=Version(2, 0, 7)),
    Keyword("tls_compliant", "[any...]", first=Version(2, 2, 8)),
)

_TCP_CHECK = (
    Keyword("connect_ip", "[any...]"),
    Keyword("connect_port", "[any...]"),
    Keyword("bindto", "[any...]"),
    Keyword("bind_port", "[any...]"),
    Keyword("bind_if", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]"),
    Keyword("fwmark", "[any...]"),
    Keyword("retry", "[any...]", first=Version(1, 2, 20)),
    Keyword("delay_before_retry", "[any...]", first=Version(1, 2, 20)),
    Keyword("warmup", "[any...]"),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 0, 11)),
)

_SMTP_CHECK = (
    Keyword("helo_name", "[any...]"),
    Keyword("connect_ip", "[any...]", first=Version(1, 2, 17)),
    Keyword("connect_port", "[any...]", first=Version(1, 2, 17)),
    Keyword("bindto", "[any...]", first=Version(1, 2, 17)),
    Keyword("bind_port", "[any...]", first=Version(1, 2, 17)),
    Keyword("bind_if", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]"),
    Keyword("fwmark", "[any...]", first=Version(1, 2, 17)),
    Keyword("retry", "[any...]"),
    Keyword("delay_before_retry", "[any...]"),
    Keyword("warmup", "[any...]"),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 0, 11)),
    Keyword("host", "[any...]", block="host", repeated="all"),
)

_HOST = (
    Keyword("connect_ip", "[any...]"),
    Keyword("connect_port", "[any...]"),
    Keyword("bindto", "[any...]"),
    Keyword("bind_port", "[any...]"),
    Keyword("bind_if", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]"),
    Keyword("fwmark", "[any...]"),
    Keyword("retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_before_retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("warmup", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 0, 11)),
)

_DNS_CHECK = (
    Keyword("connect_ip", "[any...]", first=Version(1, 3, 0)),
    Keyword("connect_port", "[any...]", first=Version(1, 3, 0)),
    Keyword("bindto", "[any...]", first=Version(1, 3, 0)),
    Keyword("bind_port", "[any...]", first=Version(1, 3, 0)),
    Keyword("bind_if", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]", first=Version(1, 3, 0)),
    Keyword("fwmark", "[any...]", first=Version(1, 3, 0)),
    Keyword("retry", "[any...]", first=Version(1, 3, 0)),
    Keyword("delay_before_retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("warmup", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 0, 11)),
    Keyword("type", "[any...]", first=Version(1, 3, 0)),
    Keyword("name", "[any...]", first=Version(1, 3, 0)),
)

_MISC_CHECK = (
    Keyword("connect_ip", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_port", "[any...]", first=Version(1, 3, 7)),
    Keyword("bindto", "[any...]", first=Version(1, 3, 7)),
    Keyword("bind_port", "[any...]", first=Version(1, 3, 7)),
    Keyword("bind_if", "[any...]", first=Version(1, 3, 7)),
    Keyword("connect_timeout", "[any...]", first=Version(1, 3, 7)),
    Keyword("fwmark", "[any...]", first=Version(1, 3, 7)),
    Keyword("retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("delay_before_retry", "[any...]", first=Version(1, 3, 7)),
    Keyword("warmup", "[any...]"),
    Keyword("delay_loop", "[any...]", first=Version(1, 3, 7)),
    Keyword("alpha", "[any...]", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 0, 11)),
    Keyword("misc_path", "[any...]"),
    Keyword("misc_timeout", "[any...]"),
    Keyword("misc_dynamic", "[any...]"),
    Keyword("user", "[any...]", first=Version(1, 3, 0)),
)

_BFD_CHECK = (
    Keyword("name", "[any...]", first=Version(2, 0, 0)),
    Keyword("alpha", "[any...]", first=Version(2, 0, 0)),
)

_PING_CHECK = (
    Keyword("connect_ip", "[any...]", first=Version(2, 1, 0)),
    Keyword("connect_port", "[any...]", first=Version(2, 1, 0)),
    Keyword("bindto", "[any...]", first=Version(2, 1, 0)),
    Keyword("bind_port", "[any...]", first=Version(2, 1, 0)),
    Keyword("bind_if", "[any...]", first=Version(2, 1, 0)),
    Keyword("connect_timeout", "[any...]", first=Version(2, 1, 0)),
    Keyword("fwmark", "[any...]", first=Version(2, 1, 0)),
    Keyword("retry", "[any...]", first=Version(2, 1, 0)),
    Keyword("delay_before_retry", "[any...]", first=Version(2, 1, 0)),
    Keyword("warmup", "[any...]", first=Version(2, 1, 0)),
    Keyword("delay_loop", "[any...]", first=Version(2, 1, 0)),
    Keyword("alpha", "[any...]", first=Version(2, 1, 0)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 1, 0)),
)

_UDP_CHECK = (
    Keyword("connect_ip", "[any...]", first=Version(2, 1, 0)),
    Keyword("connect_port", "[any...]", first=Version(2, 1, 0)),
    Keyword("bindto", "[any...]", first=Version(2, 1, 0)),
    Keyword("bind_port", "[any...]", first=Version(2, 1, 0)),
    Keyword("bind_if", "[any...]", first=Version(2, 1, 0)),
    Keyword("connect_timeout", "[any...]", first=Version(2, 1, 0)),
    Keyword("fwmark", "[any...]", first=Version(2, 1, 0)),
    Keyword("retry", "[any...]", first=Version(2, 1, 0)),
    Keyword("delay_before_retry", "[any...]", first=Version(2, 1, 0)),
    Keyword("warmup", "[any...]", first=Version(2, 1, 0)),
    Keyword("delay_loop", "[any...]", first=Version(2, 1, 0)),
    Keyword("alpha", "[any...]", first=Version(2, 1, 0)),
    Keyword("log_all_failures", "[any...]", first=Version(2, 1, 0)),
    Keyword("payload", "[any...]", first=Version(2, 2, 0)),
    Keyword("require_reply", "[any...]", first=Version(2, 1, 0)),
    Keyword("min_reply_length", "[any...]", first=Version(2, 2, 0)),
    Keyword("max_reply_length", "[any...]", first=Version(2, 2, 0)),
)

_FILE_CHECK = (
    Keyword("track_file", "[any...]", first=Version(2, 1, 0)),
    Keyword("weight", "[any...]", first=Version(2, 1, 0)),
)

TABLE: dict[str, tuple[Keyword, ...]] = {
    "HTTP_GET": _HTTP_GET,
    "url": _URL,
    "TCP_CHECK": _TCP_CHECK,
    "SMTP_CHECK": _SMTP_CHECK,
    "host": _HOST,
    "DNS_CHECK": _DNS_CHECK,
    "MISC_CHECK": _MISC_CHECK,
    "BFD_CHECK": _BFD_CHECK,
    "PING_CHECK": _PING_CHECK,
    "UDP_CHECK": _UDP_CHECK,
    "FILE_CHECK": _FILE_CHECK,
}
