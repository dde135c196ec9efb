"""`kalint diff --reload`: what a running daemon becomes, and what only a restart brings."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kalint.cli.app import app

SCRIPT = 'vrrp_script chk {\n script "/bin/chk"\n interval 1\n}\n'


def instance(vrid: int, priority: int, line: str = "", name: str = "") -> str:
    track = f"track_script {{\n  chk {line}\n }}" if line else ""
    return (
        f"vrrp_instance {name or f'V{vrid}'} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n"
        f" {track}\n virtual_ipaddress {{\n  10.9.1.{vrid}\n }}\n}}\n"
    )


GROUP = "vrrp_sync_group G {\n group {\n V1\n V2\n }\n}\n"
LEFT = "instance: runs  ->  a master sends priority 0 and stops"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (instance(1, 100), instance(1, 100), ["nothing changes: every instance keeps its state and its priority"]),
        (instance(1, 100), instance(1, 130), ["V1", "after a reload: priority 100  ->  priority 130"]),
        (instance(1, 100) + instance(2, 100), instance(1, 100), ["V2", LEFT]),
        (
            instance(1, 100),
            instance(1, 100) + instance(2, 100),
            ["V2", "instance: -  ->  starts as BACKUP, master after 3.61 s if no other node is"],
        ),
        (
            SCRIPT + instance(1, 100, "weight 15 reverse"),
            SCRIPT + instance(1, 101, "weight 15 reverse"),
            ["V1", "after a reload: priority 85  ->  priority 116", "only a restart: priority 116  ->  priority 86"],
        ),
        (instance(1, 100), instance(1, 100, name="WEB"), ["WEB", "name: V1  ->  WEB, the same router"]),
        (
            "net_namespace a\n" + instance(1, 100),
            "net_namespace b\n" + instance(1, 100),
            ["net_namespace", "only a restart: a  ->  b"],
        ),
        (instance(1, 100) + instance(2, 100), instance(1, 100) + instance(2, 100) + GROUP, ["nothing changes: every "]),
    ],
)
def test_what_a_running_daemon_becomes(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    (tmp_path / "old.conf").write_text(old)
    (tmp_path / "new.conf").write_text(new)
    line = ["diff", str(tmp_path / "old.conf"), str(tmp_path / "new.conf"), "--reload", "--keepalived-version", "2.2.7"]
    done = CliRunner().invoke(app, line)
    lines = [each.strip() for each in done.output.splitlines()[1:] if each.strip()]
    assert len(lines) == len(said)
    assert all(each.startswith(start) for each, start in zip(lines, said, strict=True))


def test_a_reload_changes_no_release(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text(instance(1, 100))
    file = str(tmp_path / "a.conf")
    done = CliRunner().invoke(app, ["diff", file, "--reload", "--from", "2.0.20", "--to", "2.2.7"])
    assert "--from and --to must be the same" in str(done.exception)
