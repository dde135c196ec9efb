"""Numbers and addresses as a file writes them: one function each, which knows any bytes and any digits.

`str.isdigit` accepts digits that `int` does not (²), and `int` accepts underscores and the digits of all scripts. The
system's address functions fail in different ways on bytes that are not UTF-8.
"""

from __future__ import annotations

LONGEST = 20
"""Digits: more are beyond what 64 bits hold, and no number of any keyword."""

BEYOND: int = 10**LONGEST
"""What stands for every number with more digits."""

_MOST_DIGITS = 1023
"""Digits that a line has room for."""

DECIMALS = 6
"""Decimals of a time in seconds (TIMER_HZ_DIGITS of lib/timer.h): more are rounded, with an error."""

_LINK_LOCAL = 0xFE80, 0xFFC0  # fe80::/10 (RFC 4291, section 2.5.6)


def digits(text: str) -> bool:
    """Whether a text is ASCII digits, one to LONGEST of them."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST


def unsigned(text: str) -> int | None:
    """A whole number without a sign; None for anything else."""
    return int(text) if digits(text) else None


def integer(text: str) -> int:
    """A number as C's strtol with base 10 reads it: "20x" is 20, "abc" is 0.

    One with more than LONGEST digits is BEYOND: without a bound, no time could be reckoned with it.
    """
    text = text.lstrip(" \t")
    start = end = 1 if text[:1] in ("-", "+") else 0
    while end < len(text) and text[end] in "0123456789":
        end += 1
    value = min(int(text[start : min(end, start + _MOST_DIGITS)] or 0), BEYOND)
    return -value if text[:1] == "-" else value


def lenient(text: str, least: int, most: int = 0xFFFFFFFF) -> int | None:
    """A number in a range; what stands after its digits is left out, and no digits are 0; None beyond the range.

    Source: lib/parser.c read_int_func and read_unsigned_func with ignore_error, 2.0.7 to 2.4.3: such a number is
    reported, and taken, though `keepalived -t` takes it for none. Before that, atoi read it so.
    """
    value = integer(text)
    return value if least <= value <= most and (least < 0 or text.lstrip(" \t")[:1] != "-") else None


def shrunk(text: str) -> float:
    """The seconds that a time with a tail comes to where it counts in millionths: "5s" is 0.000005, "0.5x" too.

    Source: lib/parser.c read_decimal_unsigned_long_func of 2.2.7, which appends the zeros of the shift after the tail.
    """
    whole, _, fraction = text.partition(".")
    return (lenient(whole + fraction[:DECIMALS], 0, BEYOND - 1) or 0) / 1_000_000


def packed(text: str | None) -> bytes | None:
    """The bytes of an address in network order: 4 of an IPv4 address, 16 of an IPv6 one; None for anything else."""
    if text is None:
        return None
    import _socket  # socket itself is slow to load

    try:
        return _socket.inet_pton(_socket.AF_INET6 if ":" in text else _socket.AF_INET, text)
    except (OSError, ValueError):
        return None


def is_link_local(address: bytes | None) -> bool:
    """Whether it is an IPv6 address that holds on one link only."""
    if address is None or len(address) != 16:
        return False
    prefix, mask = _LINK_LOCAL
    return int.from_bytes(address[:2], "big") & mask == prefix
