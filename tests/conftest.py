"""What holds for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

SLOW = ("daemon", "long", "packaging")
"""Marks of tests of which one may take as long as a thousand others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, each begins with slow files: none is left alone with one when the others have done theirs.

    `--dist worksteal` gives each worker as many tests, in their order, and moves those at the ends of what is left.
    Tests of one file stay together, since many share what is set up once.
    """
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if count == 1:
        return
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    slow = [file for file in files.values() if any(item.get_closest_marker(mark) for item in file for mark in SLOW)]
    shares = [[item for file in slow[first::count] for item in file] for first in range(count)]
    quick = [item for file in files.values() if not any(file is each for each in slow) for item in file]
    for left, share in zip(range(count, 0, -1), shares, strict=True):
        wanted = max(0, (len(quick) + sum(map(len, shares[count - left :]))) // left - len(share))
        share += quick[:wanted]
        del quick[:wanted]
    items[:] = [item for share in shares for item in share]


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The settings of a machine with the Debian package (/etc/kalint.toml) change no result of a test."""
    nowhere = Path(tmp_path_factory.mktemp("machine")) / "kalint.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kalint.settings.model.SYSTEM", str(nowhere))
        yield


@pytest.fixture
def count_calls() -> Callable[[Callable[[], object]], int]:
    """How many functions, generators' steps and built-in functions some work calls: growth without a clock."""

    def counted(work: Callable[[], object]) -> int:
        count = 0

        def noted(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        known = sys.getprofile()
        sys.setprofile(noted)
        try:
            work()
        finally:
            sys.setprofile(known)
        return count

    return counted
