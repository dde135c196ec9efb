"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The settings of a machine with the Debian package (/etc/kalint.toml) change no result of a test."""
    nowhere = Path(tmp_path_factory.mktemp("machine")) / "kalint.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kalint.settings.model.SYSTEM", str(nowhere))
        yield
