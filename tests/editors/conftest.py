"""Real editors, with a home of their own and this tree's kalint on their path."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

EDITORS = Path(__file__).parents[2] / "editors"
MISTAKE = """vrrp_script chk {
    script "/usr/bin/check"
    weight 30
}
vrrp_instance VI_1 {
    interfase eth0  # 检😀
    virtual_router_id 7
    priority 90
    virtual_ipaddress {
        10.0.0.1/24
    }
    track_script {
        chk
    }
}
"""


def missing(what: str) -> NoReturn:
    """Skip a test, or fail it where KALINT_REQUIRE_DAEMON=1 asks for all there is."""
    if os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but {what} is not installed")
    pytest.skip(f"needs {what}")


@pytest.fixture
def need() -> Callable[[str], NoReturn]:
    """Say what a test lacks."""
    return missing


@pytest.fixture
def program() -> Callable[[str], str]:
    """An editor's program, if it is there."""

    def found(name: str) -> str:
        path = shutil.which(name)
        return path if path is not None else missing(name)

    return found


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has nothing but kalint."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    command = binaries / "kalint"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{EDITORS.parent}" exec "{sys.executable}" -m kalint "$@"\n')
    command.chmod(0o755)
    folder = tmp_path / "home"
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "VIM"))}
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return {**environment, "HOME": str(folder), "PATH": path, "LC_ALL": "C.UTF-8"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a misspelt keyword, in a folder as on a server."""
    folder = tmp_path / "etc" / "keepalived"
    folder.mkdir(parents=True)
    path = folder / "keepalived.conf"
    path.write_text(MISTAKE)
    return path
