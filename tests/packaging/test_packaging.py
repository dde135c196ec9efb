"""kalint works however it is installed: from a wheel, editable, from a zip of the checkout, and without an install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "owner" / "keepalived.conf"

pytestmark = pytest.mark.packaging


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the checkout builds."""
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "build", "--wheel", "-o", folder, cwd=checkout)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_metadata_is_what_an_index_takes(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    """Wheel and sdist pass twine; the licence is an expression, so no classifier says it; Pythons are those tried."""
    built = run(sys.executable, "-m", "build", "--sdist", "-o", tmp_path, checkout, cwd=checkout)
    assert built.returncode == 0, built.stderr
    (sdist,) = tmp_path.glob("*.tar.gz")
    checked = run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    (name,) = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("METADATA")]
    metadata = message_from_bytes(zipfile.ZipFile(wheel).read(name))
    assert metadata["License-Expression"] == "GPL-2.0-or-later"
    classifiers = metadata.get_all("Classifier", [])
    assert "Typing :: Typed" in classifiers
    assert not [each for each in classifiers if each.startswith("License ::")]
    labels = {each.partition(",")[0] for each in metadata.get_all("Project-URL", [])}
    assert labels == {"Homepage", "Documentation", "Source", "Changelog", "Issues"}
    minors = [each.rpartition(".")[2] for each in classifiers if re.search(r":: 3\.\d+$", each)]
    assert f"\nminors=({' '.join(minors)}) " in (ROOT / ".ci" / "run").read_text()
    assert metadata["Requires-Python"] == f">=3.{minors[0]}"
    links = re.findall(r"\]\(([^)]+)\)|^\[[^]]+\]: (.+)$", metadata.get_payload(), re.MULTILINE)
    addresses = {one or other for one, other in links}
    assert "https://raw.githubusercontent.com/kalint/kalint/main/docs/images/playground.png" in addresses
    assert all(address.startswith("https://") for address in addresses), addresses


def environment(folder: Path, *install: str | Path) -> Path:
    """A fresh virtual environment with kalint installed in it; returns its bin folder."""
    venv.create(folder, with_pip=True)
    result = run(folder / "bin" / "python", "-m", "pip", "install", "-q", *install, cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder / "bin"


def assert_works(scripts: Path, cwd: Path) -> None:
    """The installed command does the main job, and its grammar came along."""
    result = run(scripts / "kalint", "check", EXAMPLE, cwd=cwd)
    assert result.returncode == 1, result.stderr
    assert "KA203" in result.stdout
    table = run(scripts / "kalint", "priorities", EXAMPLE, cwd=cwd)
    assert table.returncode == 0, table.stderr
    assert "255" in table.stdout
    code = "import importlib.resources as r; print(r.files('kalint.grammars').joinpath('keepalived.lark').read_text())"
    assert "start" in run(scripts / "python", "-c", code, cwd=cwd).stdout


def test_wheel(wheel: Path, tmp_path: Path) -> None:
    """A wheel has all that a run needs."""
    assert_works(environment(tmp_path / "env", wheel), tmp_path)


def test_editable(checkout: Path, tmp_path: Path) -> None:
    """An editable install finds the grammar in the checkout."""
    assert_works(environment(tmp_path / "env", "-e", checkout), tmp_path)


def test_the_readme_runs_it_without_an_installation(checkout: Path, tmp_path: Path) -> None:
    """Its lines for pipx and uv, in a checkout, as somebody would today: nothing is on the index yet."""
    lines = re.findall(r"^(?:pipx|uvx) .* FILE$", (checkout / "README.md").read_text(), re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["pipx", "uvx"]
    venv.create(tmp_path / "tools", with_pip=True)
    tools = tmp_path / "tools" / "bin"
    installed = run(tools / "python", "-m", "pip", "install", "-q", "pipx", "uv", cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    folders = {"PIPX_HOME": tmp_path / "pipx", "UV_CACHE_DIR": tmp_path / "uv", "UV_PYTHON": sys.executable}
    for line in lines:
        words = [str(EXAMPLE) if word == "FILE" else word for word in line.split()]
        ran = run(tools / words[0], *words[1:], cwd=checkout, **{name: str(each) for name, each in folders.items()})
        assert ran.returncode == 1, ran.stderr
        assert "KA203" in ran.stdout


def test_zip_of_the_checkout(checkout: Path, tmp_path: Path) -> None:
    """A zip of the checkout, as a forge offers for download, installs."""
    archive = shutil.make_archive(str(tmp_path / "kalint-main"), "zip", checkout.parent, "kalint")
    assert_works(environment(tmp_path / "env", archive), tmp_path)


def test_wheel_holds_every_package(checkout: Path, wheel: Path) -> None:
    """setup.cfg lists the packages by name; none is forgotten."""
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")}
    wanted = {str(path.relative_to(checkout)) for path in (checkout / "kalint").rglob("*.py")}
    assert shipped == wanted | {"kalint/grammars/__init__.py"}


def test_module_runs_from_the_checkout_without_install(checkout: Path) -> None:
    """`python -m kalint` in a checkout checks files; only the dependencies must be there."""
    result = run(sys.executable, "-m", "kalint", "check", EXAMPLE, cwd=checkout)
    assert result.returncode == 1, result.stderr
    assert "KA203" in result.stdout


HOOKS = """repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: kalint
      - id: kalint-cluster
        args: [lb1.conf, lb2.conf]
"""


def test_pre_commit_hooks(checkout: Path, tmp_path: Path) -> None:
    """The real pre-commit installs this tree and stops a commit of a dead weight, in one file or between two."""
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    assert run(*git, "init", "-q", cwd=checkout).returncode == 0
    assert run(*git, "add", "-A", cwd=checkout).returncode == 0
    assert run(*git, "commit", "-q", "-m", "tree", cwd=checkout).returncode == 0
    revision = run(*git, "rev-parse", "HEAD", cwd=checkout).stdout.strip()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run(*git, "init", "-q", cwd=scratch)
    shutil.copy(EXAMPLE, scratch / "keepalived.conf")
    for node in ("lb1.conf", "lb2.conf"):
        shutil.copy(EXAMPLE.parents[1] / "too-small-weight" / node, scratch)
    (scratch / ".pre-commit-config.yaml").write_text(HOOKS.format(repository=checkout, revision=revision))
    run(*git, "add", "-A", cwd=scratch)
    result = run(
        sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never",
        cwd=scratch, PRE_COMMIT_HOME=str(tmp_path / "cache"),
    )  # fmt: skip
    assert result.returncode == 1, result.stdout + result.stderr
    one, cluster = result.stdout.split("kalint cluster", 1)
    assert "keepalived.conf:18:14: error: KA203" in one
    assert "lb1.conf" not in one
    assert "lb1.conf:28:9: error: KA801" in cluster
    assert "lb1: script chk_haproxy ko" in cluster
