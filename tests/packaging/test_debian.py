"""The Debian package: built from the sdist, lintian has no error, and its kalint works with Debian's own libraries."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import kalint

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]
TOOLS = ("dpkg-buildpackage", "dh", "pybuild", "lintian", "dpkg-deb")
SYSTEM = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
"""A build sees Debian's Python and no other."""


class Package(NamedTuple):
    """The folder with the .deb and what belongs to it, and the package unpacked."""

    folder: Path
    root: Path


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**SYSTEM, **environment},
    )


def missing() -> str:
    """What this machine lacks to build the package, empty: nothing."""
    lacking = [tool for tool in TOOLS if shutil.which(tool, path=SYSTEM["PATH"]) is None]
    if not lacking:
        code = "import build, click, jinja2, lark, scapy, setuptools, tabulate, wcwidth"
        found = subprocess.run(["/usr/bin/python3", "-c", code], capture_output=True, text=True, env=SYSTEM)
        lacking = re.findall(r"No module named '(\w+)'", found.stderr)
    return ", ".join(lacking)


@pytest.fixture(scope="module")
def package(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package as `debuild -us -uc` builds it from what `python -m build --sdist` gives."""
    lacking = missing()
    if lacking and os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but there is no {lacking}")
    if lacking:
        pytest.skip(f"needs {lacking}")
    folder = tmp_path_factory.mktemp("debian")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--sdist", "-o", folder, checkout], capture_output=True, text=True, timeout=300
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (sdist,) = folder.glob("*.tar.gz")
    assert run("tar", "-xzf", sdist, cwd=folder).returncode == 0
    shutil.copy(sdist, folder / f"kalint_{kalint.__version__}.orig.tar.gz")
    result = run("dpkg-buildpackage", "-us", "-uc", cwd=folder / f"kalint-{kalint.__version__}")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    (deb,) = folder.glob("*.deb")
    root = folder / "unpacked"
    assert run("dpkg-deb", "-x", deb, root, cwd=folder).returncode == 0
    return Package(folder, root)


def installed(package: Package, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The package's own command on the unpacked package."""
    libraries = str(package.root / "usr/lib/python3/dist-packages")
    return run(package.root / "usr/bin/kalint", *arguments, cwd=cwd, PYTHONPATH=libraries)


def test_the_changelog_has_this_version() -> None:
    """debian/changelog begins with the release of kalint: dch -v VERSION-1 adds one."""
    first = (ROOT / "debian/changelog").read_text().splitlines()[0]
    assert first.startswith(f"kalint ({kalint.__version__}-")


def test_lintian_finds_no_error(package: Package) -> None:
    """Neither in the source nor in the package."""
    (changes,) = package.folder.glob("*.changes")
    result = run("lintian", "--allow-root", "--fail-on", "error", changes, cwd=package.folder)
    assert result.returncode == 0, result.stdout
    assert "E: " not in result.stdout


def test_it_has_what_an_administrator_looks_for(package: Package) -> None:
    """The man page, completions of three shells, the unit of examples/, settings, pages and examples."""
    root = package.root
    page = gzip.decompress((root / "usr/share/man/man1/kalint.1.gz").read_bytes()).decode()
    assert page == (ROOT / "docs/kalint.1").read_text()
    unit = "kalint-watch.service"
    assert (root / "lib/systemd/system" / unit).read_text() == (ROOT / "examples/watch" / unit).read_text()
    assert "complete" in (root / "usr/share/bash-completion/completions/kalint").read_text()
    assert "#compdef kalint" in (root / "usr/share/zsh/vendor-completions/_kalint").read_text()
    assert "complete " in (root / "usr/share/fish/vendor_completions.d/kalint.fish").read_text()
    documents = root / "usr/share/doc/kalint"
    assert (documents / "docs/settings.md").is_file()
    assert (documents / "examples/two-masters/wire.pcap").is_file()
    control = run("dpkg-deb", "-f", str(next(package.folder.glob("*.deb"))), "Depends", cwd=package.folder).stdout
    wanted = {"click", "jinja2", "lark", "scapy", "tabulate", "wcwidth"}
    assert wanted <= set(re.findall(r"python3-(\w+)", control))


def test_its_kalint_prints_what_the_pages_show(package: Package) -> None:
    """With the libraries of this Debian: the transcripts of README.md, the tables among them."""
    steps = re.findall(r"^```console\n\$ kalint ([^\n]*)\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
    assert len(steps) >= 5
    for line, expected in steps:
        words = line.replace("examples/", str(ROOT / "examples") + "/").split()
        ran = installed(package, *words, cwd=package.folder)
        shown = ran.stdout + ran.stderr + (f"exit {ran.returncode}\n" if ran.returncode else "")
        assert shown.replace(str(ROOT / "examples") + "/", "examples/") == expected


def test_its_settings_are_valid(package: Package, tmp_path: Path) -> None:
    """/etc/kalint.toml says which release this Debian has; kalint reads it."""
    (tmp_path / "keepalived.conf").write_text((ROOT / "examples/owner/keepalived.conf").read_text())
    settings = str(package.root / "etc/kalint.toml")
    ran = installed(package, "settings", "--settings", settings, "keepalived.conf", cwd=tmp_path)
    assert re.search(r"keepalived_version +2\.2\.7 +\S*kalint\.toml:5:1", ran.stdout), ran.stdout + ran.stderr
