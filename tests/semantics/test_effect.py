"""What a state does to an instance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalint.semantics.effect import Effect, effect, file_value, states
from kalint.semantics.priority import outcome
from kalint.semantics.profiles import PROFILES, profile_for
from kalint.semantics.resolved import Setting, Tracker
from kalint.source import Line, Word
from kalint.version import NEWEST, parse_version

WORD = Word("t", Line("t", "t.conf", 1, 1), 0, 1)
NOW = profile_for(NEWEST)


def tracker(kind: str, weight: int, reverse: bool = False, origin: str = "instance") -> Tracker:
    return Tracker(kind, "t", Setting(weight), reverse, origin, WORD)


@pytest.mark.parametrize(
    ("weight", "reverse", "good", "bad"),
    [
        (10, False, 10, 0),
        (-10, False, 0, -10),
        (10, True, -10, 0),
        (-10, True, 0, 10),
        (0, False, 0, "FAULT"),
        (0, True, "FAULT", 0),
    ],
)
@pytest.mark.parametrize(
    ("kind", "up", "down"),
    [("script", "ok", "ko"), ("process", "ok", "ko"), ("interface", "up", "down"), ("bfd", "up", "down")],
)
def test_weight_counts_by_its_sign_and_reverse_turns_it_over(kind, up, down, weight, reverse, good, bad):
    """A positive weight counts while good, a negative one while bad, 0 is FAULT; reverse turns it over."""
    for state, expected in ((up, good), (down, bad)):
        result = effect(tracker(kind, weight, reverse), state, NOW)
        assert ("FAULT" if result.fault else result.delta) == expected


def test_a_script_that_never_ran_adds_nothing_and_holds_with_weight_0():
    """In 2.x an unknown script is neutral, and one of weight 0 keeps the instance silent; in 1.x it counts as KO."""
    old = profile_for(parse_version("1.4.5"))
    assert effect(tracker("script", -10), "unknown", NOW) == Effect(0)
    assert effect(tracker("script", 0), "unknown", NOW).fault
    assert effect(tracker("script", 0, reverse=True), "unknown", NOW).fault
    assert effect(tracker("script", -10), "unknown", old).delta == -10
    assert effect(tracker("script", 0), "unknown", old).fault


def test_a_dropped_tracker_says_why_it_does_nothing():
    """The effect of an ignored tracker is nothing, in every state, with the reason."""
    dropped = tracker("script", 0)._replace(ignored="owner")
    assert effect(dropped, "ko", NOW) == Effect(0, ignored="owner")
    assert states(dropped, NOW) == (("ok", 0, False), ("ko", 0, False))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5\n", -5),
        (" 7 junk", 7),
        ("+9", 9),
        ("0x10", 16),
        ("0XfFg", 255),
        ("0x", 0),
        ("010", 8),
        ("089", 0),
        ("1e2", 1),
        ("12abc", 12),
        ("-", 0),
        ("abc", 0),
        ("", 0),
        (None, 0),
        (42, 42),
        ("2147483647", 2147483647),
    ],
)
def test_a_file_is_read_as_strtol_reads_it(text, value):
    """A blank, a sign, 0x and 0 in front as in C; what follows the number is left, and no number is 0."""
    assert file_value(text, NOW) == value


def test_a_huge_file_value_leaves_the_one_before():
    """From 2.1.0 on what does not fit into 32 bits is ignored; before, values are clamped to -254..254."""
    assert file_value("3000000000", NOW, before=7) == 7
    assert file_value("-99999999999999999999", NOW) == 0
    old = profile_for(parse_version("2.0.20"))
    assert file_value("3000000000", old, before=7) == 254
    assert file_value(-1000, old) == -254


@pytest.mark.parametrize(
    ("weight", "reverse", "value", "expected"),
    [
        (1, False, 20, 20),
        (1, False, 253, 253),
        (1, False, 300, 253),
        (1, False, -253, -253),
        (1, False, -254, "FAULT"),
        (2, False, -127, "FAULT"),
        (2, False, -126, -252),
        (254, False, -1, "FAULT"),
        (-1, False, 254, "FAULT"),
        (1, True, 20, -20),
        (1, True, -300, 253),
        (0, False, 0, 0),
        (0, False, -3, "FAULT"),
        (0, True, 0, "FAULT"),
        (0, True, 5, 0),
    ],
)
def test_a_file_multiplies_and_faults_at_minus_254(weight, reverse, value, expected):
    """Value times weight, at most 253, and FAULT from -254 down; with weight 0 any value but 0 is FAULT."""
    result = effect(tracker("file", weight, reverse), value, NOW)
    assert ("FAULT" if result.fault else result.delta) == expected


KINDS = ["script", "interface", "process", "bfd", "file"]
TRACKERS = st.builds(
    tracker, st.sampled_from(KINDS), st.integers(-254, 254), st.booleans(), st.sampled_from(["instance", "sync_group"])
)


@given(TRACKERS, st.sampled_from(PROFILES))
def test_states_are_what_effect_says_of_them(tracker, profile):
    """Every state listed has the effect listed, and the first is the good one."""
    listed = states(tracker, profile)
    for label, delta, fault in listed:
        state = int(label) if tracker.kind == "file" else label
        assert effect(tracker, state, profile)[:2] == (delta, fault)
    assert listed[0][0] in ("ok", "up", "0")


@given(st.integers(-254, 254), st.booleans(), st.sampled_from(PROFILES), st.integers(-600, 600) | st.integers())
def test_a_file_s_states_are_all_it_can_do(weight, reverse, profile, value):
    """Whatever a file holds, its effect is among the states, once, and no nearer value has it."""
    found = tracker("file", weight, reverse)
    listed = states(found, profile)
    effects = [(delta, fault) for _, delta, fault in listed]
    assert len(set(effects)) == len(effects)
    result = effect(found, value, profile)[:2]
    label = listed[effects.index(result)][0]
    assert abs(int(label)) <= abs(file_value(value, profile))


def test_a_file_of_weight_1_has_508_effects():
    """-253..253 and FAULT; the good one first, then by the size of the value."""
    listed = states(tracker("file", 1), NOW)
    assert len(listed) == 508
    assert listed[:3] == (("0", 0, False), ("1", 1, False), ("-1", -1, False))
    assert listed[-1] == ("-254", 0, True)
    assert states(tracker("file", 100), NOW) == (
        ("0", 0, False),
        ("1", 100, False),
        ("-1", -100, False),
        ("2", 200, False),
        ("-2", -200, False),
        ("3", 253, False),
        ("-3", 0, True),
    )
    assert states(tracker("file", 0), NOW) == (("0", 0, False), ("1", 0, True))
    assert states(tracker("file", 0, reverse=True), NOW) == (("0", 0, True), ("1", 0, False))


class TestOutcome:
    """One assignment of states to all things."""

    def test_the_sum_is_clamped_once_at_the_end(self, one):
        """+200 and -150 on 100 make 150: the sum may pass 254 on the way. 254 and 1 are the bounds."""
        scripts = "".join(
            f"vrrp_script {name} {{\n script /bin/true\n weight {weight}\n}}\n"
            for name, weight in (("high", 200), ("low", -150))
        )
        instance = one("track_script {\n high\n low\n }", scripts)
        assert outcome(instance, {"script:low": "ko"}, NOW) == 150
        assert outcome(instance, {}, NOW) == 254
        assert outcome(instance, {"script:low": "ko", "script:high": "ko"}, NOW) == 1

    def test_things_that_are_not_named_are_good(self, one):
        """With no states at all an instance has its nominal priority."""
        assert outcome(one("track_interface {\n eth1 weight 10\n }"), {}, NOW) == 110

    def test_the_owner_never_moves_but_faults(self, one):
        """255 stays 255 whatever is tracked; its own interface down is FAULT."""
        instance = one("track_interface {\n eth1 weight -20\n }", priority="priority 255")
        assert outcome(instance, {"interface:eth1": "down"}, NOW) == 255
        assert outcome(instance, {"interface:eth0": "down"}, NOW) is None

    def test_one_member_s_fault_is_the_group_s(self, resolved):
        """B tracks nothing but its own interface, yet faults with A's eth1; A's weight does not move B."""
        a, b = (
            "interface eth0\n virtual_router_id 1\n priority 100",
            "interface eth2\n virtual_router_id 2\n priority 90",
        )
        found = resolved(
            "vrrp_sync_group G {\n group {\n A\n B\n }\n sync_group_tracking_weight\n}\n"
            f"vrrp_instance A {{\n {a}\n track_interface {{\n eth1\n eth3 weight 10\n }}\n}}\n"
            f"vrrp_instance B {{\n {b}\n}}\n"
        )
        states = {"interface:eth1": "down"}
        assert [outcome(instance, states, NOW) for instance in found.instances] == [None, None]
        states = {"interface:eth3": "down"}
        assert [outcome(instance, states, NOW) for instance in found.instances] == [100, 90]
        assert [outcome(instance, {}, NOW) for instance in found.instances] == [110, 90]

    def test_before_1_2_20_a_missing_priority_is_1(self, one):
        """1.2.13 computes 0 plus the weights; from 1.2.20 on the default is 100, or 255 with state MASTER."""
        for release, expected in (("1.2.13", 1), ("1.2.20", 100), ("2.4.3", 100)):
            profile = profile_for(parse_version(release))
            assert outcome(one("", release=release, priority=""), {}, profile) == expected
        assert outcome(one("state MASTER", priority=""), {}, NOW) == 255

    def test_before_1_2_20_a_missing_priority_stays_100_in_a_group_without_tracking_weight(self, resolved):
        """1.2.13 does not compute the priority of a group's members, so the first value stays."""
        instances = "".join(f"vrrp_instance {name} {{\n interface eth0\n}}\n" for name in "AB")
        found = resolved(f"vrrp_sync_group G {{\n group {{\n A\n B\n }}\n}}\n{instances}", "1.2.13")
        assert outcome(found.instances[0], {}, found.profile) == 100
