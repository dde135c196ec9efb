"""Numbers and addresses as a file writes them: one function each, which knows any bytes and any digits.

`str.isdigit` takes digits that `int` does not (²), `int` takes underscores and the digits of all scripts, and the
system's address functions fail in ways of their own on bytes that are no UTF-8.
"""

from __future__ import annotations

LONGEST = 20
"""Digits: more are beyond what 64 bits hold, and no number of any keyword."""


def digits(text: str) -> bool:
    """Whether a text is ASCII digits, one to LONGEST of them."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST


def unsigned(text: str) -> int | None:
    """A whole number without a sign; None for anything else."""
    return int(text) if digits(text) else None


def packed(text: str | None) -> bytes | None:
    """The bytes of an address in network order: 4 of an IPv4 address, 16 of an IPv6 one; None for anything else."""
    if text is None:
        return None
    import _socket  # socket itself is slow to load

    try:
        return _socket.inet_pton(_socket.AF_INET6 if ":" in text else _socket.AF_INET, text)
    except (OSError, ValueError):
        return None
