"""keepalived's releases."""

from __future__ import annotations

from typing import NamedTuple

from kalint.errors import UsageError


class Version(NamedTuple):
    """A keepalived release, such as 2.2.7; compares in order of release."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


OLDEST = Version(1, 2, 13)
NEWEST = Version(2, 4, 3)
COMING = Version(2, 4, 4)
"""Stands for the release after NEWEST: what upstream's newest commit has and no release has yet."""


_LAST = ((1, 2, 24), (1, 3, 9), (1, 4, 5), (2, 0, 20), (2, 1, 5), (2, 2, 8), (2, 3, 4), (2, 4, 3))
"""The last release of each series, each of which has all patches from 0 on.

Source: the tags of github.com/acassen/keepalived, July 2026.
"""


_ALIKE = 0.75
"""How like a system's name a word must be that does not begin as one: two letters have changed places."""


def releases() -> tuple[Version, ...]:
    """Every release that kalint knows, from OLDEST on."""
    every = (Version(major, minor, each) for major, minor, last in _LAST for each in range(last + 1))
    return tuple(sorted({*(version for version in every if version >= OLDEST), NEWEST, COMING}))


def parse_version(text: str) -> Version:
    """Read `2.2.7`, `2.2` (patch 0), or a system such as `debian-12`. A release newer than all known is NEWEST.

    Raises:
        UsageError: the text is no release, one that never was, or one that is older than 1.2.13.
    """
    version = named_version(text)
    return NEWEST if version > COMING else version


def named_version(text: str) -> Version:
    """As `parse_version`, but a release that is newer than all known stays itself.

    Raises:
        UsageError: the text is no release, one that never was, or one that is older than 1.2.13.
    """
    numbers = text.strip().lstrip("v").split(".")
    if not 2 <= len(numbers) <= 3 or not all(number.isascii() and number.isdigit() for number in numbers):
        return _of_system(text)
    version = Version(*(int(number[:9]) for number in (*numbers, "0")[:3]))
    if version < OLDEST:
        raise UsageError(f"keepalived {version} is older than {OLDEST}, the oldest release that kalint knows")
    every = releases()
    if version <= COMING and version not in every:
        below = max(each for each in every if each < version)
        above = min(each for each in every if each > version)
        raise UsageError(f"keepalived {version} was never released; the nearest releases are {below} and {above}")
    return version


def too_new(version: Version) -> str:
    """What is said of a release that is newer than all known ones."""
    return f"keepalived {version} is newer than {NEWEST}, the newest release that kalint knows: read as {NEWEST}"


def _of_system(text: str) -> Version:
    from kalint.systems import CODENAMES, SYSTEMS, families, nearest, version_of

    version = version_of(text)
    if version is not None:
        return named_version(version)
    import difflib

    word = text.strip().lower()
    near = nearest(word)
    if near:
        which = f"nearest is {near[0]}" if len(near) == 1 else f"nearest are {near[0]} and {near[1]}"
        raise UsageError(f"kalint does not know the release of '{text}'; the {which} ('kalint releases' lists all)")
    known = word.partition("-")[0] in families()
    named = next((f"{family}-{word}" for family, names in CODENAMES.items() if word in names), None)
    close = difflib.get_close_matches(word, [system.name for system in SYSTEMS], 1, 0.5 if known else _ALIKE)
    guess = named or next(iter(close), None)
    meant = f"; did you mean '{guess}'?" if guess else ""
    if not known:
        meant = meant or f"; write it as {NEWEST} or debian-12"
        raise UsageError(f"'{text}' is not a keepalived release{meant} ('kalint releases' lists them)")
    raise UsageError(f"'{text}' is not a system whose release kalint knows{meant} ('kalint releases' lists them)")
