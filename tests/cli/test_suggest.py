"""`kalint cluster --suggest`: a patch that applies, byte by byte, and after which the finding is gone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.cli.app import run_app
from kalint.errors import UsageError

NODE = """# \xe4
vrrp_script chk {
    script "/usr/local/bin/check"
    weight -5
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority PRIORITY
    version 2
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
    authentication {
        auth_type PASS
        auth_pass swordfish
    }
}
"""


def files(folder: Path, node: str = NODE, newline: str = "\n", encoding: str = "utf-8") -> list[str]:
    for name, priority in (("a", "110"), ("b", "100")):
        text = node.replace("PRIORITY", priority).replace("\n", newline)
        (folder / f"{name}.conf").write_bytes(text.encode(encoding))
    return ["a.conf", "b.conf"]


@pytest.fixture
def suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[[], bytes]:
    """The patch of the two files, as it comes out."""

    def run() -> bytes:
        monkeypatch.chdir(tmp_path)
        assert run_app(["cluster", "--suggest", "a.conf", "b.conf"]) == 1
        return capsysbinary.readouterr().out

    return run


@pytest.mark.parametrize(("newline", "encoding"), [("\n", "utf-8"), ("\r\n", "utf-8"), ("\n", "latin-1")])
def test_the_patch_applies_and_mends(
    tmp_path: Path, suggested: Callable[[], bytes], newline: str, encoding: str
) -> None:
    """-11 is more than the gap of 10; nothing but that word changes, and the finding is gone."""
    words = files(tmp_path, newline=newline, encoding=encoding)
    before = (tmp_path / "a.conf").read_bytes()
    patch = suggested()
    subprocess.run(["git", "apply", "-p0", "-"], cwd=tmp_path, input=patch, check=True)
    assert (tmp_path / "a.conf").read_bytes() == before.replace(b"weight -5", b"weight -11")
    assert run_app(["check", "--cluster", "--select", "KA801", *words]) == 0


def test_no_secret_is_in_it(tmp_path: Path, suggested: Callable[[], bytes]) -> None:
    """A password beside what changes is not among the lines around it, and the patch applies all the same."""
    node = NODE.replace("    authentication {\n        auth_type PASS\n        auth_pass swordfish\n    }\n", "")
    block = "    authentication {\n        auth_type PASS\n        auth_pass swordfish\n    }\n    priority PRIORITY\n"
    node = node.replace("    priority PRIORITY\n", block).replace("    weight -5\n", "    weight 2\n", 1)
    files(tmp_path, node)
    (tmp_path / "b.conf").write_text((tmp_path / "b.conf").read_text().replace("        chk\n", ""))
    patch = suggested()
    assert b"swordfish" not in patch
    assert b"priority" in patch
    subprocess.run(["git", "apply", "-p0", "--unidiff-zero", "-"], cwd=tmp_path, input=patch, check=True)


def test_nothing_to_suggest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No weight helps against nopreempt; the reason is in the finding. JSON is no patch."""
    words = files(tmp_path, NODE.replace("version 2", "version 2\n    nopreempt"))
    monkeypatch.chdir(tmp_path)
    assert run_app(["cluster", "--suggest", *words]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "nothing to suggest\n"
    with pytest.raises(UsageError, match="not json"):
        run_app(["cluster", "--suggest", "--format", "json", *words])


def test_fixes_of_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`check --cluster --diff --unsafe-fixes` shows the same change, which is unsafe: it changes the meaning."""
    words = files(tmp_path)
    monkeypatch.chdir(tmp_path)
    run_app(["check", "--cluster", "--select", "KA801", "--diff", "--unsafe-fixes", *words])
    assert "+    weight -11" in capsys.readouterr().out
    run_app(["check", "--cluster", "--select", "KA801", "--diff", *words])
    assert "-11" not in capsys.readouterr().out
