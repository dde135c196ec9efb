"""What stands after the options of entries: hosts, networks, numbers as C reads them, times of routes.

Read in vrrp_ip_rule_route_parser.c and vrrp_iprule.c of vrrp/ and in lib/rttables.c of 2.0.0 to 2.4.3. A name
instead of a number is the host's own (files in /etc/iproute2), so any name goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import LONGEST, digits, packed
from kalint.model.keywords.forms import valid_and_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 4294967295
"""UINT32_MAX."""
_EVERYWHERE = frozenset({"default", "any", "all", "default6"})
_LONGEST = 120
"""RTT_MAX_MS of vrrp_ip_rule_route_parser.c, in seconds; of a time in eighths or quarters it is that many of them."""


def valid_and_allowed_value(kind: str) -> tuple[Callable[[str], bool] | None, str]:
    """As `valid_and_allowed`, of the types that only options have too."""
    if kind in _TYPES:
        return _TYPES[kind]
    return valid_and_allowed(kind)


def network(text: str) -> bool:
    """Whether it is an address, one with a prefix length, or a word for everywhere."""
    valid, _ = valid_and_allowed("ip")
    return text in _EVERYWHERE or (valid is not None and valid(text) and "-" not in text)


def whole(text: str) -> int | None:
    """What strtoul makes of a number with base 0 (decimal, octal or hexadecimal); None for anything else."""
    figures = text[2:] if text[:2].lower() == "0x" else text
    base = 16 if figures != text else 8 if text[:1] == "0" else 10
    allowed = "0123456789abcdef"[:base]
    return None if not figures or len(figures) > LONGEST or figures.lower().strip(allowed) else int(figures, base)


def _unsigned(text: str) -> bool:
    number = whole(text)
    return number is not None and number <= MOST


def _named(most: int) -> Callable[[str], bool]:
    """As lib/rttables.c, find_entry: a number whose 32 bits are at most `most`, or a name, which the host may know."""

    def valid(text: str) -> bool:
        number = whole(text.removeprefix("-"))
        return number is None or (-number if text[0] == "-" else number) & MOST <= most

    return valid


def _realms(text: str) -> bool:
    return all(part and _named(255)(part) for part in text.split("/", 1))


def _mark(text: str) -> bool:
    first, _, mask = text.partition("/")
    return all(not part or _unsigned(part) for part in (first, mask))


def _time(seconds: int) -> Callable[[str], bool]:
    """As get_time_rtt: whole milliseconds or their parts, or seconds; an s, sec or secs in any case after them."""

    def valid(text: str) -> bool:
        number = text.lower()
        unit = next((unit for unit in ("secs", "sec", "s") if number.endswith(unit)), "")
        number = number.removesuffix(unit)
        most = seconds if unit and not number.endswith("m") else seconds * 1000
        number = number.removesuffix("m") if unit else number
        return digits(number.replace(".", "", 1)) and float(number) <= most

    return valid


def _span(text: str) -> bool:
    first, dash, last = text.partition("-")
    return bool(dash) and digits(first) and digits(last)


def _host(text: str) -> bool:
    return packed(text) is not None


_ACTIONS = frozenset({"goto", "nop", "blackhole", "unreachable", "prohibit"})
_TYPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "host": (_host, "an IP address without a prefix length"),
    "action": (_ACTIONS.__contains__, "goto, nop, blackhole, unreachable or prohibit"),
    "network": (network, "a network, or default"),
    "range": (_span, "a range such as 80-80"),
    "unsigned": (_unsigned, f"a whole number from 0 to {MOST}"),
    "id": (_named(255), "a name, or a whole number from 0 to 255"),
    "ifgroup": (_named(2147483647), "a name, or a whole number from 0 to 2147483647"),
    "realms": (_realms, "a realm, or two with / between them: names, or whole numbers from 0 to 255"),
    "mark": (_mark, "a mark such as 0x10 or 0x10/0xff"),
    **{f"time{parts}": (_time(_LONGEST * parts), "a time such as 200ms or 1s") for parts in (1, 4, 8)},
    "source": (lambda text: ":" in text and network(text), "an IPv6 network: only IPv6 routes have from"),
}
