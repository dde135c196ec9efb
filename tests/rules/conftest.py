"""Run every rule over a configuration, as `kalint check` does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.diagnostic import Diagnostic
from kalint.pipeline import Request, diagnose, load
from kalint.text import Options
from kalint.version import NEWEST, Version, parse_version

RELEASE = re.compile(r"[#!] keepalived-version: (\S+)")

Check = Callable[..., "list[Diagnostic]"]


def release_of(content: bytes) -> Version:
    """The release that the first line of a case selects, else the newest."""
    first = RELEASE.match(content.decode("utf-8", "replace"))
    return parse_version(first.group(1)) if first else NEWEST


@pytest.fixture(scope="session")
def check() -> Check:
    """`check(path)` or `check(path, content)`: every finding of every rule on one configuration of node `node`."""

    def run(path: str | Path, content: bytes | None = None) -> list[Diagnostic]:
        raw = Path(path).read_bytes() if content is None else content
        request = Request(Options(config_id="node"), release_of(raw))
        return diagnose(load(str(path), raw, request), request)

    return run
