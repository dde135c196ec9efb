"""What `kalint check --host` knows of a machine, asked of the real one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.host import Host

CONFIG = """\
vrrp_script chk {{
    script "{script}"
    weight -30
}}
vrrp_instance VI_1 {{
    interface {interface}
    virtual_router_id 17
    priority 120
    virtual_ipaddress {{
        192.0.2.1/24
    }}
    track_script {{
        chk
    }}
}}
"""


def test_files(tmp_path: Path) -> None:
    """A file that nobody may execute is there, but cannot be run; neither can a folder."""
    script = tmp_path / "check"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o644)
    host = Host()
    assert host.exists(str(script))
    assert not host.executable(str(script))
    assert not host.executable(str(tmp_path))
    assert not host.executable(str(tmp_path / "nothing"))
    script.chmod(0o755)
    assert host.executable(str(script))


def test_what_others_can_change(tmp_path: Path) -> None:
    """The first part that others than root own or can write; keepalived -t of 2.2.7 calls these unsafe."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    script = folder / "check"
    script.write_text("#!/bin/sh\n")
    for path, mode in ((folder, 0o755), (script, 0o755)):
        path.chmod(mode)
    host = Host()
    if os.geteuid() == 0 and not host.writable(str(tmp_path)):
        assert host.writable(str(script)) == ""
        script.chmod(0o757)
        assert host.writable(str(script)) == str(script)
        folder.chmod(0o777)
        assert host.writable(str(script)) == str(folder)
        folder.chmod(0o1777)
        assert host.writable(str(script)) == str(script)
        script.chmod(0o755)
        os.chown(folder, 12345, 0)
        assert host.writable(str(script)) == str(folder)
    else:
        assert host.writable(str(script)) != ""
    assert host.writable("/") == ""


def test_interfaces_and_users() -> None:
    host = Host()
    assert host.interface("lo")
    assert not host.interface("no-such-if")
    assert host.user("root")
    assert host.user("0")
    assert not host.user("no-such-user")
    assert host.group("root")
    assert not host.group("no-such-group")


def test_nobody_looks_without_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --host a file is judged by its text alone; with it, the script and the interface are looked for."""
    monkeypatch.chdir(tmp_path)
    Path("a.conf").write_text(CONFIG.format(script=tmp_path / "nothing", interface="no-such-if"))

    def codes(*options: str) -> list[str]:
        guarded(lambda: run_app(["check", *options, "--select", "KA607,KA615,KA616,KA617", "-q", "a.conf"]))
        return [line.split(" KA")[1][:3] for line in capsys.readouterr().out.splitlines() if " KA" in line]

    assert codes() == []
    assert codes("--host") == ["616", "615"]
    Path("a.conf").write_text(CONFIG.format(script="/bin/sh", interface="lo"))
    assert codes("--host") == []
