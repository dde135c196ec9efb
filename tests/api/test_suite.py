"""examples/pytest-cluster: the suite for one's own cluster passes, and fails as its page shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "pytest-cluster"


def shown() -> list[tuple[str, str]]:
    """The commands of the page that are not kalint's own, each with what it shows."""
    blocks = re.findall(r"^```console\n(.*?)^```$", (EXAMPLE / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    steps = [part.partition("\n") for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, output) for command, _, output in steps if not command.startswith("kalint ")]


def without_time(text: str) -> str:
    """The summary of pytest without its seconds."""
    return re.sub(r" in \d+\.\d\ds", " in TIME", text)


def test_the_suite_does_what_its_page_shows(tmp_path: Path) -> None:
    """It passes; with a smaller weight, the test of the failover fails and says why."""
    folder = tmp_path / "cluster"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    steps = shown()
    assert [command.split()[0] for command, _ in steps] == ["pytest", "sed", "pytest"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    for name in ("CI", "BUILD_NUMBER"):  # with these pytest cuts no line of its summary
        environment.pop(name, None)
    environment["PYTHONPATH"] = str(ROOT)
    for command, expected in steps:
        line = re.sub(r"^pytest", f"'{sys.executable}' -m pytest -p no:cacheprovider", command)
        result = subprocess.run(
            ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
        )
        assert result.stderr == ""
        assert without_time(result.stdout) == without_time(expected)


def test_the_page_shows_the_test_itself() -> None:
    """The block of the page is a part of the suite."""
    (block,) = re.findall(r"^```python\n(.*?)^```$", (EXAMPLE / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert block in (EXAMPLE / "test_cluster.py").read_text()
