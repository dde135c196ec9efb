"""The small language for a keyword's arguments.

A form is one slot for each word, separated by blanks:

    int(1..255)      a whole number; a range may leave out an end, and may end in a unit: decimal(0.01..255s)
    [bool]           true, on, yes, false, off or no; what is in brackets may be left out
    (MASTER|BACKUP)  one of these words; anycase(TCP|UDP) takes small letters too
    name:word        a slot with a name; a word that is no type stands for free text
    email...         one word or more
    int(0..9)/(all)  either

The other types that are checked are ip, ip4, host4 (without a prefix length), multicast, multicast4, multicast6,
multicast-local (link-local if IPv6), server (an address, fwmark or group) and interface. text(31) has at most 31
characters. More are user, group, hex, masked (hex, and `x` for any digit), codes (numbers or ranges of them) and md5.
`secret` marks a value that must not appear in any output, and `command` a line that keepalived parses like a shell.
`options(NAME)` are words with a language of their own, which is in `kalint.model.keywords.languages` or `.sequences`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import DECIMALS, digits, packed
from kalint.version import Version

if TYPE_CHECKING:
    from collections.abc import Callable

BOOLEANS = frozenset({"true", "on", "yes", "false", "off", "no"})
"""The words that lib/utils.c (lib/parser.c from 2.0.0), check_true_false, knows; the case counts."""

_UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "bytes": "bytes"}
_ADDRESSES = {
    "ip": "an IP address",
    "ip4": "an IPv4 address",
    "host4": "an IPv4 address without a prefix length",
    "server": "an IP address, fwmark or group",
    "multicast": "a multicast address",
    "multicast4": "an IPv4 multicast address",
    "multicast6": "an IPv6 multicast address",
    "multicast-local": "a multicast address, a link-local one if it is IPv6",
}
INTERFACE_LENGTH = 15
"""IFNAMSIZ of linux/if.h, without the NUL."""

LINK_LOCAL = 2
"""The scope in the second byte of an IPv6 multicast address (RFC 4291, 2.7)."""

_EXITS = Version(2, 0, 0)
"""The first release that ends where an interface is missing."""
_NO_INTERFACE = frozenset("/:,;'\"")
_PATTERNS = {
    "user": (r"(?!(?i:master|backup|fault|stop|start|up|down|[\d.]+)$)[\w.][\w.@+\\-]*\$?", "the name of a user"),
    "group": (r"[\w.][\w.@+\\ -]*\$?", "the name of a group"),
    "hex": (r"[0-9A-Fa-f]+", "hexadecimal digits"),
    "masked": (r"[0-9A-Fa-fxX]+", "hexadecimal digits, or x for any digit"),
}
"""Types of which a regular expression says enough, and how a person would call them."""


class Slot(NamedTuple):
    """One word of a form; `valid` is None where anything goes, `allowed` says it to a person."""

    label: str
    kind: str
    valid: Callable[[str], bool] | None
    allowed: str
    optional: bool
    many: bool


def valid_and_allowed(kind: str) -> tuple[Callable[[str], bool] | None, str]:
    """The test of a type (None: anything goes), and a person's words for what it allows."""
    slot = slots(kind)[0]
    return slot.valid, slot.allowed


@cache
def slots(form: str) -> tuple[Slot, ...]:
    """The slots of a form."""
    return tuple(_slot(text) for text in form.split())


def _slot(text: str) -> Slot:
    optional = text.startswith("[")
    if optional:
        text = text[1:-1]
    many = text.endswith("...")
    if many:
        text = text[:-3]
    label, colon, kind = text.partition(":")
    if not colon or label.startswith("("):
        label, kind = "", text
    valid, allowed = _type(kind)
    if valid is None:
        noun = label or kind
        allowed = f"an {noun}" if noun[0] in "aeio" else f"a {noun}"
    return Slot(label, kind, valid, allowed, optional, many)


def _type(kind: str) -> tuple[Callable[[str], bool] | None, str]:
    """The test of a type, and the words for what it allows; `int(0..9)/(all)` is one or the other."""
    if ")/" in kind:
        one, _, other = kind.partition(")/")
        (first, either), (second, alternative) = _type(one + ")"), _type(other)
        if first and second:
            return lambda text: first(text) or second(text), f"{either} or {alternative}"
    name, _, rest = kind.partition("(")
    if not name:
        choices = tuple(rest.rstrip(")").split("|"))
        return frozenset(choices).__contains__, _either(choices)
    if name == "codes":
        return _codes(rest.rstrip(")"))
    if name == "md5":
        return lambda text: len(text) == 32 and not text.lower().strip("0123456789abcdef"), "32 hexadecimal digits"
    if name == "anycase":
        choices = tuple(rest.rstrip(")").split("|"))
        return lambda text: text.upper() in choices, _either(choices)
    if name in ("int", "decimal", "text"):
        return _number(name, rest.rstrip(")"))
    if name == "bool":
        return BOOLEANS.__contains__, "true, on, yes, false, off or no"
    if name == "interface":
        return (
            _interface,
            f"an interface name of at most {INTERFACE_LENGTH} characters, without / : , ; or quotes",
        )
    if name in _PATTERNS:
        return _pattern(*_PATTERNS[name])
    if name in _ADDRESSES:
        return _address(name)
    return None, name


def _either(choices: tuple[str, ...]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _number(kind: str, span: str) -> tuple[Callable[[str], bool], str]:
    if kind == "text":
        return lambda text: len(text) <= int(span), f"a name of at most {span} characters"
    lower, _, upper = span.partition("..")
    digits = upper.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = _UNITS.get(upper[len(digits) :], "")
    noun = "a whole number" if kind == "int" else "a number"
    if unit:
        noun = f"{noun} of {unit}"
    if lower and digits:
        noun = f"{noun} from {lower} to {digits}"
    elif lower:
        noun = f"{noun}, {lower} or more"
    if kind == "int":
        return _integer(int(lower) if lower else None, int(digits) if digits else None), noun
    return _decimal(float(lower or 0), float(digits or "inf")), noun


def _integer(low: int | None, high: int | None) -> Callable[[str], bool]:
    """As lib/parser.c, read_int_func and read_unsigned_func, of 2.2.7: base 10, nothing after the digits."""
    signed = low is None or low < 0

    def valid(text: str) -> bool:
        if not digits(text[1:] if text[:1] == "+" or (text[:1] == "-" and signed) else text):
            return False
        value = int(text)
        return (low is None or low <= value) and (high is None or value <= high)

    return valid


def _decimal(low: float, high: float) -> Callable[[str], bool]:
    """As lib/parser.c, read_decimal_unsigned_func, of 2.2.7: digits with at most one point among them."""

    def valid(text: str) -> bool:
        whole, _, fraction = text.removeprefix("+").partition(".")
        if not digits(whole + fraction) or len(fraction) > DECIMALS:
            return False
        return low <= float(text) <= high

    return valid


def _interface(text: str) -> bool:
    """Linux takes no `/` and no `:` in a name (net/core/dev.c, dev_valid_name); quotes and separators are slips."""
    return 0 < len(text) <= INTERFACE_LENGTH and not _NO_INTERFACE.intersection(text)


def alias_of(text: str) -> str:
    """The interface of an alias such as `eth0:1`, which is a label of an address and no interface; "" for others."""
    base, colon, label = text.partition(":")
    return base if colon and label and base and _interface(base) and ":" not in label and base[-1] != "/" else ""


def alias_outcome(text: str, version: Version) -> str:
    """What is said of an alias where an interface belongs (vrrp.c, 2.0.0: a missing interface ends the daemon)."""
    outcome = "does not start" if version >= _EXITS else "finds no such interface"
    return f"an interface but an alias of {alias_of(text)}: keepalived {outcome}"


def _pattern(pattern: str, allowed: str) -> tuple[Callable[[str], bool], str]:
    from re import fullmatch

    return lambda text: fullmatch(pattern, text) is not None, allowed


def _codes(span: str) -> tuple[Callable[[str], bool], str]:
    """As check/check_http.c, status_code_handler: a number, or two with `-` between them."""
    test, noun = _number("int", span)

    def valid(text: str) -> bool:
        first, dash, last = text.partition("-")
        return test(first) and (not dash or (test(last) and int(first) <= int(last)))

    return valid, f"{noun} or a range of them"


def _address(kind: str) -> tuple[Callable[[str], bool], str]:
    """As lib/utils.c, inet_stosockaddr: a mask or the end of a range after the address is not looked at."""

    def valid(text: str) -> bool:
        if kind == "server" and text in ("fwmark", "group"):
            return True
        if kind != "host4":
            text = text.partition("/")[0].partition("-")[0]
        host = packed(text)
        if host is None:
            return False
        first, second = host[:2]
        six = ":" in text
        if kind[-1] in "46" and (kind[-1] == "6") != six:
            return False
        if kind == "multicast-local" and six:
            return first == 255 and second & 0xF == LINK_LOCAL
        return not kind.startswith("multicast") or (first == 255 if six else 224 <= first <= 239)

    return valid, _ADDRESSES[kind]
