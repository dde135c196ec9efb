"""What holds for every test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest


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
