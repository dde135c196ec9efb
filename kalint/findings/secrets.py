"""What must never be shown: passwords and keys, wherever the file has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SECRET = re.compile(r"\bauth_pass\b|^\s*(?:@\S*\s+)?key(?:\s+[0-9]+\s|(?=\s+\S+\s+\S))")
_USED = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_DEFINED = re.compile(r"^\s*\$([A-Za-z_][A-Za-z0-9_]*)\s*=")
_NAMED = re.compile(r"pass|secret|pwd|key", re.IGNORECASE)


def holds_secret(line: str) -> bool:
    """Whether a line gives a password or a key (auth_pass, or `key ID VALUE` of auth_hmac, also mixed up)."""
    return _SECRET.search(line) is not None


def secret_names(files: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The $definitions that passwords and keys are made of."""
    told = (line for lines in files.values() for line in lines if holds_secret(line))
    return frozenset(name for line in told for name in _USED.findall(line))


def masked(lines: list[str], index: int, names: frozenset[str]) -> str:
    """A line with a star for each character of what must not be seen."""
    line = lines[index]
    found = _SECRET.search(line)
    start = found.end() if found else _value_start(lines, index, names)
    if found and "~LST" in line:
        start = 0
    return line[:start] + re.sub(r"\S", "*", line[start:])


def _value_start(lines: list[str], index: int, names: frozenset[str]) -> int:
    """Where the value of a secret definition begins in a line; its length where there is none."""
    first = index
    while first and lines[first - 1].rstrip().endswith("\\"):
        first -= 1
    defined = _DEFINED.match(lines[first])
    if defined is None or not (defined.group(1) in names or _NAMED.search(defined.group(1))):
        return len(lines[index])
    return defined.end() if first == index else 0
