"""`kalint require --suggest`: the smallest patch with which every requirement holds, or why there is none."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.cli.app import run_app

NODE = """vrrp_script chk {{
    script "/bin/true"
    interval 5
    timeout 1
    weight {weight}
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 51
    priority {priority}
{more}    track_script {{
        chk
    }}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""

Suggested = Callable[..., tuple[str, str]]


@pytest.fixture
def suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Suggested:
    """The lines that the patch adds, and what is said of it; the patch is applied, and all requirements hold then."""
    monkeypatch.chdir(tmp_path)

    def run(*requirements: str, weight: int = -5, more: str = "") -> tuple[str, str]:
        Path("lb1.conf").write_text(NODE.format(priority=110, weight=weight, more=more))
        Path("lb2.conf").write_text(NODE.format(priority=100, weight=weight, more=""))
        words = ["require", "lb1.conf", "lb2.conf"]
        for requirement in requirements:
            words += ["-e", requirement]
        status = run_app([*words, "--suggest"])
        written = capsysbinary.readouterr()
        if written.out:
            subprocess.run(["patch", "-p0", "-s"], input=written.out, check=True)
            assert (status, run_app(words)) == (1, 0)
            capsysbinary.readouterr()
        added = [line[1:].strip() for line in written.out.decode().splitlines() if line.startswith("+ ")]
        return "; ".join(added), written.err.decode()

    return run


FAILOVER = "lb2 is master when script chk on lb1 fails"


def test_weight(suggested: Suggested) -> None:
    """110 - 11 is below 100, and 110 - 10 is a tie."""
    added, said = suggested(FAILOVER)
    assert (added, said) == (
        "weight -11",
        "kalint: with weight -11 of script chk in web of lb1 no requirement fails\n",
    )


def test_all_requirements_count(suggested: Suggested) -> None:
    """With a weight of -11 lb1 has 99 while the check is down: the second requirement leaves a lower base only."""
    added, _ = suggested(FAILOVER, "lb1 is master", "priority of lb1 is at least 99")
    assert added == "weight -11"
    added, _ = suggested(FAILOVER, "lb1 is master", "priority of lb1 is at most 105")
    assert added == "priority 104"  # 99 with the check down, and still above 100 with it up


def test_sooner(suggested: Suggested) -> None:
    """An interval of 3 s: 3 + 1 + 1 + 2 + 0.61 s is 7.61 s; one of 4 s would be 8.61 s."""
    assert suggested(f"{FAILOVER}, within 8 s", weight=-30)[0] == "interval 3"


def test_nopreempt(suggested: Suggested) -> None:
    """Whoever started first stays; without nopreempt lb1 returns."""
    text = "lb1 is master after lb1 stops and recovers"
    _, said = suggested(text, weight=-30, more="    nopreempt\n")
    assert said == "kalint: without nopreempt in web of lb1 no requirement fails\n"


def test_nothing(suggested: Suggested) -> None:
    """No requirement fails; or no single change helps; neither prints a patch."""
    assert suggested("lb1 is master") == ("", "kalint: nothing to suggest: no requirement fails\n")
    added, said = suggested("lb1 is master", "lb2 is master")
    assert added == ""
    assert said.startswith("kalint: no single change of a priority, weight, interval, timeout, fall or nopreempt makes")
    assert "were tried" in said
