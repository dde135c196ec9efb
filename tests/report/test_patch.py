"""A change of a file as a patch."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from kalint.report.patch import patch

BLOCK = """vrrp_instance V{number} {{
    interface eth0
    priority {priority}
    virtual_ipaddress {{
        10.0.0.{number}
    }}
}}
"""


def test_two_changes_far_apart_in_a_long_file() -> None:
    """A line that is in every block, such as its end, is not compared with each of its like."""
    before = "".join(BLOCK.format(number=number, priority=100) for number in range(3000))
    after = before.replace("V3 {\n    interface eth0\n    priority 100", "V3 {\n    interface eth0\n    priority 99")
    after = after.replace("V2900 {\n    interface eth0\n", "V2900 {\n    interface eth1\n")
    start = time.process_time()
    found = patch("a.conf", before.encode(), after.encode())
    assert time.process_time() - start < 4  # 0.3 s, and 15 s with every like
    assert found is not None
    changed = [line for line in found.decode().splitlines()[2:] if line[0] in "+-"]
    assert changed == ["-    priority 100", "+    priority 99", "-    interface eth0", "+    interface eth1"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("a b.conf", "."),
        ("a\x1bb\n.conf", "."),
        ("\x9b31m\u2028\u202e.conf", "."),
        ("\udcff.conf", "."),
        ("../x/c.conf", "."),
        ("../c d.conf", "/"),
    ],
)
def test_the_file_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, folder: str) -> None:
    """Blanks, control characters, other bytes, and a name that leads out of the folder and in again, or only out."""
    if shutil.which("patch") is None:
        pytest.skip("needs patch")
    here = tmp_path / "x"
    here.mkdir()
    monkeypatch.chdir(here)
    Path(name).write_text("old\n")
    found = patch(name, b"old\n", b"new\n")
    assert found is not None
    assert found.decode().replace("\n", "").replace("\t", "").isprintable()
    subprocess.run(["patch", "-s", "-p0", "-d", folder], input=found, check=True)
    assert Path(name).read_text() == "new\n"
    assert len(os.listdir(here)) == (folder == ".")
