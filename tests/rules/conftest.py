"""Run every rule over a configuration, as `kalint check` does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kalint.diagnostic import Diagnostic
from kalint.rules import judge
from kalint.rules.rule import Context
from kalint.version import NEWEST, Version, parse_version

RELEASE = re.compile(r"[#!] keepalived-version: (\S+)")

Check = Callable[..., "list[Diagnostic]"]


def release_of(content: bytes) -> Version:
    """The release that the first line of a case selects, else the newest."""
    first = RELEASE.match(content.decode("utf-8", "replace"))
    return parse_version(first.group(1)) if first else NEWEST


def staged(path: str, content: bytes, version: Version) -> list[Diagnostic]:
    """The layers by hand, as far as they exist."""
    from kalint.syntax import parse
    from kalint.text import read

    text = read(path, content)
    nodes, unbalanced = parse(text.lines)
    found = [*text.problems, *unbalanced]
    resolved: Any = None
    reach: Any = None
    try:
        from kalint.model.builder import build

        config = build(nodes, version)
        found += config.problems
        from kalint.semantics.resolve import resolve

        resolved = resolve(config, version)
        found += resolved.problems
        from kalint.analysis.reach import reach  # type: ignore[attr-defined, no-redef]
    except ImportError:
        pass
    problems: Any = {}
    for problem in found:
        problems.setdefault(problem.kind, []).append(problem)
    return list(judge(Context(resolved, problems, reach, text.files)))


@pytest.fixture(scope="session")
def check() -> Check:
    """`check(path)` or `check(path, content)`: every finding of every rule on one configuration."""

    def run(path: str | Path, content: bytes | None = None) -> list[Diagnostic]:
        raw = Path(path).read_bytes() if content is None else content
        return staged(str(path), raw, release_of(raw))

    return run
