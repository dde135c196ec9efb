"""The playground as its README builds it, and the pages of `kalint report`, in a real browser.

The tests themselves are those of playground/tests, which Node.js runs: they need npm and its registry.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser import chromium

NODE = (20, 19)
"""The oldest Node.js that builds it."""

pytestmark = pytest.mark.packaging


def missing(what: str) -> None:
    """Skip, or fail where everything has to be there."""
    if os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but there is no {what}")
    pytest.skip(f"needs {what}")


def run(command: str, folder: Path, **environment: str) -> str:
    """What a command of the shell says; it must succeed."""
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, "PYTHON": sys.executable, **environment},
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    return result.stdout


def routers(base: int) -> str:
    """A node with fifty routers, three checks each."""
    scripts = "".join(
        f'vrrp_script chk_{each} {{\nscript "/bin/check {each}"\ninterval 2\nweight {-60 if each < 3 else -2}\n}}\n'
        for each in range(53)
    )
    return scripts + "".join(
        f"vrrp_instance web_{number} {{\ninterface vlan{number}\nvirtual_router_id {number}\npriority {base}\n"
        f"virtual_ipaddress {{\n10.0.{number}.1/24\n}}\ntrack_script {{\nchk_0\nchk_1\nchk_{number + 2}\n}}\n}}\n"
        for number in range(1, 51)
    )


@pytest.fixture
def reports(checkout: Path, tmp_path: Path) -> Path:
    """Pages of two stories and of fifty routers."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, base in (("lb1", 150), ("lb2", 100)):
        (tmp_path / f"{name}.conf").write_text(routers(base))
    for page, files in (
        ("story.html", checkout / "examples" / "too-small-weight"),
        ("masters.html", checkout / "examples" / "two-masters"),
        ("fifty.html", tmp_path),
    ):
        words = [sys.executable, "-m", "kalint", "report", files / "lb1.conf", files / "lb2.conf", "-o", folder / page]
        subprocess.run([str(word) for word in words], check=True, timeout=120)
    return folder


def test_the_pages_in_a_browser(checkout: Path, reports: Path) -> None:
    """Built by the README's command; every test of playground/tests holds, none is skipped."""
    for program in ("npm", "node"):
        if shutil.which(program) is None:
            missing(program)
    version = run("node --version", checkout)
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < NODE:
        missing(f"Node.js {NODE[0]}.{NODE[1]} (this is {version.strip()})")
    browser = chromium()
    playground = checkout / "playground"
    command = re.search(r"^npm ci && npm run build\b", (playground / "README.md").read_text(), re.MULTILINE)
    assert command, "playground/README.md has lost its command"
    run(command.group(), playground)
    kalint = Path(sys.executable).with_name("kalint")
    said = run("npm test", playground, CHROMIUM=browser, KALINT=str(kalint), KALINT_REPORTS=str(reports))
    assert re.search(r"^# pass (\d+)$", said, re.MULTILINE), said
    assert re.search(r"^# skipped 0$", said, re.MULTILINE), said
