"""The source distribution: it is the checkout, and whoever builds it gets the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
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
    """Two builds, with other file times, rights and umask, are equal byte by byte, and hold every tracked file."""
    first = built(checkout, tmp_path / "first", 0o022, SOURCE_DATE_EPOCH="1700000000")
    wanted = {str(path.relative_to(checkout)) for path in checkout.rglob("*") if path.is_file()}
    for path in checkout.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1_000_000_000))
            path.chmod(path.stat().st_mode & 0o700)
    second = built(checkout, tmp_path / "second", 0o077, SOURCE_DATE_EPOCH="1700000000")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        members = archive.getmembers()
    top = first.name.removesuffix(".tar.gz")
    held = {member.name.removeprefix(f"{top}/") for member in members if member.isfile()}
    wanted = {name for name in wanted if not name.startswith("kalint.egg-info/")}
    assert {name for name in held if not name.startswith("kalint.egg-info/")} == wanted | MADE
    assert {(member.mtime, member.uid, member.uname) for member in members} == {(1_700_000_000, 0, "root")}


GROUPS = ("text", "syntax", "settings", "findings", "report", "fuzz", "examples", "test_docs.py")
"""Tests that run from the unpacked archive: they read examples, documents, schemas, golden files and small inputs."""


def test_its_own_tests_pass(checkout: Path, tmp_path: Path) -> None:
    """In a fresh environment, where kalint is what the unpacked archive installs; the other packages are lent."""
    archive = built(checkout, tmp_path / "dist", 0o022)
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    venv.create(tmp_path / "environment", with_pip=True)
    python = str(tmp_path / "environment" / "bin" / "python")

    def run(*words: str, cwd: Path = unpacked) -> str:
        # Not the package beside the tests, which Python would prefer (PYTHONSAFEPATH, from 3.11 on).
        own = os.environ | {"PYTHONSAFEPATH": "1"}
        done = subprocess.run(
            [python, *words], cwd=cwd, capture_output=True, text=True, timeout=300, check=False, env=own
        )
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
        return done.stdout

    own = Path(run("-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"))
    (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")  # not the .pth files there: no kalint of theirs
    run("-m", "pip", "install", "-q", "--no-deps", ".")
    where = run("-c", "import kalint; print(kalint.__file__, end='')", cwd=tmp_path)
    assert where == str(own / "kalint" / "__init__.py")
    tests = [f"tests/{group}" for group in GROUPS]
    said = run("-m", "pytest", "-q", "-n", "2", "-m", "not daemon and not packaging and not house and not long", *tests)
    assert int(said.split(" passed")[0].split()[-1]) > 500
