"""What a start and a reload count for good: bfds on two levels, reversed scripts, scripts on two levels."""

from __future__ import annotations

import pytest

from kalint.semantics.priority import outcome
from kalint.semantics.starting import reloaded

BOTH = """bfd_instance b {{
    neighbor_ip 10.0.0.2
}}
vrrp_script s {{
    script "/bin/true"
}}
vrrp_sync_group G {{
    group {{
        X
    }}
    sync_group_tracking_weight
    {group}
}}
vrrp_instance X {{
    interface eth0
    virtual_router_id 5
    priority 100
    {own}
}}
"""


def bfd(weight):
    return f"track_bfd {{\n b weight {weight}\n }}"


def script(weight):
    return f"track_script {{\n s weight {weight}\n }}"


@pytest.mark.parametrize(
    ("own", "group", "release", "up", "down"),
    [
        (0, 0, "2.2.7", None, None),
        (0, 0, "2.0.20", 100, None),
        (-1, 0, "2.2.7", 99, None),
        (-20, -30, "2.2.7", 80, 50),
        (-20, -30, "2.4.3", 80, 50),
        (0, -10, "2.2.7", 90, None),
        (5, 10, "2.2.7", 110, 100),
    ],
)
def test_a_bfd_on_an_instance_and_its_group_is_down_at_the_start(resolved, own, group, release, up, down):
    """Measured on 2.2.7 and 2.4.3, where 0 and 0 is FAULT for ever; 2.0.20 counts the group's line later."""
    found = resolved(BOTH.format(own=bfd(own), group=bfd(group)), release)
    (instance,) = found.instances
    assert outcome(instance, {"bfd:b": "up"}, found.profile) == up
    assert outcome(instance, {"bfd:b": "down"}, found.profile) == down


def test_a_group_s_bfd_before_2_2_3_adds_its_negative_weight_when_it_comes_up(resolved):
    """2.1.5 does not count the bfd that is down at the start: weight -40 is 0 then, and +40 once it is up."""
    for release, expected in (("2.0.20", [100, 140]), ("2.2.7", [60, 100])):
        found = resolved(BOTH.format(own="", group=bfd(-40)), release)
        states = [{"bfd:b": "down"}, {"bfd:b": "up"}]
        assert [outcome(found.instances[0], state, found.profile) for state in states] == expected


def test_a_group_s_bfd_of_weight_0_that_is_up_hides_a_fault_before_2_2_3(resolved):
    """The fault that was not counted at the start is taken from the count all the same; seen on 2.0.20."""
    down = {"script:s": "ko", "bfd:b": "up"}
    for release, expected in (("2.0.20", 100), ("2.2.7", None)):
        found = resolved(BOTH.format(own=script(0), group=bfd(0)), release)
        assert outcome(found.instances[0], down, found.profile) == expected
        assert outcome(found.instances[0], {"script:s": "ok", "bfd:b": "up"}, found.profile) == 100


@pytest.mark.parametrize(
    ("own", "group", "state", "ok", "ko"),
    [
        ("15 reverse", None, "ok", 115, 130),
        ("-15 reverse", None, "ko", 70, 85),
        ("15", None, "ok", 115, 100),
        ("0 reverse", None, "ko", None, None),
        ("15", "10", "ok", 125, 115),
        ("0", "0", "ok", 100, None),
        ("0", "0", "ko", None, None),
    ],
)
def test_a_reload_counts_scripts_on_both_levels_and_without_reverse(resolved, own, group, state, ok, ko):
    """After a reload in a state, what the instance comes to in either state of the script until the next reload."""
    found = resolved(BOTH.format(own=script(own), group="" if group is None else script(group)), "2.2.7")
    after = reloaded(found, {"script:s": state})
    (instance,) = after.instances
    assert outcome(instance, {"script:s": "ok"}, found.profile) == ok
    assert outcome(instance, {"script:s": "ko"}, found.profile) == ko


def test_a_reload_is_nothing_to_old_releases_and_to_a_script_that_has_not_run(resolved):
    config = BOTH.format(own=script("0"), group=script("0"))
    old = resolved(config, "1.4.5")
    assert reloaded(old, {}) is old
    new = resolved(config, "2.2.7")
    assert new.instances[0].silent == "s"
    assert reloaded(new, {"script:s": "unknown"}).instances[0].silent == "s"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("init_file 20 overwrite", 140),
        ("init_file overwrite 20", 140),
        ("init_file 20", 100),
        ("init_file overwrite", 100),
    ],
)
def test_a_file_that_is_overwritten_at_the_start(resolved, line, expected):
    """2.2.7 starts at 20 x the weight 2; without overwrite the file is what it was."""
    found = resolved(
        f"track_file f {{\n file /run/f\n weight 2\n {line}\n}}\n"
        "vrrp_instance X {\n interface eth0\n virtual_router_id 5\n track_file {\n f\n }\n}\n",
        "2.2.7",
    )
    assert outcome(found.instances[0], {}, found.profile) == expected
    assert outcome(found.instances[0], {"file:f": 1}, found.profile) == 102


@pytest.mark.parametrize(
    ("release", "source", "silent"),
    [
        ("1.3.5", "fe80::1", True),
        ("2.0.20", "fe80::1", False),
        ("2.1.5", "fe80::1", True),
        ("2.3.1", "fe80::1", False),
        ("1.3.5", "2001:db8::1", False),
    ],
)
def test_unicast_from_a_link_local_address(resolved, release, source, silent):
    """1.3.5 sends nothing (Invalid argument), 2.1.5 is in FAULT; 2.0.20 and 2.3.1 work."""
    found = resolved(
        f"vrrp_instance X {{\n interface eth0\n virtual_router_id 5\n unicast_src_ip {source}\n"
        " unicast_peer {\n fe80::7\n }\n virtual_ipaddress {\n 2001:db8::9\n }\n}\n",
        release,
    )
    assert (found.instances[0].silent is not None) == silent
    assert outcome(found.instances[0], {}, found.profile) == (None if silent else 100)


@pytest.mark.parametrize(
    ("release", "line", "silent"),
    [
        ("2.2.7", "unicast_fault_no_peer", True),
        ("2.4.3", "unicast_fault_no_peer", True),
        ("2.2.4", "unicast_fault_no_peer", False),
        ("2.2.7", "unicast_fault_no_peer\n unicast_peer {\n 10.0.0.2\n }", False),
        ("2.2.7", "old_unicast_checksum", False),
    ],
)
def test_unicast_that_must_have_peers(resolved, release, line, silent):
    """2.2.7: "Cannot use unicast without any peers - going to fault state", and its sync group goes with it."""
    rest = " virtual_ipaddress {\n 10.0.0.9\n }\n}\n"
    found = resolved(
        "vrrp_sync_group G {\n group {\n X\n Y\n }\n}\n"
        f"vrrp_instance X {{\n interface eth0\n virtual_router_id 5\n unicast_src_ip 10.0.0.1\n {line}\n{rest}"
        f"vrrp_instance Y {{\n interface eth0\n virtual_router_id 6\n{rest}",
        release,
    )
    assert [outcome(each, {}, found.profile) for each in found.instances] == [None if silent else 100] * 2
