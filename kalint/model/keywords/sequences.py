"""Statements whose words keepalived reads one by one, in any order: umask, e-mail, VMACs, ranges of virtual servers.

Read in core/global_parser.c, vrrp/vrrp_parser.c and check/check_data.c of 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import digits, packed
from kalint.model.keywords.forms import valid_and_allowed
from kalint.problem import Problem
from kalint.version import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kalint.source import Word

_SKIPS = "skips the line"
_IGNORES = "ignores the line"
_BITS = frozenset(f"I{kind}{whose}" for kind in "RWX" for whose in ("USR", "GRP", "OTH"))
_INCLUDES = ("read", "match", "wildcard_match", "brace_match")
_MAC, _MAC_LENGTHS = Version(2, 2, 5), (5, 6)
"""The first release that takes a MAC address; five octets are completed by the VRID."""
_MAILBOX = r"[^\s<>()\[\],;:@'\"]+(@[^\s<>(),;@'\"]+)?"
_DISPLAYED = Version(2, 3, 0)
"""The first release that takes a name before an address in angle brackets."""
_REVERSED = Version(2, 0, 18)
_NAMED = Version(2, 3, 0)
"""The first release with name, group and netlink_notify_msg."""


def _invalid(word: Word, allowed: str, outcome: str) -> list[Problem]:
    return [Problem("value-invalid", word, word.text, f"{allowed}; keepalived {outcome}")]


def _extra(words: Sequence[Word]) -> list[Problem]:
    text = " ".join(word.text for word in words)
    return [Problem("argument-extra", words[0].line.span(words[0].start, words[-1].end), text)]


def _missing(word: Word, wanted: str, outcome: str) -> list[Problem]:
    return [Problem("argument-missing", word, word.text, f"{wanted}; without it keepalived {outcome}")]


def _is(kind: str, text: str) -> bool:
    valid, _ = valid_and_allowed(kind)
    return valid is None or valid(text)


def _umask(words: Sequence[Word], _version: Version) -> list[Problem]:
    """A number as in C (global_parser.c, umask_handler), or names of bits with `|` between them."""
    first = words[0]
    if first.text[:1].isdigit():
        if len(words) > 1:
            return _invalid(words[1], "part of a number; umask takes one number, or names", _IGNORES)
        digits = first.text[2:] if first.text[:2].lower() == "0x" else first.text
        base = 16 if digits != first.text else 8 if digits[0] == "0" else 10
        valid = not digits.lower().strip("0123456789abcdef"[:base]) and digits and int(digits, base) <= 0o777
        return [] if valid else _invalid(first, "a umask from 0 to 0777", _IGNORES)
    between = False
    for word in words:
        for part in word.text.replace("|", " | ").split():
            if between != (part == "|") or (not between and part not in _BITS):
                return _invalid(word, "a bit of a umask, such as IWGRP | IWOTH", _IGNORES)
            between = not between
    return [] if between else _missing(words[-1], "a bit such as IWOTH after it", _IGNORES)


def _include(words: Sequence[Word], _version: Version) -> list[Problem]:
    """Kinds of checks (lib/parser.c, include_check_set): the first may be set, others are added or taken away."""
    for index, word in enumerate(words):
        if word.text.lstrip("+-") not in _INCLUDES or word.text[:2] in ("+-", "-+", "++", "--"):
            return _invalid(word, f"one of {', '.join(_INCLUDES)}, alone or after + or -", "ignores it")
        if index and word.text[0] not in "+-":
            return _invalid(word, "set: only the first word is; write + or - before it", "ignores it")
    return []


def _emails(words: Sequence[Word], version: Version) -> list[Problem]:
    """Addresses, which keepalived hands on as they are (core/smtp.c, mail_cmd); "Name <address>" from 2.3.0 on."""
    from re import fullmatch

    found = []
    for word in words:
        name, bracket, address = word.text.rpartition("<")
        text = address.removesuffix(">") if bracket and address.endswith(">") and version >= _DISPLAYED else word.text
        if not fullmatch(_MAILBOX, text) or (bracket and "<" in name):
            allowed = "an e-mail address"
            if version >= _DISPLAYED:
                allowed += ' such as admin@example.com or "Admin <admin@example.com>"'
            found += _invalid(word, allowed, "passes it unchanged to the mail server")
    return found


def _vmac(words: Sequence[Word], version: Version) -> list[Problem]:
    """A name and a MAC address (vrrp_parser.c, vrrp_vmac_handler)."""
    read = len(words) if version >= _NAMED else 2 if version >= _MAC else 1
    return _device(words[:read], version, _address_of_vmac) or (_extra(words[read:]) if len(words) > read else [])


def _address_of_vmac(word: Word, version: Version) -> str | None:
    """What a word that is no name is: "" for a good address, None for a name, else what is allowed."""
    if version < _MAC or ":" not in word.text:
        return None
    octets = word.text.removesuffix(":").split(":")
    good = all(0 < len(octet) <= 2 and not octet.lower().strip("0123456789abcdef") for octet in octets)
    if not good or len(octets) not in _MAC_LENGTHS:
        return "a MAC address of six octets, or of five that the VRID completes"
    values = [int(octet, 16) for octet in octets[:5]]
    if values[0] & 1:
        return "a MAC address of one interface: it is a multicast address"
    if values[:4] == [0, 0, 0x5E, 0] and values[4] in (1, 2):
        return "needed: it is the VRRP address that use_vmac takes by itself"
    return ""


def _ipvlan(words: Sequence[Word], version: Version) -> list[Problem]:
    """A name, an address and a type (vrrp_parser.c, vrrp_ipvlan_handler)."""
    return _device(words, version, lambda word, _: "" if _is("ip", word.text) else None, ("bridge", "private", "vepa"))


def _device(
    words: Sequence[Word],
    version: Version,
    address: Callable[[Word, Version], str | None],
    types: tuple[str, ...] = (),
) -> list[Problem]:
    """Each of name, address and type once."""
    seen: set[str] = set()
    index = 0
    while index < len(words):
        word, kind = words[index], "name"
        found = address(word, version)
        if version >= _NAMED and word.text in ("group", "name"):
            index += 1
            if index == len(words):
                return _missing(word, f"a {word.text}", "does not start")
            kind, word = word.text, words[index]
        elif word.text in types:
            kind = "type"
        elif word.text == "netlink_notify_msg" and not types and version >= _NAMED:
            kind = word.text
        elif found is not None:
            kind = "address"
            if found:
                return _invalid(word, found, "ignores it")
        if kind in seen:
            return _invalid(word, f"possible here: the {kind} is given already", "ignores it")
        if kind == "name" and not _is("interface", word.text):
            return _invalid(word, valid_and_allowed("interface")[1], "ignores it, or creates it unchanged")
        seen.add(kind)
        index += 1
    return []


def _server(words: Sequence[Word], _version: Version) -> list[Problem]:
    """The head of a virtual server: `fwmark N`, `group NAME`, or an address and a port (check_data.c, alloc_vs)."""
    kind, rest = words[0].text, words[1:]
    if not rest:
        return _missing(words[0], "a number" if kind == "fwmark" else "a name", "crashes") if kind in _KEYS else []
    outcome = "skips the whole block"
    if kind == "fwmark" and not _is("int(0..4294967295)", rest[0].text):
        return _invalid(rest[0], "a fwmark from 0 to 4294967295", outcome)
    if kind not in _KEYS and not _is("int(0..65535)", rest[0].text):
        return _invalid(rest[0], "a port from 0 to 65535", outcome)
    return _extra(rest[1:]) if rest[1:] else []


_KEYS = ("fwmark", "group")


def _range(words: Sequence[Word], _version: Version) -> list[Problem]:
    """An entry of virtual_server_group: `fwmark N [inet|inet6]`, or an address, a range of them or a network."""
    if words[0].text == "fwmark":
        return _mark(words)
    return _addresses(words[0]) or _port(words[1:])


def _mark(words: Sequence[Word]) -> list[Problem]:
    if len(words) == 1:
        return _missing(words[0], "a number", "does not start")
    if not _is("int(0..4294967295)", words[1].text):
        return _invalid(words[1], "a fwmark from 0 to 4294967295", _SKIPS)
    if len(words) > 2 and words[2].text not in ("inet", "inet6"):
        return _invalid(words[2], "inet or inet6", _SKIPS)
    return _extra(words[3:]) if words[3:] else []


def _port(words: Sequence[Word]) -> list[Problem]:
    if words and not _is("int(0..65535)", words[0].text):
        return _invalid(words[0], "a port from 0 to 65535", _SKIPS)
    return _extra(words[1:]) if words[1:] else []


def _addresses(word: Word) -> list[Problem]:
    first = word.text
    address, slash, length = first.partition("/")
    if slash:
        most = 128 if ":" in address else 32
        if not (length.isascii() and length.isdigit() and 1 <= int(length[:4]) <= most):
            return _invalid(word, f"a network with a length from 1 to {most}", _SKIPS)
        if not _empty_host(address, int(length)):
            return _invalid(word, "a network: it has bits beyond its length", _SKIPS)
        return []
    start, dash, end = first.partition("-")
    if dash and not _ascending(start, end):
        return _invalid(word, "a range that ends after it begins", _SKIPS)
    return []


def _empty_host(address: str, length: int) -> bool:
    bits = packed(address)
    if bits is None:
        return True
    return not int.from_bytes(bits, "big") & ((1 << (len(bits) * 8 - length)) - 1)


def _ascending(start: str, end: str) -> bool:
    """Whether a range such as 10.0.0.4-10, fe80::1-ff or 10.0.0.4-10.0.1.4 grows; what is no address is left alone."""
    first = packed(start)
    if first is None:
        return True
    if ("." if len(first) == 4 else ":") in end:
        last = packed(end)
        return last is not None and len(last) == len(first) and first <= last
    digits, base, tail = (end, 10, first[-1]) if len(first) == 4 else (end, 16, int.from_bytes(first[-2:], "big"))
    try:
        return int(digits, base) > tail
    except ValueError:
        return False


def _extra_interfaces(least: int) -> Callable[[Sequence[Word], Version], list[Problem]]:
    """Seconds, and `all` beside them (vrrp_parser.c, vrrp_garp_extra_if_handler)."""

    def check(words: Sequence[Word], _version: Version) -> list[Problem]:
        times = [word for word in words if word.text != "all"]
        for word in times:
            if not _is(f"int({least}..86400)", word.text):
                return _invalid(word, f"all, or a whole number of seconds from {least} to 86400", _IGNORES)
        return [] if times else _missing(words[-1], f"a time too, a number of seconds from {least} to 86400", _IGNORES)

    return check


def _buffers(words: Sequence[Word], _version: Version) -> list[Problem]:
    """A size in bytes, MTU or ADVERT: one of the three (core/global_parser.c, vrrp_rx_bufs_policy_handler)."""
    first = words[0]
    for word in words:
        policy = word.text.upper()
        if policy not in ("MTU", "ADVERT") and not _is("int(0..4294967295)", word.text):
            return _invalid(word, "MTU, ADVERT or a whole number of bytes from 0 to 4294967295", "ignores it")
        if policy != first.text.upper():
            return _invalid(word, f"possible beside {first.text}: there is one policy", _losing(first, word))
    return []


def _losing(first: Word, second: Word) -> str:
    """What counts of two policies: the size where it stands first, MTU before ADVERT, of two sizes the first."""
    if digits(first.text) or digits(second.text):
        return f"uses {first.text}"
    return "uses MTU"


def _lookup(words: Sequence[Word], version: Version) -> list[Problem]:
    """The name to look up (check/check_dns.c, dns_name_handler)."""
    name = words[0].text
    if version < _LABELS or not name or name == "." or (name[0] != "." and ".." not in name and name[1:2] != "."):
        return []
    if name[0] != "." and ".." not in name:
        allowed = "a name whose second character is not a dot, which it takes for the end of an empty label"
        return [Problem("value-invalid", words[0], name, f"{allowed}; keepalived looks up . instead")]
    return _invalid(words[0], "a name: between two dots, and before the first, there must be a label", "looks up .")


_LABELS = Version(2, 1, 4)
"""The first release that looks at the labels."""


def _group6(words: Sequence[Word], _version: Version) -> list[Problem]:
    """The group of IPv6 adverts (core/global_parser.c, vrrp_mcast_group6_handler)."""
    if not _is("multicast6", words[0].text):
        return _invalid(words[0], valid_and_allowed("multicast6")[1], _IGNORES)
    if _is("multicast-local", words[0].text):
        return []
    outcome = "uses it anyway, and its adverts may leave the link"
    return _invalid(words[0], "a link-local group, such as ff02::12", outcome)


def _weighed(choices: tuple[str, ...], silent: bool) -> Callable[[Sequence[Word], Version], list[Problem]]:
    """The word after `weight N` of a tracked thing (vrrp_track.c, alloc_track_if and its like).

    `silent`: releases before 2.0.18 pass over what they do not know, and the default weight counts.
    """

    def check(words: Sequence[Word], version: Version) -> list[Problem]:
        if version < _REVERSED and silent and len(words) > 1:
            known = 3 if words[1].text == "weight" and len(words) > 2 else 1
            return _extra(words[known:]) if len(words) > known else []
        if version < _REVERSED or len(words) < 4 or words[1].text != "weight" or words[3].text in choices:
            return []
        return _invalid(words[3], " or ".join(choices), "ignores it")

    return check


SEQUENCES: Mapping[str, Callable[[Sequence[Word], Version], list[Problem]]] = {
    "umask": _umask,
    "include": _include,
    "email": _emails,
    "vmac": _vmac,
    "ipvlan": _ipvlan,
    "server": _server,
    "garp": _extra_interfaces(0),
    "garps": _extra_interfaces(1),
    "buffers": _buffers,
    "lookup": _lookup,
    "group6": _group6,
    "range": _range,
    "tracked": _weighed(("reverse",), silent=True),
    "weighed": _weighed(("reverse", "noreverse"), silent=False),
    "weighed-script": _weighed(("reverse", "noreverse"), silent=True),
}
"""By the name in brackets: `options(umask)` in a row's `arguments`."""
