"""Keywords of HTTP_GET and SSL_GET, and of their url blocks: see `kalint.model.keywords.checkers`."""

from __future__ import annotations

from kalint.model.keywords import Keyword
from kalint.version import COMING, Version

_LENIENT = "ignores the line"

_REGEX = (
    "(allow_empty_class|alt_bsux|auto_callout|caseless|dollar_endonly|dotall|dupnames|extended|firstline"
    "|match_unset_backref|multiline|never_ucp|never_utf|no_auto_capture|no_auto_possess|no_dotstar_anchor"
    "|no_start_optimize|ucp|ungreedy|utf|never_backslash_c|alt_circumflex|alt_verbnames|use_offset_limit)..."
)

HTTP_GET = (
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
    Keyword("nb_get_retry", "int(0..4294967295)", deprecated="retry", deprecated_from=Version(1, 3, 7)),
    Keyword("virtualhost", "name:word", "the real server's", first=Version(1, 3, 6), missing=_LENIENT),
    Keyword("http_protocol", "(1.0|1.1|1.0C|1.0c)", "1.0", first=Version(2, 0, 17), missing=_LENIENT),
    Keyword("enable_sni", "[bool]", "no", first=Version(1, 4, 3)),
    Keyword(
        "sni_name",
        "[name:word]",
        "the virtualhost",
        first=COMING,
        note="it turns enable_sni on",
        source="check/check_http.c, commit 68712b97",
    ),
    Keyword("fast_recovery", "[bool]", "no", first=Version(2, 0, 17)),
    Keyword("url", block="HTTP_GET url", repeated="all"),
)

SSL_GET = (
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
    Keyword("nb_get_retry", "int(0..4294967295)", deprecated="retry", deprecated_from=Version(1, 3, 7)),
    Keyword("virtualhost", "name:word", "the real server's", first=Version(1, 3, 6), missing=_LENIENT),
    Keyword("http_protocol", "(1.0|1.1|1.0C|1.0c)", "1.0", first=Version(2, 0, 17), missing=_LENIENT),
    Keyword("enable_sni", "[bool]", "no", first=Version(1, 4, 3)),
    Keyword(
        "sni_name",
        "[name:word]",
        "the virtualhost",
        first=COMING,
        note="it turns enable_sni on",
        source="check/check_http.c, commit 68712b97",
    ),
    Keyword("fast_recovery", "[bool]", "no", first=Version(2, 0, 17)),
    Keyword("tls_compliant", "[bool]", "no", first=Version(2, 2, 8)),
    Keyword("url", block="SSL_GET url", repeated="all"),
)

HTTP_GET_URL = (
    Keyword("path", "path"),
    Keyword("digest", "md5", repeated="first", note="as genhash prints it"),
    Keyword(
        "status_code",
        "codes(100..599)...",
        "200-299",
        repeated="all",
        missing=_LENIENT,
        earlier=((Version(2, 0, 16), "int(100..999)"),),
    ),
    Keyword("virtualhost", "name:word", "the value of the checker", first=Version(1, 3, 6), missing=_LENIENT),
    Keyword("regex", "command", first=Version(2, 0, 7), note="parsed as a shell would", missing=_LENIENT),
    Keyword("regex_no_match", first=Version(2, 0, 7)),
    Keyword(
        "regex_options",
        _REGEX,
        first=Version(2, 0, 7),
        repeated="all",
        missing=_LENIENT,
        otherwise="ignores it",
        note="options of PCRE2",
    ),
    Keyword("regex_min_offset", "int(0..)", "0", first=Version(2, 0, 7), missing=_LENIENT),
    Keyword("regex_max_offset", "int(0..)", first=Version(2, 0, 7), missing=_LENIENT),
    Keyword("regex_stack", "start:int(0..) most:int(0..)", first=Version(2, 0, 7), missing=_LENIENT),
)

SSL_GET_URL = (
    Keyword("path", "path"),
    Keyword("digest", "md5", repeated="first", note="as genhash prints it"),
    Keyword(
        "status_code",
        "codes(100..599)...",
        "200-299",
        repeated="all",
        missing=_LENIENT,
        earlier=((Version(2, 0, 16), "int(100..999)"),),
    ),
    Keyword("virtualhost", "name:word", "the value of the checker", first=Version(1, 3, 6), missing=_LENIENT),
    Keyword("regex", "command", first=Version(2, 0, 7), note="parsed as a shell would", missing=_LENIENT),
    Keyword("regex_no_match", first=Version(2, 0, 7)),
    Keyword(
        "regex_options",
        _REGEX,
        first=Version(2, 0, 7),
        repeated="all",
        missing=_LENIENT,
        otherwise="ignores it",
        note="options of PCRE2",
    ),
    Keyword("regex_min_offset", "int(0..)", "0", first=Version(2, 0, 7), missing=_LENIENT),
    Keyword("regex_max_offset", "int(0..)", first=Version(2, 0, 7), missing=_LENIENT),
    Keyword("regex_stack", "start:int(0..) most:int(0..)", first=Version(2, 0, 7), missing=_LENIENT),
    Keyword("tls_compliant", "[bool]", "no", first=Version(2, 2, 8)),
)
