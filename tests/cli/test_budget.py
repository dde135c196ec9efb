"""`--max-failover` and `--times`: a budget for failovers, from the command line or the settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kalint.cli.app import run_app
from kalint.errors import UsageError

NODE = """vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 17
    priority {priority}
    advert_int 1
    track_interface {{
        eth1 weight -30
    }}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""


@pytest.fixture
def nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two nodes: a crash takes up to 3.61 s, the failure of eth1 up to 4.61 s."""
    monkeypatch.chdir(tmp_path)
    for name, priority in (("a", 110), ("b", 100)):
        Path(f"{name}.conf").write_text(NODE.format(priority=priority))
    return ["a.conf", "b.conf"]


@pytest.mark.parametrize(
    ("budget", "codes", "status"),
    [
        ("5s", 0, 0),
        ("4.62", 0, 0),
        ("4600ms", 1, 1),
        ("3.7", 1, 1),
        ("3s", 3, 1),
        ("0.05m", 3, 1),
    ],
)
def test_each_slower_failure_is_a_finding(
    nodes: list[str], capsys: pytest.CaptureFixture[str], budget: str, codes: int, status: int
) -> None:
    """Of cluster and of check --cluster alike, with exit code 1; seconds without a unit."""
    assert run_app(["cluster", "--max-failover", budget, "--format", "json", *nodes]) == status
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [each["code"] for each in found] == ["KA815"] * codes
    arguments = ["--cluster", "--select", "KA815", "--format", "json", "--max-failover", budget]
    assert run_app(["check", *arguments, *nodes]) == status
    assert len(json.loads(capsys.readouterr().out)["diagnostics"]) == codes


def test_the_finding_shows_the_sum(nodes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Where the thing is tracked, which time is too long, and what it adds up from."""
    run_app(["check", "--cluster", "--select", "KA815", "--max-failover", "4s", *nodes])
    assert capsys.readouterr().out.splitlines()[0] == (
        "a.conf:7:21: error: KA815 interface eth1 down on a: b becomes master of router 17 after at most 4.61 s, "
        "more than the 4 s allowed: link watch of the kernel 1 s + next advert 1 s + 2 more advert intervals 2 s + "
        "skew time 0.61 s [slow-failover]"
    )


@pytest.mark.parametrize("budget", ["3x", "0", "-1s", "", "s", "1e3", "nan", "inf", "3 h", "\u0661s"])
def test_what_is_no_time_is_said(nodes: list[str], capsys: pytest.CaptureFixture[str], budget: str) -> None:
    """A usage error that says how a time is written."""
    assert run_app(["cluster", f"--max-failover={budget}", *nodes]) == 2
    assert f"must be a time above 0 such as 3s, 500ms or 2.5, not '{budget}'" in capsys.readouterr().err


def test_a_single_file_has_no_failover(nodes: list[str]) -> None:
    """Check needs --cluster for it."""
    with pytest.raises(UsageError, match="--max-failover needs a cluster: add --cluster"):
        run_app(["check", "--max-failover", "3s", *nodes])


SETTINGS = """[clusters.web]
max_failover = {}
[clusters.web.nodes.a]
file = "a.conf"
[clusters.web.nodes.b]
file = "b.conf"
"""


@pytest.mark.parametrize(("value", "codes"), [('"4s"', 1), ("4", 1), ("4.7", 0), ('"3500ms"', 3)])
def test_the_settings_know_a_budget(
    nodes: list[str], capsys: pytest.CaptureFixture[str], value: str, codes: int
) -> None:
    """`max_failover` of a cluster, as text or in seconds; the command line's counts first."""
    Path("kalint.toml").write_text(SETTINGS.format(value))
    assert run_app(["cluster", "--format", "json"]) == bool(codes)
    assert len(json.loads(capsys.readouterr().out)["diagnostics"]) == codes
    assert run_app(["cluster", "--format", "json", "--max-failover", "1m"]) == 0
    assert nodes


def test_times_of_a_cluster(nodes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--times adds a paragraph for each change of the master; JSON has it always."""
    assert run_app(["cluster", "--times", *nodes]) == 0
    printed = capsys.readouterr().out
    assert (
        """
  a: interface eth1 down: b is master after 2.61 to 4.61 s
    0 to 1 s  link watch of the kernel
    0 to 1 s  next advert
    2 s       2 more advert intervals
    0.61 s    skew time
"""
        in printed
    )
    assert (
        """
  a: daemon stopped: b is master after 2.61 to 3.61 s
    0 to 1 s  first missing advert
    2 s       2 more advert intervals
    0.61 s    skew time
  a: daemon stopped in order: b is master after 0.61 s
    0.61 s  skew time
"""
        in printed
    )
    run_app(["cluster", "--format", "json", *nodes])
    (router,) = json.loads(capsys.readouterr().out)["routers"]
    crash = next(each for each in router["single_failures"] if (each["node"], each["thing"]) == ("a", "daemon"))
    assert crash["failover"] == {
        "from": "a",
        "to": "b",
        "signal": "silence",
        "best": 2.609375,
        "worst": 3.609375,
        "terms": [
            {"name": "first missing advert", "best": 0.0, "worst": 1.0},
            {"name": "2 more advert intervals", "best": 2.0, "worst": 2.0},
            {"name": "skew time", "best": 0.609375, "worst": 0.609375},
        ],
        "shutdown": {
            "best": 0.609375,
            "worst": 0.609375,
            "terms": [{"name": "skew time", "best": 0.609375, "worst": 0.609375}],
        },
        "waits_for": None,
    }
