"""Run every rule over a configuration, as `kalint check` does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.findings.diagnostic import Diagnostic
from kalint.host import Host
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load
from kalint.text import Options
from kalint.version import NEWEST, Version, parse_version

RELEASE = re.compile(r"[#!] keepalived-version: (\S+)")

Check = Callable[..., "list[Diagnostic]"]


def release_of(content: bytes) -> Version:
    """The release that the first line of a case selects, else the newest."""
    first = RELEASE.match(content.decode("utf-8", "replace"))
    return parse_version(first.group(1)) if first else NEWEST


class SomeHost(Host):
    """The machine of the cases whose first line has --host: what it has is here."""

    executables = frozenset({"/bin/sh", "/usr/local/bin/check", "/home/user/check"})
    files = executables | {"/etc/hosts"}

    def exists(self, path: str) -> bool:
        return path in self.files

    def executable(self, path: str) -> bool:
        return path in self.executables

    def writable(self, path: str) -> str:
        return "/home/user" if path.startswith("/home/user/") else ""

    def interface(self, name: str) -> bool:
        return name in ("lo", "eth0", "eth1")

    def shell(self) -> str:
        return "dash"

    def addresses(self) -> frozenset[tuple[int, bytes]]:
        return frozenset({(4, bytes((127, 0, 0, 1))), (4, bytes((192, 0, 2, 11)))})

    def own_addresses(self) -> frozenset[tuple[int, bytes]]:
        return self.addresses()

    def user(self, name: str) -> bool:
        return name in ("root", "nobody")

    def group(self, name: str) -> bool:
        return name in ("root", "nogroup")


@pytest.fixture(scope="session")
def check() -> Check:
    """`check(path)` or `check(path, content)`: every finding of every rule on one configuration of node `node`."""

    def run(path: str | Path, content: bytes | None = None) -> list[Diagnostic]:
        raw = Path(path).read_bytes() if content is None else content
        host = SomeHost() if b"--host" in raw.partition(b"\n")[0] else None
        request = Request(Options(config_id="node"), release_of(raw), host=host)
        return diagnose(load(str(path), raw, request), request)

    return run
