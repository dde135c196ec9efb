"""What a reload does to a running daemon, by release: expected values were seen on daemons, or stand in the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Told = Any
Reload = Callable[..., Told]
Make = Callable[..., Told]

SCRIPT = 'vrrp_script chk {\n script "/bin/chk"\n interval 1\n}\n'


@pytest.fixture
def reload(play: Make, tmp_path: Path) -> Reload:
    """One node `a` that reads another file at 10 s."""

    def run(old: str, new: str, scenario: str = "", release: str = "2.2.7", others: Mapping[str, str] = {}) -> Told:
        (tmp_path / "new.conf").write_text(new)
        rows = [(10.0, '[[event]]\ntime = 10\nnode = "a"\ndaemon = "reload"\nfile = "new.conf"\n')]
        for line in scenario.splitlines():
            time, node, thing, state = line.split()
            text = f'[[event]]\ntime = {time}\nnode = "{node}"\nthing = "{thing}"\nstate = "{state}"\n'
            rows.append((float(time), text))
        head = "".join(text for _, text in sorted(rows, key=lambda row: row[0]))
        return play({"a": old, **others}, head=head, release=release)

    return run


def instance(vrid: int, priority: int, *lines: str, name: str = "") -> str:
    body = "\n ".join(lines)
    return (
        f"vrrp_instance {name or f'V{vrid}'} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n"
        f" {body}\n virtual_ipaddress {{\n  10.9.1.{vrid}\n }}\n}}\n"
    )


def group(*lines: str, members: str = "V1\n V2") -> str:
    body = "\n ".join(lines)
    return f"vrrp_sync_group G {{\n group {{\n {members}\n }}\n {body}\n}}\n"


def track(line: str) -> str:
    return f"track_script {{\n chk {line}\n }}"


def after(told: Told, kind: str = "state") -> list[tuple[float, object]]:
    """What happens to a's instances from the reload on."""
    return [(time, value) for time, node, of, value in told.events if (node, of) == ("a", kind) and time >= 10]


def test_a_master_that_the_new_file_lacks_says_goodbye(reload: Reload) -> None:
    told = reload(instance(1, 100) + instance(2, 100), instance(1, 100))
    assert after(told, "advert") == [(10.0, 0)]
    assert after(told) == [(10.0, "STOPPED")]
    assert told.masters[-1] == (10.0, ())
    assert told.spells == [("outage", 0.0, 3.609), ("outage", 0.0, 3.609)]


def test_an_added_instance_is_a_router_like_any_other(reload: Reload) -> None:
    told = reload(instance(1, 100), instance(1, 100) + instance(2, 100))
    assert [key.virtual_router_id for key in told.timeline.routers] == [1, 2]
    assert after(told) == [(10.0, "BACKUP"), (13.609, "MASTER")]
    assert told.spells == [("outage", 0.0, 3.609), ("outage", 10.0, 13.609)]
    assert {(node, name) for node, name in told.timeline.members()} == {("a", "V1"), ("a", "V2")}


@pytest.mark.parametrize("release", ["2.0.20", "2.2.7", "2.4.3", "1.4.5"])
@pytest.mark.parametrize("old", ["", group()])
def test_a_group_of_masters_stays_master(reload: Reload, release: str, old: str) -> None:
    """The same file again, or a new group around two masters: no state changes."""
    both = instance(1, 100) + instance(2, 100)
    told = reload(both + old, both + group(), release=release)
    assert after(told) == []


def test_a_group_of_a_master_and_a_new_instance_takes_an_interval_and_more(reload: Reload) -> None:
    """The master waits for the other, which waits its whole master down interval; then both are master."""
    told = reload(instance(1, 100), instance(1, 100) + instance(2, 100) + group())
    assert [state for time, state in after(told) if time == 10] == ["BACKUP", "BACKUP"]
    assert after(told)[-1][1] == "MASTER"


@pytest.mark.parametrize(
    ("line", "state", "expected"),
    [("weight 15 reverse", "ok", 116), ("weight -15 reverse", "ko", 86), ("weight 15", "ok", 116)],
)
def test_reverse_is_forgotten(reload: Reload, line: str, state: str, expected: int) -> None:
    """`weight 15 reverse` makes 85 of 100; after a reload with base 101 it is 116."""
    old, new = (SCRIPT + instance(1, base, track(line)) for base in (100, 101))
    told = reload(old, new, f"0 a script:chk {state}")
    assert after(told, "priority")[0] == (10.0, expected)


def test_weight_0_reverse_faults_for_good(reload: Reload) -> None:
    """A script that fails is the good state; the reload counts it as a fault, and the script's success as another."""
    config = SCRIPT + instance(1, 100, track("weight 0 reverse"))
    told = reload(config, config, "0 a script:chk ko\n15 a script:chk ok\n20 a script:chk ko")
    assert after(told) == [(10.0, "FAULT")]


def test_weight_0_reverse_that_is_in_fault_comes_back(reload: Reload) -> None:
    config = SCRIPT + instance(1, 100, track("weight 0 reverse"))
    told = reload(config, config, "0 a script:chk ok")
    assert [state for _, state in after(told)] == ["BACKUP", "MASTER"]


def test_a_script_on_both_levels_counts_twice(reload: Reload) -> None:
    lines = "sync_group_tracking_weight", track("weight 10")
    old, new = (
        SCRIPT + instance(1, base, track("weight 15")) + instance(2, base) + group(*lines) for base in (100, 101)
    )
    told = reload(old, new)
    assert [value for time, value in after(told, "priority") if time == 10] == [126, 111]


@pytest.mark.parametrize(
    ("release", "states"), [("2.2.7", []), ("2.4.3", []), ("2.0.20", ["FAULT", "BACKUP", "MASTER"])]
)
def test_an_added_script_of_weight_0(reload: Reload, release: str, states: list[str]) -> None:
    told = reload(instance(1, 100), SCRIPT + instance(1, 100, track("weight 0")), release=release)
    assert [state for _, state in after(told)] == states


def test_an_added_script_that_fails_faults(reload: Reload) -> None:
    new = SCRIPT + instance(1, 100, track("weight 0"))
    told = reload(instance(1, 100), new, "0 a script:chk ko")
    assert [state for _, state in after(told)] == ["FAULT"]


def test_a_changed_priority_is_an_event(reload: Reload) -> None:
    assert after(reload(instance(1, 120), instance(1, 130)), "priority") == [(10.0, 130)]


def test_an_old_release_keeps_the_priority_until_it_computes_it(reload: Reload) -> None:
    assert after(reload(instance(1, 120), instance(1, 130), release="1.4.5"), "priority") == [(11.0, 130)]


@pytest.mark.parametrize(("release", "states"), [("2.2.7", []), ("1.2.13", ["STOPPED", "BACKUP", "MASTER"])])
def test_a_new_name_is_the_same_router_from_1_3_0_on(reload: Reload, release: str, states: list[str]) -> None:
    told = reload(instance(1, 100), instance(1, 100, name="WEB"), release=release)
    changes = [state for _, state in after(told)]
    assert changes == (states or ["STOPPED", "MASTER"])
    assert (told.masters[1:] == []) == (not states)


def test_another_vrid_is_another_router(reload: Reload) -> None:
    """The old router is left with priority 0, the new one starts as BACKUP."""
    told = reload(instance(1, 100), instance(2, 100, name="V1"))
    assert after(told, "advert") == [(10.0, 0)]
    assert after(told)[-2:] == [(10.0, "BACKUP"), (13.609, "MASTER")]


def test_a_restart_reads_the_file_of_the_reload_without_what_the_reload_counted(play: Make, tmp_path: Path) -> None:
    """After the reload 116; after a restart 86, as the file says."""
    (tmp_path / "new.conf").write_text(SCRIPT + instance(1, 101, track("weight 15 reverse")))
    head = "".join(
        f'[[event]]\ntime = {time}\nnode = "a"\ndaemon = "{what}"\n{more}\n'
        for time, what, more in ((10, "reload", 'file = "new.conf"'), (15, "stop", ""), (16, "start", ""))
    )
    told = play({"a": SCRIPT + instance(1, 100, track("weight 15 reverse"))}, head=head)
    assert [value for time, value in told.priorities("a") if time >= 10] == [116, 101, 86]
