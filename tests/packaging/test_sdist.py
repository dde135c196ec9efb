"""The source distribution: it is the checkout, and whoever builds it gets the same bytes.

That its own tests pass, unpacked and in a fresh environment, is tried by .ci/run with the oldest and the newest Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

MADE = {"PKG-INFO", "setup.cfg"}
"""What setuptools adds at the top, beside kalint.egg-info; it writes setup.cfg anew."""


def built(checkout: Path, folder: Path, umask: int, **environment: str) -> Path:
    """The source distribution, built by somebody with this umask."""
    command = [sys.executable, "-m", "build", "--sdist", "-o", str(folder), str(checkout)]
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, umask=umask, env=os.environ | environment
    )
    assert result.returncode == 0, result.stdout + result.stderr
    (archive,) = folder.glob("*.tar.gz")
    return archive


def test_sdist_is_the_checkout_and_reproducible(checkout: Path, tmp_path: Path) -> None:
    """Two builds, with another place, file times, rights and umask, are equal byte by byte, and hold every file."""
    first = built(checkout, tmp_path / "first", 0o022, SOURCE_DATE_EPOCH="1700000000")
    wanted = {str(path.relative_to(checkout)) for path in checkout.rglob("*") if path.is_file()}
    elsewhere = shutil.copytree(checkout, tmp_path / "elsewhere")
    for path in elsewhere.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1_000_000_000))
            path.chmod(path.stat().st_mode & 0o700)
    second = built(elsewhere, tmp_path / "second", 0o077, SOURCE_DATE_EPOCH="1700000000")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        members = archive.getmembers()
    top = first.name.removesuffix(".tar.gz")
    held = {member.name.removeprefix(f"{top}/") for member in members if member.isfile()}
    wanted = {name for name in wanted if not name.startswith("kalint.egg-info/")}
    assert {name for name in held if not name.startswith("kalint.egg-info/")} == wanted | MADE
    assert {(member.mtime, member.uid, member.uname) for member in members} == {(1_700_000_000, 0, "root")}
