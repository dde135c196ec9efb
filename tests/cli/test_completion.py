"""`kalint completion`: what a shell gets, and what it completes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])


def completed(words: str, cwd: Path) -> list[str]:
    """What bash is given for a command line whose last word is being completed: the values, without their types."""
    environment = {
        **os.environ,
        "_KALINT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "PYTHONPATH": ROOT,
    }
    result = subprocess.run(
        [sys.executable, "-m", "kalint"], env=environment, cwd=cwd, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in result.stdout.splitlines() if line]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration, one in a folder of its own, and a hidden file."""
    (tmp_path / "lb1.conf").touch()
    (tmp_path / ".hidden").touch()
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "lb2.conf").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kalint prio", ["priorities"]),
        ("kalint compl", ["completion"]),
        ("kalint explain ka80", [f"KA80{number}" for number in range(1, 10)]),
        ("kalint explain --keyword virtual_ro", ["virtual_router_id", "virtual_routes"]),
        ("kalint cluster a=l", ["a=lb1.conf"]),
        ("kalint cluster ", ["etc/", "lb1.conf"]),
        ("kalint cluster etc/", ["etc/lb2.conf"]),
        ("kalint cluster none/", []),
        ("kalint check --format j", ["json"]),
    ],
)
def test_words(words: str, expected: list[str], folder: Path) -> None:
    """Commands, codes, keywords, choices, and files also after a node's name."""
    found = completed(words, folder)
    assert set(expected) <= set(found) if words.startswith(("kalint explain", "kalint check")) else found == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kalint cluster ", ["web", "etc/", "kalint.toml", "lb1.conf"]),
        ("kalint cluster w", ["web"]),
        ("kalint cluster --cluster-name ", ["web"]),
    ],
)
def test_clusters_of_the_settings(words: str, expected: list[str], folder: Path) -> None:
    """Their names come before the files; settings that cannot be read are none."""
    nodes = '[clusters.web.nodes.a]\nfile = "lb1.conf"\n[clusters.web.nodes.b]\nfile = "etc/lb2.conf"\n'
    (folder / "kalint.toml").write_text(nodes)
    assert completed(words, folder) == expected
    (folder / "kalint.toml").write_text("[")
    assert completed("kalint cluster --cluster-name ", folder) == []


def test_files_are_left_to_the_shell() -> None:
    """Of a plain FILE the shell is told that it is a file: it knows best how to complete one."""
    environment = {
        **os.environ,
        "_KALINT_COMPLETE": "bash_complete",
        "COMP_WORDS": "kalint show l",
        "COMP_CWORD": "2",
    }
    result = subprocess.run([sys.executable, "-m", "kalint"], env=environment, capture_output=True, text=True)
    assert result.stdout.splitlines() == ["file,l"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_are_valid(shell: str, tmp_path: Path) -> None:
    """The shell itself reads its script without complaint, where it is installed; the script names our variable."""
    result = subprocess.run(
        [sys.executable, "-m", "kalint", "completion", shell], capture_output=True, text=True, check=True
    )
    assert f"_KALINT_COMPLETE={shell}_complete" in result.stdout
    if shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(result.stdout)
        assert subprocess.run([shell, "-n", str(script)], capture_output=True).returncode == 0
