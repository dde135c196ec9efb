"""The pipelines of docs/ci.md: valid by GitHub's and GitLab's schemas, their command lines doing what they promise."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]
SCHEMAS = {".github/workflows/keepalived.yml": "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}


def documented(name: str) -> str:
    """The file of a name, as docs/ci.md shows it."""
    found = re.search(rf"```yaml\n(# {re.escape(name)}\n.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
    assert found, name
    return found.group(1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one finding."""
    (tmp_path / "etc").mkdir()
    shutil.copy(ROOT / "examples" / "owner" / "keepalived.conf", tmp_path / "etc")
    return tmp_path


def run_line(line: str, project: Path) -> subprocess.CompletedProcess[str]:
    """A pipeline's own line, with this tree's kalint for the one that it would install."""
    kalint = f"'{sys.executable}' -m kalint"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = re.sub(r"^kalint\b", kalint, line)
    return subprocess.run(
        ["bash", "-c", command], cwd=project, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_valid_by_the_published_schema(name: str, tmp_path: Path) -> None:
    """check-jsonschema holds the schemas that GitHub and GitLab publish."""
    path = tmp_path / "pipeline.yml"
    path.write_text(documented(name))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[name], str(path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout
    path.write_text(documented(name).replace("runs-on:", "runs-at:").replace("script:", "skript:"))
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 1


def lines_of(steps: list[Any]) -> list[str]:
    """The command lines that run kalint."""
    lines = [step if isinstance(step, str) else step.get("run", "") for step in steps]
    return [line for line in lines if line.startswith("kalint ")]


def test_github(project: Path) -> None:
    """SARIF is written whatever is found; the last step annotates the line and fails."""
    workflow = yaml.safe_load(documented(".github/workflows/keepalived.yml"))
    sarif, annotate = lines_of(workflow["jobs"]["kalint"]["steps"])
    assert run_line(sarif, project).returncode == 0
    result = json.loads((project / "kalint.sarif").read_text())["runs"][0]["results"][0]
    assert result["ruleId"] == "KA203"
    failed = run_line(annotate, project)
    assert failed.returncode == 1
    assert failed.stdout.startswith("::error file=etc/keepalived.conf,line=18,")


def test_gitlab(project: Path) -> None:
    """Both reports are there when the job fails, under the names that its artifacts have."""
    job = yaml.safe_load(documented(".gitlab-ci.yml"))["kalint"]
    junit, quality = lines_of(job["script"])
    assert run_line(junit, project).returncode == 0
    assert run_line(quality, project).returncode == 1
    reports = job["artifacts"]["reports"]
    assert json.loads((project / reports["codequality"]).read_text())[0]["check_name"] == "weight-on-owner"
    assert "KA203" in (project / reports["junit"]).read_text()
