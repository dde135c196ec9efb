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


def parse_version(text: str) -> Version:
    """Read `2.2.7` or `2.2` (patch 0).

    Raises:
        UsageError: the text is no release, or one that is older than 1.2.13.
    """
    numbers = text.strip().lstrip("v").split(".")
    if not 2 <= len(numbers) <= 3 or not all(number.isascii() and number.isdigit() for number in numbers):
        raise UsageError(f"'{text}' is not a keepalived release; write it as {NEWEST}")
    version = Version(int(numbers[0]), int(numbers[1]), int(numbers[2]) if len(numbers) == 3 else 0)
    if version < OLDEST:
        raise UsageError(f"keepalived {version} is older than {OLDEST}, the oldest release that kalint knows")
    return version
