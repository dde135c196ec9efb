"""A new keepalived release breaks only what is about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ABOUT_IT = "not stale and not fresh and not present_profiles and not own_interface and not own-interface"
"""Generated pages name the newest release; what the imaginary one changes is about the own interface."""
CONFIGURATION = """vrrp_instance web {
    interface eth0
    virtual_router_id 17
    priority 100
    track_interface {
        eth0 weight 20
    }
    virtual_ipaddress {
        192.0.2.9/24
    }
}
"""
PROGRAM = """
import json, sys
import imaginary_release
from kalint import api
found = [api.priorities(sys.argv[1], keepalived_version=release) for release in (None, "2.5.0", "2.4.3")]
print(json.dumps([each.instances[0].maximum for each in found]))
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parent}"},
    )


def test_a_profile_is_all_that_a_release_needs(tmp_path: Path) -> None:
    """The new release reads the file in its own way, and is the newest; the one before it stays as it was."""
    (tmp_path / "a.conf").write_text(CONFIGURATION)
    done = run("-c", PROGRAM, str(tmp_path / "a.conf"))
    assert done.stderr == ""
    assert json.loads(done.stdout) == [120, 120, 100]


@pytest.mark.long
def test_other_tests_do_not_notice() -> None:
    """The tests of commands, meanings and reports pass, but for those about generated pages and the change."""
    rooms = [f"tests/{room}" for room in ("cli", "semantics", "report", "analysis/reach", "analysis/timing")]
    done = run(
        "-m", "pytest", "-q", "-x", "-p", "imaginary_release", "-p", "no:cacheprovider",
        "-m", "not daemon and not long and not house", "-k", ABOUT_IT, *rooms,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
