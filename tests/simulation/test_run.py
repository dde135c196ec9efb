"""Runs of one, two and three nodes: each expected time is worked out by hand from the timers of VRRP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Node = Callable[..., str]
Play = Callable[..., object]


def test_a_node_alone_is_master_after_the_master_down_interval(play: Play, node: Node) -> None:
    """3 x 1 s and (256 - 100)/256 s; until then there is nobody."""
    told = play({"a": node(100)})
    assert told.states("a") == [(0, "BACKUP"), (3.609, "MASTER")]
    assert told.masters == [(3.609, ("a",))]
    assert told.answers == [(3.609, "a")]
    assert told.spells == [("outage", 0, 3.609)]


def test_a_clean_stop_is_followed_after_the_skew_time_and_a_crash_after_the_whole(play: Play, node: Node) -> None:
    """Priority 0 leaves b (90) only its skew time of 166/256 s; after a kill the whole down interval passes."""
    stopped = play({"a": node(100), "b": node(90)}, "10 a stop")
    assert stopped.masters[1:] == [(10, ()), (10.648, ("b",))]
    killed = play({"a": node(100), "b": node(90)}, "10 a kill")
    assert killed.masters[1:] == [(10, ()), (13.258, ("b",))]  # the last advert was at 9.609


def test_a_killed_daemon_leaves_its_addresses_and_a_crashed_machine_does_not(play: Play, node: Node) -> None:
    """Until b announces them the node of the dead daemon answers; a machine without power does not."""
    killed = play({"a": node(100), "b": node(90)}, "10 a kill\n20 a start")
    assert killed.answers == [(3.609, "a"), (13.258, "b"), (20, "b"), (23.609, "a")]
    crashed = play({"a": node(100), "b": node(90)}, "10 a crash")
    assert crashed.answers == [(3.609, "a"), (10, None), (13.258, "b")]


@pytest.mark.parametrize(("weight", "lost", "when"), [(20, 100, 13.18), (-20, 100, 13.18), (10, 110, None)])
def test_weights_move_the_master_only_below_the_other(
    play: Play, node: Node, weight: int, lost: int, when: float | None
) -> None:
    """A falls by 20 below the 110 of b, or by 10 to a tie with it, which moves nothing."""
    base = 120 - max(weight, 0)
    told = play({"a": node(base, track=f"chk weight {weight}"), "b": node(110)}, "10 a script:chk ko")
    assert told.priorities("a")[-1] == (10, lost)
    last = 9 + (3 + (256 - 120) / 256) % 1  # the last advert of 120
    assert told.masters[1:] == ([] if when is None else [(round(last + 3 + 146 / 256, 3), ("b",))])


def test_weight_zero_faults_and_comes_back_through_backup(play: Play, node: Node) -> None:
    """FAULT at the failure, BACKUP at the recovery, and MASTER a whole down interval later."""
    told = play({"a": node(120, track="chk weight 0"), "b": node(100)}, "10 a script:chk ko\n20 a script:chk ok")
    assert told.states("a")[2:] == [(3.531, "MASTER"), (10, "FAULT"), (20, "BACKUP"), (23.531, "MASTER")]
    assert told.states("b")[1:] == [(10.609, "MASTER"), (23.531, "BACKUP")]


def test_rise_and_fall(play: Play, node: Node) -> None:
    """With fall 3 and rise 2, interval 1: the third failure and the second success in a row count."""
    told = play(
        {"a": node(100, script="fall 3\n rise 2", track="chk weight 10")},
        "10.5 a script:chk ko\n20.5 a script:chk ok",
    )
    assert told.priorities("a") == [(0, 110), (13, 100), (22, 110)]
    counts = [(time, after) for time, _, kind, after in told.events if kind == "counter"]
    assert counts == [(0, 4), (11, 3), (12, 2), (13, 0), (21, 1), (22, 4)]


def test_a_hanging_script_fails_after_its_timeout(play: Play, node: Node) -> None:
    """A run that begins at 12 and hangs is stopped at 15."""
    config = node(100, script="interval 4\n timeout 3", track="chk weight 10").replace(
        "interval 1\n interval 4", "interval 4"
    )
    told = play({"a": config}, "9 a script:chk timeout\n21 a script:chk 0")
    assert told.priorities("a") == [(0, 110), (15, 100), (24, 110)]


def test_priorities_are_computed_each_advert_interval_before_2_0(play: Play, node: Node) -> None:
    """A result at 10 counts at the next tick of the instance's clock, and goes out with the advert after that."""
    configs = {"a": node(100, "advert_int 3", track="chk weight 10")}
    told = play(configs, "10 a script:chk ko", release="1.4.5")
    assert told.priorities("a") == [(3, 110), (12, 100)]
    assert play(configs, "10 a script:chk ko").priorities("a") == [(0, 110), (10, 100)]


def test_addresses_come_with_the_second_advert_before_2_0(play: Play, node: Node) -> None:
    """The state is MASTER at 3.609, the addresses are there an advert interval later."""
    told = play({"a": node(100)}, release="1.2.13")
    assert told.masters == [(3.609, ("a",))]
    assert told.answers == [(4.609, "a")]


def test_state_master_gives_a_head_start_before_2_0_only(play: Play, node: Node) -> None:
    """One advert interval, against the whole master down interval."""
    config = {"a": node(100, "state MASTER")}
    assert play(config, release="1.4.5").masters == [(1, ("a",))]
    assert play(config, release="2.0.10").masters == [(3.609, ("a",))]
    assert play({"a": node(255, "state MASTER")}).masters == [(0, ("a",))]


def test_nopreempt_holds_a_backup_and_preempt_delay_delays_it(play: Play, node: Node) -> None:
    """B is better and starts later: with nopreempt never master, with preempt_delay 5 after 5 s and a timeout."""
    starts = "10 b start"
    assert play({"a": node(100), "b": node(110, "nopreempt")}, starts).masters == [(3.609, ("a",))]
    delayed = play({"a": node(100), "b": node(110, "preempt_delay 5")}, starts)
    # a's advert at 10.609 starts the delay, that of 15.609 is the first behind it: the timer of 14.609 counts
    assert delayed.masters[1:] == [(round(14.609375 + 3 + 146 / 256, 3), ("b",))]


def test_a_split_has_two_masters_until_it_is_healed(play: Play, node: Node) -> None:
    """B follows its down interval after the last advert that it heard, and gives way to the first that it hears."""
    told = play({"a": node(100), "b": node(90)}, "10 a-b cut\n20 a-b healed")
    assert told.masters[1:] == [(13.258, ("a", "b")), (20.258, ("a",))]
    assert told.spells[1:] == [("double", 13.258, 20.258)]


def test_whoever_announced_the_addresses_last_answers(play: Play, node: Node) -> None:
    """In a split that is b; when a hears of b's lower adverts again, it announces them anew."""
    told = play({"a": node(100), "b": node(90)}, "10 a-b cut\n20 a-b healed")
    assert told.answers == [(3.609, "a"), (13.258, "b"), (20.258, "a")]


def test_lossy_links_are_the_same_in_every_run_of_a_seed(play: Play, node: Node) -> None:
    """70 % of the adverts lost: b is master now and then, at the same times for the same seed."""
    configs, scenario = {"a": node(100), "b": node(90)}, "0 a-b 0.7"
    first = play(configs, scenario, 300)
    assert len(first.masters) > 3
    assert play(configs, scenario, 300).events == first.events
    assert play(configs, scenario, 300, head="seed = 2").events != first.events


def test_masters_that_reject_each_other_silence_each_other(play: Play, node: Node) -> None:
    """With another password b never hears a: both are masters, since the down timer goes on."""
    lines = "authentication {{\n auth_type PASS\n auth_pass {}\n }}"
    told = play({"a": node(100, lines.format("one")), "b": node(90, lines.format("two"))})
    assert told.masters[-1][1] == ("a", "b")
    old = play({"a": node(100, lines.format("one")), "b": node(90, lines.format("two"))}, release="1.4.5")
    assert old.masters == [(3.609, ("a",))]  # there a rejected advert starts the timer anew


def test_version_3_takes_the_masters_interval(play: Play, node: Node) -> None:
    """The master sends each 2 s: b waits 3 x 2 s and its skew of 166/256 x 2 s after the last advert."""
    a = node(100, version=3).replace("advert_int 1", "advert_int 2")
    told = play({"a": a, "b": node(90, version=3)}, "5 b start\n20 a kill", 40)
    assert told.masters[-1] == (round(19.21875 + 6 + 2 * 166 / 256, 3), ("b",))


GROUP = "vrrp_sync_group G {\n group {\n V1\n V2\n }\n}\n"


def two(priority: int, *lines: str) -> str:
    body = "\n ".join(lines)
    return GROUP + "".join(
        f"vrrp_instance V{number} {{\n interface eth0\n virtual_router_id {number}\n priority {priority}\n"
        f" advert_int 1\n {body if number == 1 else ''}\n virtual_ipaddress {{\n  10.9.1.{number}\n }}\n}}\n"
        for number in (1, 2)
    )


def test_a_group_faults_as_a_whole(play: Play) -> None:
    """eth1 of one member goes down: both leave, and b is master of both routers."""
    told = play({"a": two(120, "track_interface {\n eth1\n }"), "b": two(100)}, "10 a interface:eth1 down")
    assert [state for time, state in told.states("a") if time == 10] == ["FAULT", "FAULT"]
    assert {names for time, names in told.masters if time > 10} == {("b",)}


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("priority 255\n state MASTER", 0),
        ("priority 255", 1.004),
        ("state MASTER", 1.004),
        ("priority 255\n state BACKUP", 3.004),
    ],
)
def test_a_group_of_owners_is_master_at_once_only_if_that_is_written(play: Play, written: str, when: float) -> None:
    """As 2.2.7 says in its log: else it waits for one interval, or where `state BACKUP` is written for all three."""
    told = play({"a": two(255).replace("priority 255", written)})
    masters = {time for time, state in told.states("a") if state == "MASTER"}
    assert masters == {when}


def test_a_reload_keeps_states_and_takes_a_new_file(play: Play, node: Node, tmp_path: Path) -> None:
    """Node a reloads with 80 and stays master until b's timer ends."""
    (tmp_path / "new.conf").write_text(node(80))
    head = '[[event]]\ntime = 10\nnode = "a"\ndaemon = "reload"\nfile = "new.conf"'
    told = play({"a": node(100), "b": node(90)}, head=head)
    assert [time for time, state in told.states("a") if state == "MASTER"] == [3.609]
    assert told.masters[1:] == [(13.648, ("b",))]  # from the advert that a sends before it reloads


def test_interface_delays_hide_a_short_failure(play: Play, node: Node) -> None:
    """With down delay 1.5 s a second without carrier on eth1 is not seen; two seconds are, 1.5 s late."""
    config = "interface_up_down_delays {\n eth1 1.5\n}\n" + node(100, "track_interface {\n eth1 weight -20\n }")
    told = play({"a": config}, "10 a interface:eth1 down\n11 a interface:eth1 up\n15 a interface:eth1 down")
    assert told.priorities("a") == [(16.5, 80)]


def test_two_owners(play: Play, node: Node) -> None:
    """Until 2.3.2 who hears the other gives way; from 2.3.3 on the higher address wins."""
    configs = {"a": node(255, "state MASTER"), "b": node(255, "state MASTER")}
    assert play(configs, "10.5 b start", release="2.2.7").masters[-1][1] == ("b",)
    assert play(configs, "10.5 b start", release="2.4.3").masters[-1][1] == ("b",)
    swapped = {"b": configs["b"], "a": configs["a"]}  # now a has the higher address
    assert play(swapped, "10.5 b start", release="2.4.3").masters[-1][1] == ("a",)


@pytest.mark.parametrize(
    ("definition", "tracked", "thing", "bad"),
    [
        ("vrrp_track_process p {\n process haproxy\n}", "track_process {\n p weight -20\n }", "process:p", "ko"),
        ("track_file f {\n file /run/f\n}", "track_file {\n f weight -20\n }", "file:f", "1"),
        (
            "bfd_instance n {\n neighbor_ip 10.9.0.9\n source_ip 10.9.0.1\n}",
            "track_bfd {\n n weight -20\n }",
            "bfd:n",
            "down",
        ),
        ("", "track_interface {\n eth1 weight -20\n }", "interface:eth1", "down"),
    ],
)
def test_every_kind_of_thing(play: Play, node: Node, definition: str, tracked: str, thing: str, bad: str) -> None:
    """What is bad from 10 on takes 20 away at once, and b takes over."""
    config = f"{definition}\n{node(100, tracked)}"
    told = play({"a": config, "b": node(90)}, f"10 a {thing} {bad}")
    assert told.priorities("a") == [(10, 80)]
    assert told.masters[1:] == [(13.258, ("b",))]


def test_a_process_is_missed_after_its_delay(play: Play, node: Node) -> None:
    """With terminate_delay 2 a process that is back within a second is not missed."""
    config = "vrrp_track_process p {\n process haproxy\n terminate_delay 2\n}\n" + node(
        100, "track_process {\n p weight -20\n }"
    )
    told = play({"a": config}, "10 a process:p ko\n11 a process:p ok\n11.5 a process:p ko")
    assert told.priorities("a") == [(13.5, 80)]


def test_startup_delay(play: Play, node: Node) -> None:
    """With vrrp_startup_delay 5 the first timer ends 5 s later."""
    told = play({"a": "global_defs {\n vrrp_startup_delay 5\n}\n" + node(100)})
    assert told.masters == [(8.609, ("a",))]


def test_unicast_reaches_peers_only(play: Play, node: Node) -> None:
    """Where b is no peer of a's, b does not hear a, and both are masters."""
    a = node(100, "unicast_src_ip 10.9.0.1\n unicast_peer {\n 10.9.0.3\n }")
    b = node(90, "unicast_src_ip 10.9.0.2\n unicast_peer {\n 10.9.0.1\n }")
    assert play({"a": a, "b": b}).masters[-1][1] == ("a", "b")
    mended = a.replace("10.9.0.3", "10.9.0.2")
    assert play({"a": mended, "b": b}).masters == [(3.609, ("a",))]


def test_what_happens_at_0(play: Play, node: Node) -> None:
    """Things are as they are set before the daemons start; what daemons do at 0 they do behind their start."""
    told = play({"a": node(100, track="chk weight 0"), "b": node(90)}, "0 a script:chk ko")
    assert told.masters == [(3.648, ("b",))]
    told = play({"a": node(100), "b": node(90)}, "0 a stop\n0 a start\n0 b kill\n5 b start")
    assert told.masters == [(3.609, ("a",))]


@pytest.mark.parametrize(
    ("release", "states"),
    [
        ("2.2.7", {"a": ["MASTER", "BACKUP", "MASTER", "BACKUP"], "b": ["MASTER", "BACKUP", "MASTER"]}),
        ("2.4.3", {"a": ["MASTER", "BACKUP"], "b": ["MASTER"]}),
    ],
)
def test_of_two_owners_that_start_together_the_higher_address_stays(
    play: Play, node: Node, release: str, states: dict[str, list[str]]
) -> None:
    """Both are master at once. Daemons of 2.2.7 that hear each other in one moment both go down to 254, and wait."""
    told = play({"a": node(255), "b": node(255)}, release=release)
    assert {name: [state for _, state in told.states(name)] for name in "ab"} == states
    assert told.masters[-1][1] == ("b",)
