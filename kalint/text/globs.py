"""Patterns of file names as glibc's glob reads them with GLOB_BRACE, with a bound on the work.

Source: open_and_check_glob of lib/parser.c, keepalived 2.2.7; glob(3).
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_ALTERNATIVES = 256
"""Patterns that the braces of one pattern may make."""
MAX_ENTRIES = 100_000
"""Directory entries that one pattern may look at."""

_MAGIC = re.compile(r"[*?\[]")


class TooManyError(Exception):
    """A pattern asks for more work than the bounds allow."""


def alternatives(pattern: str) -> list[str]:
    """The patterns that `{a,b}` stands for, from left to right; without its end, a brace is a character.

    Raises:
        TooManyError: more than MAX_ALTERNATIVES of them.
    """
    done: list[str] = []
    waiting = [pattern]
    while waiting:
        if len(done) + len(waiting) > MAX_ALTERNATIVES:
            raise TooManyError(f"{MAX_ALTERNATIVES} alternatives")
        current = waiting.pop()
        parts = _braces(current)
        if parts is None:
            done.append(current)
        else:
            before, choices, after = parts
            waiting.extend(before + choice + after for choice in reversed(choices))
    return done


def _braces(pattern: str) -> tuple[str, list[str], str] | None:
    """What is before, in and after the first braces that have an end."""
    start = pattern.find("{")
    while start >= 0:
        depth = 0
        choices = [""]
        for offset in range(start + 1, len(pattern)):
            character = pattern[offset]
            if character == "}" and depth == 0:
                return pattern[:start], choices, pattern[offset + 1 :]
            depth += (character == "{") - (character == "}")
            if character == "," and depth == 0:
                choices.append("")
            else:
                choices[-1] += character
        start = pattern.find("{", start + 1)
    return None


def has_magic(pattern: str) -> bool:
    """Whether a pattern has wildcards, so that nothing is missing where nothing matches."""
    return _MAGIC.search(pattern) is not None


def fixed_directory(pattern: str) -> str:
    """The directory that every match of a pattern is in or below, "" for the current one."""
    parts = pattern.split("/")
    fixed = 0
    while fixed < len(parts) - 1 and not has_magic(parts[fixed]):
        fixed += 1
    return "/".join(parts[:fixed]) or ("/" if pattern.startswith("/") else "")


def matches(pattern: str, directory: str, listed: Mapping[str, Sequence[str]] = {}) -> list[str]:
    """The paths that match a pattern without braces, in order; relative ones start at `directory`.

    `listed` has the sorted names of all entries of directories that somebody has read already.

    Raises:
        TooManyError: more than MAX_ENTRIES directory entries would have to be looked at.
    """
    budget = MAX_ENTRIES
    found = [directory]
    parts = pattern.split("/")
    if parts[0] == "" and len(parts) > 1:
        found = ["/"]
        parts = parts[1:]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if not has_magic(part):
            found = [os.path.join(path, part) if part else path for path in found]
            found = [path for path in found if (os.path.lexists(path) if last else os.path.isdir(path))]
            continue
        expression = _expression(part)
        deeper: list[str] = []
        for path in found:
            names, budget = _names(path, budget, listed)
            names = [name for name in names if expression.match(name) and (name[0] != "." or part[0] == ".")]
            deeper.extend(os.path.join(path, name) for name in names)
        found = deeper if last else [path for path in deeper if os.path.isdir(path)]
    return found


def _names(path: str, budget: int, listed: Mapping[str, Sequence[str]]) -> tuple[Sequence[str], int]:
    """The sorted entries of a directory, and what is left of the budget."""
    known = listed.get(path)
    if known is not None:
        if len(known) > budget:
            raise TooManyError(f"{MAX_ENTRIES} directory entries")
        return known, budget - len(known)
    names = []
    try:
        with os.scandir(path or ".") as entries:
            for entry in entries:
                budget -= 1
                if budget < 0:
                    raise TooManyError(f"{MAX_ENTRIES} directory entries")
                names.append(entry.name)
    except OSError:
        return [], budget
    return sorted(names), budget


@lru_cache(64)
def _expression(part: str) -> re.Pattern[str]:
    from fnmatch import translate

    return re.compile(translate(part.replace("[^", "[!")))
