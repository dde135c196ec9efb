"""Configurations in a few lines, resolved under a release."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kalint.model.builder import build
from kalint.semantics.resolve import resolve
from kalint.semantics.resolved import Instance, Resolved, Tracker
from kalint.syntax import parse
from kalint.text import read
from kalint.version import NEWEST, parse_version


@pytest.fixture
def resolved() -> Callable[..., Resolved]:
    """What a release (the newest, unless told) makes of a text."""

    def run(text: str, release: str = str(NEWEST)) -> Resolved:
        version = parse_version(release)
        return resolve(build(parse(read("test.conf", text.encode()).lines)[0], version), version)

    return run


@pytest.fixture
def one(resolved: Callable[..., Resolved]) -> Callable[..., Instance]:
    """The instance X with these statements, after these definitions, on eth0 with an address."""

    def run(
        statements: str, definitions: str = "", release: str = str(NEWEST), priority: str = "priority 100"
    ) -> Instance:
        address = "" if "virtual_ipaddress" in statements else "virtual_ipaddress {\n 10.0.0.9\n }"
        body = f"interface eth0\n virtual_router_id 5\n {priority}\n {address}\n {statements}"
        text = f"{definitions}\nvrrp_instance X {{\n {body}\n}}"
        return resolved(text, release).instances[0]

    return run


@pytest.fixture
def tracked(one: Callable[..., Instance]) -> Callable[..., Tracker]:
    """The tracker that one tracking line comes to, the thing being defined with this weight statement."""

    def run(
        kind: str, line: str, weight: str = "", release: str = str(NEWEST), priority: str = "priority 100"
    ) -> Tracker:
        block, first = {
            "script": ("vrrp_script", "script /bin/true"),
            "file": ("vrrp_track_file", "file /run/t"),
            "process": ("vrrp_track_process", "process t"),
            "bfd": ("bfd_instance", "neighbor_ip 10.0.0.2"),
            "interface": ("", ""),
        }[kind]
        definitions = f"{block} t {{\n {first}\n {weight}\n}}" if block else ""
        return one(f"track_{kind} {{\n {line}\n }}", definitions, release, priority).trackers[0]

    return run
