"""A small fleet in an empty folder, and kalint in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app

NODE = """\
include conf.d/*.conf
vrrp_instance V {{
    interface eth0
    virtual_router_id {vrid}  # kalint: ignore[KA403] the number is ours
    priority {priority}
    authentication {{
        auth_type PASS
        auth_pass hush{vrid}x
    }}
    virtual_ipaddress {{
        10.0.{vrid}.9/24
    }}
    track_script {{
        check
    }}
}}
"""
CHECK = "vrrp_script check {{\n    script /bin/true\n    interval 2\n    weight {weight}\n}}\n"


@pytest.fixture
def run_kalint(capsys: pytest.CaptureFixture[str]) -> Callable[..., SimpleNamespace]:
    """`run_kalint("check", "a.conf")`: its `status`, and what it wrote (`out`, `err`)."""

    def run(*arguments: str) -> SimpleNamespace:
        status = guarded(lambda: run_app(list(arguments)))
        captured = capsys.readouterr()
        return SimpleNamespace(status=status, out=captured.out, err=captured.err)

    return run


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four clusters of two nodes, each with an include; one of them has the wrong weights, one node a typing error."""
    monkeypatch.chdir(tmp_path)
    told = []
    for number in range(4):
        for node, priority in (("a", 150), ("b", 140)):
            folder = tmp_path / f"c{number}" / node
            (folder / "conf.d").mkdir(parents=True)
            (folder / "keepalived.conf").write_text(NODE.format(vrid=51 + number, priority=priority))
            (folder / "conf.d" / "check.conf").write_text(CHECK.format(weight=-5 if number == 2 else -30))
            told.append(f'[clusters.c{number}.nodes.c{number}{node}]\nfile = "c{number}/{node}/keepalived.conf"\n')
    broken = tmp_path / "c3" / "b" / "keepalived.conf"
    broken.write_text(broken.read_text().replace("interface", "interfase"))
    (tmp_path / "kalint.toml").write_text("".join(told))
    return tmp_path
