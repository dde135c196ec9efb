"""Keywords of the checkers of a real_server.

Read in keepalived/check/check_*.c of 1.2.13 to 2.4.3 and in the manual page keepalived.conf.5 of 2.4.3. Most checkers
share the keywords of install_checker_common_keywords (check_api.c, from 1.3.7 on; before, install_connect_keywords).
"""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.model.keywords.http_checkers import HTTP_GET, HTTP_GET_URL, SSL_GET, SSL_GET_URL
from kalint.version import Version

_LENIENT = "ignores the line"

_SMTP_CHECK = (
    Keyword("helo_name", "name:word", "smtpchecker.keepalived.org", missing=_LENIENT),
    Keyword("connect_ip", "ip", "the real server's address", first=Version(1, 2, 17)),
    Keyword("connect_port", "int(1..65535)", "the real server's port", first=Version(1, 2, 17)),
    Keyword("bindto", "ip", first=Version(1, 2, 17)),
    Keyword("bind_port", "int(1..65535)", first=Version(1, 2, 17)),
    Keyword("bind_if", "interface", first=Version(1, 3, 7)),
    Keyword(
        "connect_timeout",
        "decimal(0.000001..4294.967295s)",
        "the value of the real server",
        earlier=((Version(2, 0, 12), "int(1..4294s)"),),
    ),
    Keyword("fwmark", "int(0..4294967295)", first=Version(1, 2, 17)),
    Keyword("retry", "int(0..4294967295)", "the value of the real server"),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "the value of the real server",
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword("warmup", "decimal(0..s)", "the value of the real server", earlier=((Version(2, 0, 12), "int(0..s)"),)),
    Keyword(
        "delay_loop",
        "decimal(0.000001..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(1..s)"),),
    ),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 0, 11)),
    Keyword("host", block="host", repeated="all", deprecated="another SMTP_CHECK", deprecated_from=Version(1, 2, 17)),
)

_DNS_CHECK = (
    Keyword("connect_ip", "ip", "the real server's address", first=Version(1, 3, 0)),
    Keyword("connect_port", "int(1..65535)", "the real server's port", first=Version(1, 3, 0)),
    Keyword("bindto", "ip", first=Version(1, 3, 0)),
    Keyword("bind_port", "int(1..65535)", first=Version(1, 3, 0)),
    Keyword("bind_if", "interface", first=Version(1, 3, 7)),
    Keyword(
        "connect_timeout",
        "decimal(0.000001..4294.967295s)",
        "the value of the real server",
        first=Version(1, 3, 0),
        earlier=((Version(2, 0, 12), "int(1..4294s)"),),
    ),
    Keyword("fwmark", "int(0..4294967295)", first=Version(1, 3, 0)),
    Keyword("retry", "int(0..4294967295)", "the value of the real server", first=Version(1, 3, 0)),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword(
        "warmup",
        "decimal(0..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword(
        "delay_loop",
        "decimal(0.000001..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(1..s)"),),
    ),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 0, 11)),
    Keyword("type", "(A|NS|CNAME|SOA|MX|TXT|AAAA|RRSIG|DNSKEY)", "SOA", first=Version(1, 3, 0)),
    Keyword("name", "name:options(lookup)", ".", first=Version(1, 3, 0), repeated="first"),
)

_MISC_CHECK = (
    Keyword("retry", "int(0..4294967295)", "the value of the real server", first=Version(1, 3, 7)),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword("warmup", "decimal(0..s)", "the value of the real server", earlier=((Version(2, 0, 12), "int(0..s)"),)),
    Keyword(
        "delay_loop",
        "decimal(0.000001..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(1..s)"),),
    ),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 0, 11)),
    Keyword("misc_path", "command", missing="drops the checker"),
    Keyword("misc_timeout", "int(0..4294s)", "the delay_loop"),
    Keyword("misc_dynamic"),
    Keyword("user", "user [group]", "script_user of global_defs", first=Version(1, 3, 0), missing=_LENIENT),
)

_BFD_CHECK = (
    Keyword("name", "name:word", first=Version(2, 0, 0), repeated="first", missing=_LENIENT),
    Keyword("alpha", "[bool]", "no", first=Version(2, 0, 0)),
)

_UDP_CHECK = (
    Keyword("connect_ip", "ip", "the real server's address", first=Version(2, 1, 0)),
    Keyword("connect_port", "int(1..65535)", "the real server's port", first=Version(2, 1, 0)),
    Keyword("bindto", "ip", first=Version(2, 1, 0)),
    Keyword("bind_port", "int(1..65535)", first=Version(2, 1, 0)),
    Keyword("bind_if", "interface", first=Version(2, 1, 0)),
    Keyword(
        "connect_timeout", "decimal(0.000001..4294.967295s)", "the value of the real server", first=Version(2, 1, 0)
    ),
    Keyword("fwmark", "int(0..4294967295)", first=Version(2, 1, 0)),
    Keyword("retry", "int(0..4294967295)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("delay_before_retry", "decimal(0..s)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("warmup", "decimal(0..s)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("delay_loop", "decimal(0.000001..s)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 1, 0)),
    Keyword("payload", "hex...", "random bytes", first=Version(2, 2, 0), missing=_LENIENT),
    Keyword("require_reply", "[masked...]", first=Version(2, 1, 0)),
    Keyword("min_reply_length", "int(0..65535)", "0", first=Version(2, 2, 0)),
    Keyword("max_reply_length", "int(0..65535)", "255", first=Version(2, 2, 0)),
)

_FILE_CHECK = (
    Keyword("track_file", "name:word", first=Version(2, 1, 0)),
    Keyword(
        "weight",
        "int(-2147483647..2147483647) [(reverse|noreverse)]",
        "the value of the track_file",
        first=Version(2, 1, 0),
        missing=_LENIENT,
    ),
)

_TCP_CHECK = (
    Keyword("connect_ip", "ip", "the real server's address"),
    Keyword("connect_port", "int(1..65535)", "the real server's port"),
    Keyword("bindto", "ip"),
    Keyword("bind_port", "int(1..65535)"),
    Keyword("bind_if", "interface", first=Version(1, 3, 7)),
    Keyword(
        "connect_timeout",
        "decimal(0.000001..4294.967295s)",
        "the value of the real server",
        earlier=((Version(2, 0, 12), "int(1..4294s)"),),
    ),
    Keyword("fwmark", "int(0..4294967295)"),
    Keyword("retry", "int(0..4294967295)", "the value of the real server", first=Version(1, 2, 20)),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "the value of the real server",
        first=Version(1, 2, 20),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword("warmup", "decimal(0..s)", "the value of the real server", earlier=((Version(2, 0, 12), "int(0..s)"),)),
    Keyword(
        "delay_loop",
        "decimal(0.000001..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(1..s)"),),
    ),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 0, 11)),
)

_PING_CHECK = (
    Keyword("connect_ip", "ip", "the real server's address", first=Version(2, 1, 0)),
    Keyword("connect_port", "int(1..65535)", "the real server's port", first=Version(2, 1, 0)),
    Keyword("bindto", "ip", first=Version(2, 1, 0)),
    Keyword("bind_port", "int(1..65535)", first=Version(2, 1, 0)),
    Keyword("bind_if", "interface", first=Version(2, 1, 0)),
    Keyword(
        "connect_timeout", "decimal(0.000001..4294.967295s)", "the value of the real server", first=Version(2, 1, 0)
    ),
    Keyword("fwmark", "int(0..4294967295)", first=Version(2, 1, 0)),
    Keyword("retry", "int(0..4294967295)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("delay_before_retry", "decimal(0..s)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("warmup", "decimal(0..s)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("delay_loop", "decimal(0.000001..s)", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(2, 1, 0)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 1, 0)),
)

_HOST = (
    Keyword("connect_ip", "ip", "the real server's address"),
    Keyword("connect_port", "int(1..65535)", "the real server's port"),
    Keyword("bindto", "ip"),
    Keyword("bind_port", "int(1..65535)"),
    Keyword("bind_if", "interface", first=Version(1, 3, 7)),
    Keyword(
        "connect_timeout",
        "decimal(0.000001..4294.967295s)",
        "the value of the real server",
        earlier=((Version(2, 0, 12), "int(1..4294s)"),),
    ),
    Keyword("fwmark", "int(0..4294967295)"),
    Keyword("retry", "int(0..4294967295)", "the value of the real server", first=Version(1, 3, 7)),
    Keyword(
        "delay_before_retry",
        "decimal(0..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword(
        "warmup",
        "decimal(0..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(0..s)"),),
    ),
    Keyword(
        "delay_loop",
        "decimal(0.000001..s)",
        "the value of the real server",
        first=Version(1, 3, 7),
        earlier=((Version(2, 0, 12), "int(1..s)"),),
    ),
    Keyword("alpha", "[bool]", "the value of the real server", first=Version(1, 3, 7)),
    Keyword("log_all_failures", "[bool]", "checker_log_all_failures of global_defs", first=Version(2, 0, 11)),
)

_SOURCE = "check/check_api.c and the check/check_*.c of each checker; keepalived.conf.5 of 2.4.3"

TABLE: dict[str, tuple[Keyword, ...]] = {
    "SMTP_CHECK": _SMTP_CHECK,
    "DNS_CHECK": _DNS_CHECK,
    "MISC_CHECK": _MISC_CHECK,
    "BFD_CHECK": _BFD_CHECK,
    "UDP_CHECK": _UDP_CHECK,
    "FILE_CHECK": _FILE_CHECK,
    "TCP_CHECK": _TCP_CHECK,
    "PING_CHECK": _PING_CHECK,
    "host": _HOST,
    "HTTP_GET": HTTP_GET,
    "SSL_GET": SSL_GET,
    "HTTP_GET url": HTTP_GET_URL,
    "SSL_GET url": SSL_GET_URL,
}

SOURCES = dict.fromkeys(TABLE, _SOURCE)
