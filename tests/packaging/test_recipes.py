"""Puppet and Salt run their recipes of docs/templates.md: a good file is put in place, one with an error is not.

Each test needs the tool on the PATH (Debian's puppet-agent; `pip install salt`).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GOOD, BAD = (ROOT / "examples" / name for name in ("too-small-weight/lb1.conf", "owner/keepalived.conf"))
TARGET = "/etc/keepalived/keepalived.conf"

pytestmark = pytest.mark.packaging


def recipe(tool: str, target: Path) -> str:
    """The recipe of the page, which writes to a place of the test; the name for `--as` stays."""
    page = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    found = re.search(rf"^\*\*{tool}\*\*\n\n((?:    .*\n)+)", page, re.MULTILINE)
    assert found, f"docs/templates.md has lost its recipe for {tool}"
    before, name, after = textwrap.dedent(found[1]).partition(TARGET)
    return before + str(target) + after if name else before


def run(*command: str, folder: Path) -> str:
    """What a tool says, with this kalint on the PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "HOME": str(folder), "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("puppet") is None, reason="needs puppet on the PATH")
def test_puppet(tmp_path: Path) -> None:
    """`validate_cmd` refuses the file, and Puppet prints what kalint says."""
    target = tmp_path / "keepalived.conf"
    text = recipe("Puppet", target)
    manifest = tmp_path / "site.pp"

    def apply(source: Path) -> str:
        manifest.write_text(text.replace("epp('profile/keepalived.conf.epp')", f"file('{source}')"))
        return run("puppet", "apply", "--color=false", str(manifest), folder=tmp_path)

    assert f"{TARGET}:18:14: error: KA203" in apply(BAD)
    assert not target.exists()
    said = apply(GOOD)
    assert target.read_bytes() == GOOD.read_bytes(), said


@pytest.mark.skipif(shutil.which("salt-call") is None, reason="needs salt-call on the PATH")
def test_salt(tmp_path: Path) -> None:
    """`check_cmd` refuses the file, and Salt prints what kalint says."""
    target = tmp_path / "keepalived.conf"
    states = tmp_path / "states"
    (states / "keepalived").mkdir(parents=True)
    (states / "keepalived.sls").write_text(recipe("Salt", target))
    for name in ("etc", "cache", "log"):
        (tmp_path / name).mkdir()
    places = [f"--config-dir={tmp_path}/etc", f"--cachedir={tmp_path}/cache", f"--log-file={tmp_path}/log/minion"]

    def apply(source: Path) -> str:
        shutil.copy(source, states / "keepalived" / "keepalived.conf.j2")
        call = ["salt-call", "--local", *places, f"--file-root={states}", "--out=json", "state.apply", "keepalived"]
        return run(*call, folder=tmp_path)

    assert f"{TARGET}:18:14: error: KA203" in apply(BAD)
    assert not target.exists()
    said = apply(GOOD)
    assert target.read_bytes() == GOOD.read_bytes(), said
