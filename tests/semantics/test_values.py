"""An instance's and a script's own values, as a release resolves them."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("statements", "release", "base"),
    [
        ("priority 150", "2.4.3", 150),
        ("priority 0", "2.4.3", 100),
        ("priority 256", "2.4.3", 100),
        ("priority -5", "2.4.3", 100),
        ("priority abc", "2.4.3", 100),
        ("priority 120x", "2.4.3", 100),
        ("priority 120x", "1.2.24", 120),
        ("priority 120x", "1.3.0", 100),
        ("priority 300x", "1.2.13", 100),
        ("priority 50\n priority 60", "2.4.3", 60),
        ("", "2.4.3", 100),
        ("state MASTER", "2.4.3", 255),
        ("state BACKUP\n state MASTER", "2.4.3", 255),
        ("state MASTER\n state BACKUP", "2.4.3", 255),
        ("state MASTER", "1.2.13", 0),
    ],
)
def test_the_base_priority(one, statements, release, base):
    """1..255 counts, anything else is 100; without one the state decides (before 1.2.20: nothing does)."""
    assert one(statements, release=release, priority="").base_priority.value == base


def test_a_missing_priority_points_at_the_state_that_decided(one):
    """The word of `state MASTER` made it 255; without it 100 is a default."""
    assert one("state MASTER", priority="").base_priority.word.text == "MASTER"
    assert not one("", priority="").base_priority.explicit


@pytest.mark.parametrize(
    ("statements", "release", "state"),
    [
        ("priority 100", "2.4.3", "BACKUP"),
        ("priority 255", "2.4.3", "MASTER"),
        ("priority 255\n state BACKUP", "2.4.3", "BACKUP"),
        ("priority 255\n state BACKUP", "1.4.5", "MASTER"),
        ("priority 100\n state MASTER", "2.4.3", "MASTER"),
        ("priority 100\n state SLAVE", "2.4.3", "BACKUP"),
        ("priority 100\n state MASTER\n state SLAVE", "2.4.3", "BACKUP"),
        ("priority 100\n state MASTER\n state SLAVE", "1.4.5", "MASTER"),
        ("priority 100\n state MASTER\n strict_mode", "2.4.3", "BACKUP"),
        ("priority 255\n state BACKUP\n strict_mode", "2.4.3", "MASTER"),
        ("state MASTER\n priority 9\n authentication {\n auth_type AH\n auth_pass x\n }", "2.0.0", "BACKUP"),
        ("state MASTER\n priority 9\n authentication {\n auth_type AH\n auth_pass x\n }", "1.4.5", "MASTER"),
    ],
)
def test_the_state_that_it_sets_out_for(one, statements, release, state):
    """`state`, or what the priority makes of it; in strict mode only 255 is MASTER."""
    assert one(statements, release=release, priority="").state.value == state


@pytest.mark.parametrize(
    ("statements", "release", "preempts"),
    [
        ("", "2.4.3", True),
        ("nopreempt", "2.4.3", False),
        ("nopreempt\n preempt", "2.4.3", True),
        ("preempt\n nopreempt", "2.4.3", False),
        ("nopreempt\n state MASTER", "2.4.3", True),
        ("nopreempt\n state MASTER", "1.4.5", False),
        ("nopreempt\n priority 255\n state BACKUP", "2.4.3", True),
        ("nopreempt\n priority 255\n state BACKUP", "1.3.4", False),
    ],
)
def test_nopreempt_and_what_clears_it(one, statements, release, preempts):
    """`state MASTER` (2.0.0 on) and priority 255 (1.3.5 on) clear nopreempt."""
    assert one(statements, release=release).preempt.value is preempts


@pytest.mark.parametrize(
    ("statements", "release", "delay"),
    [
        ("preempt_delay 12", "2.4.3", 12.0),
        ("preempt_delay 1.5", "2.4.3", 1.5),
        ("preempt_delay 1.5", "2.0.6", 1.0),
        ("preempt_delay 12\n state MASTER", "2.4.3", 0.0),
        ("preempt_delay 12\n state MASTER", "1.4.5", 12.0),
        ("preempt_delay 12\n nopreempt", "2.4.3", 0.0),
        ("preempt_delay 12\n nopreempt", "1.2.21", 12.0),
        ("preempt_delay 12\n strict_mode", "2.4.3", 0.0),
    ],
)
def test_preempt_delay_and_what_clears_it(one, statements, release, delay):
    """Seconds, with decimals from 2.0.7 on; cleared by MASTER, nopreempt and strict mode."""
    assert one(statements, release=release).preempt_delay.value == delay


@pytest.mark.parametrize(
    ("statements", "version", "seconds"),
    [
        ("", 2, 1.0),
        ("advert_int 3", 2, 3.0),
        ("advert_int +3", 2, 3.0),
        ("advert_int 0.1", 2, 1.0),
        ("advert_int 1.5", 2, 2.0),
        ("advert_int 300", 2, 1.0),
        ("advert_int abc", 2, 1.0),
        ("version 3\n advert_int 0.1", 3, 0.1),
        ("version 3\n advert_int +0.1", 3, 0.1),
        ("version 3\n advert_int 0.125", 3, 0.13),
        ("version 3\n advert_int 50", 3, 40.95),
        ("version 3\n advert_int 0.001", 3, 1.0),
        ("version 2\n advert_int 2", 2, 2.0),
    ],
)
def test_the_advert_interval_is_rounded_by_the_version_of_vrrp(one, statements, version, seconds):
    """Whole seconds in VRRPv2, hundredths up to 40.95 in VRRPv3; what is no interval leaves 1 s."""
    found = one(statements)
    assert (found.vrrp_version, found.advert_interval.value) == (version, seconds)


@pytest.mark.parametrize(
    ("addresses", "statements", "family", "version", "kept"),
    [
        ("10.0.0.9/24\n 10.0.0.10", "", "ipv4", 2, ("10.0.0.9/24", "10.0.0.10")),
        ("fe80::1", "", "ipv6", 3, ("fe80::1",)),
        ("10.0.0.9\n fe80::1", "", "ipv4", 2, ("10.0.0.9",)),
        ("fe80::1\n 10.0.0.9", "", "ipv6", 3, ("fe80::1",)),
        ("10.0.0.9", "version 3", "ipv4", 3, ("10.0.0.9",)),
        ("10.0.0.333\n fe80::1", "", "ipv6", 3, ("fe80::1",)),
        ("fe80::1", "native_ipv6", "ipv6", 3, ("fe80::1",)),
    ],
)
def test_the_first_address_decides_the_family_and_that_the_version(one, addresses, statements, family, version, kept):
    """Addresses of the other family are ignored; IPv6 is VRRPv3."""
    found = one(f"virtual_ipaddress {{\n {addresses}\n }}\n {statements}")
    assert (found.family, found.vrrp_version, found.virtual_addresses) == (family, version, kept)


def test_global_defs_have_the_version_and_strict_mode(resolved):
    """vrrp_version and vrrp_strict count where the instance says nothing itself; default_interface is not for it."""
    everywhere = "global_defs {\n vrrp_version 3\n vrrp_strict\n default_interface eth7\n}\n"
    found = resolved(everywhere + "vrrp_instance X {\n virtual_router_id 5\n}").instances[0]
    assert (found.vrrp_version, found.strict, found.interface.value) == (3, True, "")
    off = resolved(everywhere + "vrrp_instance X {\n version 2\n strict_mode off\n interface eth1\n}").instances[0]
    assert (off.vrrp_version, off.strict, off.interface.value) == (2, False, "eth1")


@pytest.mark.parametrize(
    ("statements", "release", "kind"),
    [
        ("authentication {\n auth_type PASS\n auth_pass x\n }", "2.4.3", "PASS"),
        ("authentication {\n auth_type AH\n auth_pass x\n }", "2.4.3", "AH"),
        ("authentication {\n auth_type PASS\n }", "2.4.3", None),
        ("authentication {\n auth_type NONE\n auth_pass x\n }", "2.4.3", None),
        ("version 3\n authentication {\n auth_type PASS\n auth_pass x\n }", "2.4.3", None),
        ("strict_mode\n authentication {\n auth_type PASS\n auth_pass x\n }", "2.4.3", None),
        (
            "virtual_ipaddress {\n fe80::1\n }\n version 2\n authentication {\n auth_type PASS\n auth_pass x\n }",
            "2.4.3",
            None,
        ),
        ("strict_mode\n authentication {\n auth_type PASS\n auth_pass x\n }", "1.4.5", "PASS"),
    ],
)
def test_authentication_counts_in_vrrpv2_with_a_password_only(one, statements, release, kind):
    """VRRPv3, strict mode and a missing password switch it off; no value of it is kept but the type."""
    found = one(statements, release=release)
    assert (found.auth_type.value if found.auth_type else None) == kind
    assert "x" not in {str(value) for value in found[2:-6] if isinstance(value, str)}


def test_a_script_s_times_and_counts(resolved):
    """Defaults 1 s, the timeout is the interval, rise and fall 1; decimals only from 2.3.2 on; nothing below 1."""
    text = 'vrrp_script s {\n script "/bin/check it"\n %s\n}'
    script = resolved(text % "").scripts[0]
    assert (script.interval.value, script.timeout.value, script.rise.value, script.fall.value) == (1.0, 1.0, 1, 1)
    script = resolved(text % "interval 2.5\n rise 3\n fall 0").scripts[0]
    assert (script.interval.value, script.timeout.value, script.rise.value, script.fall.value) == (2.5, 2.5, 3, 1)
    script = resolved(text % "interval 2.5\n timeout 7", "2.3.1").scripts[0]
    assert (script.interval.value, script.timeout.value) == (2.0, 7.0)
    assert script.script.value == "/bin/check it"


def test_how_long_a_backup_waits(one):
    """down_timer_adverts is 1..100, 3 by default and in strict mode."""
    assert one("").down_timer_adverts == 3
    assert one("down_timer_adverts 2").down_timer_adverts == 2
    assert one("down_timer_adverts 101").down_timer_adverts == 3
    assert one("down_timer_adverts 2\n strict_mode").down_timer_adverts == 3
