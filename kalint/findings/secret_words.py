"""Words that announce a password or a key, or may be meant as one that does, and blocks of which all is secret."""

from __future__ import annotations

import re
from functools import lru_cache

from kalint.findings.commands import FOREIGN
from kalint.spelling import FAR, distance

LETTERS = re.compile(r"[A-Za-z_-]{7,11}")
"""What `near` looks at: as long as auth_pass, or two letters more or less."""
TELLING_NAME = re.compile(r"pass|secret|pwd|key|token|auth|cred|munit|psk|pw(?:_|[0-9]|\Z)", re.IGNORECASE)
"""In the name of a definition or a variable: its value is secret."""

_LONG = (
    "pass?[-_]?wor[dt]|passwd|pass[-_]?phrase|pass[-_]?code|secret|[a-z]{0,8}comm?unit[a-z]{0,8}|credential|auth_?token"
    rf"|api_?key|{FOREIGN}"
)
_BLOCK = re.compile(
    r"au?t?h?en?t[hi]\w*|auth(?!ors?\Z|[-_.]?(?:pa?s|typ))[\w-]*|\w+_auth|hmac(?:_\w+)?|\w+_hmac|\w*hentication",
    re.IGNORECASE,
)
"""Blocks of which all is secret: authentication, auth_hmac, and what may be meant as one of them."""
_MEANT = "authentication", "auth_hmac"
KEYWORD = re.compile(
    r"(?:auth(?![-_.]?(?:ent|hmac|typ|algo))[a-z_.-]*"
    r"|(?:auth|aut|ath|atuh|auht|uth|snmp|smtp|ssl|tls|ldap|user|login|http)[-_.]?pa?s[a-z_-]*"
    rf"|(?:[a-z]*[-_.])?(?:{_LONG})[a-z_-]*|pas?s?w[a-z]*"
    r"|(?:[a-z0-9]+[-_.])*(?:pass|pw|pwd|psk|token|bearer|(?<=[-_.])(?:auth|key))[0-9]{0,3})(?<!active_key)"
    r"(?=[=:;,$\"'%<(\[]|\Z)",
    re.IGNORECASE,
)
"""First words of which the rest of the line is secret; after a separator the secret is glued to the keyword."""
ANYWHERE = re.compile(rf"(?<![\w$])(?:auth?[-_.]?pa?s[a-z_-]{{0,24}}|{_LONG})(?![\w.])", re.IGNORECASE)
"""Words that announce a secret wherever they stand, in comments too."""
REMARKED = re.compile(
    r"(?<![\w$])(?:(?:pw|pwd|psk)(?![\w.])|(?:pass|token|key|auth)[ \t]*(?:=|:(?!//)|[ \t]is(?=[ \t]))"
    r"|pass(?=[ \t]+[^\s]*[0-9])(?=[ \t]+[^\s]*[A-Za-z])|auth_hmac(?![\w.])|auth_type(?=[ \t]+[^\s]+[ \t]))",
    re.IGNORECASE,
)
"""What else announces one in a comment, where `pass` and `key` are words of a language too."""
REVERSED = re.compile(
    r"(?<![\w$])(?=[^\s]{0,64}[0-9])(?=[^\s]{0,64}[A-Za-z])[^\s#!]{4,64}[ \t]+(?:is|was)[ \t]+"
    r"(?:[a-z]{1,16}[ \t]+){0,3}"
    rf"(?:auth?[-_.]?pa?s[a-z_-]{{0,24}}|{_LONG})",
    re.IGNORECASE,
)
"""`k3y is the password`, in a comment."""
KEY = re.compile(
    r"key(?=[ \t]+[0-9]+[ \t]|[ \t]+[^\s{}]+[ \t]+[^\s{}]|[ \t]*[=:]|[ \t]+[^\s{}/.]{4,}[ \t]*\Z)"
    r"(?:[ \t]+[0-9]+(?=[ \t]))?",
    re.IGNORECASE,
)
"""`key 1 X`, and `key X` where X is no file (of SSL)."""
KIND = re.compile(r"auth[-_.]?typ\w*", re.IGNORECASE)

PASS = re.compile(r"au?t?h?[-_.]?pa?s{0,2}", re.IGNORECASE)
PLAIN = re.compile(
    rf"auth(?![-_.]?pa?s)[-_.a-z]{{0,14}}|{PASS.pattern}(?:w[a-z]{{0,4}}|phrase|code|key|[a-z]{{0,2}})"
    r"|active_key|anti_replay|time_window|mode|key|include[rmwba]?",
    re.IGNORECASE,
)
"""First words in a secret block that are keywords, and no secret on a line of its own."""
KEYWORDS = frozenset(
    ("auth_type", "auth_pass", "authentication", "auth_hmac", "PASS", "AH", "key", "active_key", "mode", "ascii", "hex")
)
"""Words that are no secret, wherever they stand."""
NUMBERED = frozenset(("key", "active_key", "time_window"))
TYPE = re.compile(r"[A-Z]{2,4}[0-9]{0,3}|pass|ah|none|md5|sha1|simple|text")
"""What people take for an auth_type."""
HARMLESS = frozenset(
    ("PASS", "AH", "NONE", "ascii", "hex", "enforce", "permissive", "receive-only", "time", "monotonic", "\\")
)
OTHER_BLOCK = re.compile(
    r"vrrp_(?:instance|sync_group|script|track_(?:file|process|bfd))|track_(?:interface|script|file|process|bfd)"
    r"|virtual_(?:ipaddress(?:_excluded)?|routes|rules|server(?:_group)?)|unicast_peer|static_(?:ipaddress|routes|rules)"
    r"|global_defs|bfd_instance|notify(?:_(?:master|backup|fault|stop|deleted|fifo|up|down))?"
)
"""Where a secret block ends that is not closed: no such block stands in it."""
OTHER_LINE = re.compile(
    rf"{OTHER_BLOCK.pattern}|state|interface|(?:virtual_router_|router_)id|priority|advert_int|(?:no)?preempt\w*"
    r"|version|unicast_\w+|garp_\w+|smtp_alert|use_vmac|track_\w+|virtual_\w+|notify\w*"
)
"""What stands in no secret block whose opening brace is missing."""
LONGEST = 64
"""Letters of what may be meant as a keyword."""


def near(name: re.Match[str] | None) -> re.Match[str] | None:
    """The word, if it may be meant as auth_pass."""
    return name if name is not None and _is_pass(name.group().lower()) else None


@lru_cache(1024)
def _is_pass(word: str) -> bool:
    return distance(word, "auth_pass") <= FAR


@lru_cache(1024)
def is_block(word: str) -> bool:
    """Whether a word is the head of a block of which all is secret, or may be meant as one."""
    name = word.strip("\"':=").lower()
    if not len("auth") <= len(name) <= LONGEST or name == "auth_type":
        return False
    return bool(_BLOCK.fullmatch(name)) or any(distance(name, meant) <= FAR for meant in _MEANT)
