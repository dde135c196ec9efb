"""A configuration from its text, through the real reader and parser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kalint.model.builder import build
from kalint.model.config import Config
from kalint.syntax import parse
from kalint.text import read
from kalint.version import parse_version


@pytest.fixture
def config() -> Callable[..., Config]:
    """Build the configuration that a text says; `version` is a release, 2.2.7 where nothing is said."""

    def made(text: str, version: str = "2.2.7") -> Config:
        nodes, _ = parse(read("k.conf", text.encode()).lines)
        return build(nodes, parse_version(version))

    return made
