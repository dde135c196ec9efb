"""The forms of `kalint check` that hooks and builds run all day, read without an option parser, which is slow to load.

Whatever is not known here, and every mistake, is left to that: where both read a command line, they read the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from kalint.pipeline.request import CheckRequest
from kalint.report import RENDERERS


def request(words: Sequence[str]) -> CheckRequest | None:
    """What the words after `check` ask for: paths, `--jobs`, `--cache` and `--format`; None for anything else."""
    paths: list[str] = []
    said: dict[str, Any] = {}
    left = iter(words)
    for word in left:
        if not word.startswith("-"):
            paths.append(word)
            continue
        name, equals, value = word.partition("=")
        value = value if equals else next(left, "-")
        if value.startswith("-") or name not in ("--jobs", "--cache", "--format"):
            return None
        known = _value(name, value)
        if known is None:
            return None
        said[name.removeprefix("--")] = known
    return CheckRequest(tuple(paths), **said) if paths else None


def _value(name: str, value: str) -> object:
    if name == "--jobs":
        return int(value) if len(value) < 9 and value.isascii() and value.isdigit() and int(value) else None
    if name == "--format":
        return value if value in RENDERERS["check"] else None
    return value if os.path.isdir(value) and os.access(value, os.R_OK) else None
