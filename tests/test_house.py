"""The house rules that other programs check: ruff, mypy --strict, import contracts."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "ruff", "format", "--check", "."],
        [sys.executable, "-m", "mypy"],
        [str(SCRIPTS / "lint-imports"), "--config", "setup.cfg"],
    ],
    ids=["ruff", "format", "mypy", "import-linter"],
)
def test_house_rule_holds(command: list[str]) -> None:
    """The checkout has nothing to say to its own linters."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_ci_runs_the_readme_test_command() -> None:
    """.ci/run takes the test command from the README, so the README's is the one that is tried."""
    commands = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("python3 -m venv ")]
    assert [line.split()[3] for line in commands] == [".venv", ".venv-test"]
    assert commands[1].endswith("/pytest -n 4 --dist worksteal")


def test_top_level_is_what_the_design_names() -> None:
    """Nothing lies about at the top of the tree."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    assert {name.split("/")[0] for name in tracked} == {
        ".ci", ".dockerignore", ".gitignore", ".pre-commit-hooks.yaml", "CHANGELOG.md", "CONTRIBUTING.md",
        "Dockerfile", "LICENSE", "MANIFEST.in", "README.md", "action.yml", "benchmarks", "debian", "docs", "editors",
        "examples", "grammars", "kalint", "mkdocs.yml", "playground", "pyproject.toml", "sdist", "setup.cfg",
        "setup.py", "tests",
    }  # fmt: skip
