"""Commands on files with many things of a kind: the work grows as the files do, counted in calls, not by a clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.cli.app import run_app

pytestmark = pytest.mark.long

STEP = 12
"""Files have two, three and four times as many groups."""
SCENARIO = "duration = 5\n"


def instance(number: int, *lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return (
        f"vrrp_instance V{number} {{\n    interface eth0\n    virtual_router_id {number + 1}\n    priority PRIORITY\n"
        f"{body}    virtual_ipaddress {{\n        10.0.{number}.9/24\n    }}\n}}\n"
    )


def part(number: int) -> str:
    """A sync group of two instances, and an instance whose script changes its priority and no master."""
    first, second, third = (3 * number + place for place in range(3))
    members = f"vrrp_sync_group G{number} {{\n    group {{\n        V{first}\n        V{second}\n    }}\n}}\n"
    script = f"vrrp_script s{number} {{\n    script /usr/bin/true\n}}\n"
    tracking = instance(third, "track_script {", f"    s{number} weight 2", "}")
    return members + script + instance(first) + instance(second) + tracking


COMMANDS: dict[str, list[str]] = {
    "cluster": ["cluster", "a.conf", "b.conf"],
    "report": ["report", "a.conf", "b.conf", "-o", "page.html"],
    "propose": ["require", "a.conf", "b.conf", "--propose"],
    "probe": ["probe", "--config", "a.conf", "--config", "b.conf", "--pcap", "a.pcap"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_dozen_more_takes_as_much_as_the_one_before(
    command: str,
    count_calls: Callable[[Callable[[], object]], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From three dozen to four it is as much as from two to three; were it the square, 7/5 of that."""
    monkeypatch.chdir(tmp_path)

    def calls(steps: int) -> int:
        text = "".join(map(part, range(steps * STEP)))
        for name, priority in (("a", "100"), ("b", "90")):
            Path(f"{name}.conf").write_text(text.replace("PRIORITY", priority))
        if command == "probe":
            Path("a.toml").write_text(SCENARIO)
            run_app(["simulate", "a.conf", "b.conf", "--scenario", "a.toml", "--write-pcap", "a.pcap"])
        return count_calls(lambda: run_app(COMMANDS[command]))

    calls(2)  # imports and what is worked out once
    two, three, four = map(calls, (2, 3, 4))
    capsys.readouterr()
    assert four - three < 1.04 * (three - two)


TRACKED: dict[str, list[str]] = {
    "priorities": ["priorities", "a.conf"],
    "cluster": ["cluster", "a.conf", "b.conf"],
    "claim": ["require", "a.conf", "b.conf", "-e", "exactly one master whatever one thing fails"],
    "propose": ["require", "a.conf", "b.conf", "--propose"],
    "simulate": ["simulate", "a.conf", "b.conf", "--scenario", "a.toml"],
    "report": ["report", "a.conf", "b.conf", "-o", "page.html"],
}
FEW = 25


def scripts(count: int, priority: int, sign: int) -> str:
    """An instance with so many scripts of five weights, whose sign may differ from that of the other node."""
    made = "".join(
        f"vrrp_script s{at} {{\n    script /usr/bin/true\n    weight {sign * (at % 5 + 1)}\n}}\n" for at in range(count)
    )
    tracking = instance(0, "track_script {", *(f"    s{at}" for at in range(count)), "}")
    return made + tracking.replace("PRIORITY", str(priority))


@pytest.mark.parametrize("command", TRACKED)
def test_four_times_as_many_trackers_take_four_times_the_work(
    command: str,
    count_calls: Callable[[Callable[[], object]], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The square of it would be sixteen times."""
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text(SCENARIO)

    def calls(count: int) -> int:
        Path("a.conf").write_text(scripts(count, 100, -1))
        Path("b.conf").write_text(scripts(count, 90, 1))
        return count_calls(lambda: run_app(TRACKED[command]))

    calls(FEW)  # imports and what is worked out once
    few, many = calls(FEW), calls(4 * FEW)
    capsys.readouterr()
    assert many < 4.2 * few
