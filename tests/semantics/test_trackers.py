"""Which trackers an instance ends up with, and with which weights."""

from __future__ import annotations

import pytest

from kalint.model.builder import build
from kalint.semantics.resolve import resolve
from kalint.syntax import parse
from kalint.text import read
from kalint.version import NEWEST, parse_version


def live(instance):
    """Name, weight, reverse and origin of every tracker that counts."""
    return [(t.key, t.weight.value, t.reverse, t.origin) for t in instance.trackers if t.ignored is None]


def ignored(instance):
    """What does not count, and why."""
    return [(t.key, t.ignored) for t in instance.trackers if t.ignored is not None]


OWN = ("interface:eth0", 0, False, "own_interface")
SCRIPT = "vrrp_script chk {\n script /bin/true\n weight 20\n}"


@pytest.mark.parametrize(
    ("kind", "line", "definition", "weight"),
    [
        ("script", "t", "", 0),
        ("script", "t", "weight 20", 20),
        ("script", "t", "weight 300", 300),
        ("script", "t", "weight 20x", 20),
        ("script", "t", "weight abc", 0),
        ("script", "t weight -30", "weight 20", -30),
        ("script", "t weight 300", "weight 20", 20),
        ("script", "t weight 254", "", 253),
        ("script", "t weight -254", "", -253),
        ("script", "t weight 7y", "", 7),
        ("file", "t", "", 1),
        ("file", "t", "weight 300", 1),
        ("file", "t weight 254", "", 254),
        ("file", "t weight 255", "weight 5", 5),
        ("interface", "t", "", 0),
        ("interface", "t weight 254", "", 253),
        ("interface", "t weight 255", "", 0),
        ("process", "t weight -254", "", -254),
        ("process", "t", "weight 300", 0),
        ("bfd", "t", "weight 254", 0),
        ("bfd", "t weight 254", "weight 9", 9),
        ("bfd", "t weight 253", "", 253),
    ],
)
def test_a_weight_out_of_range_is_not_the_one_that_counts(tracked, kind, line, definition, weight):
    """The line's weight counts while it is in the kind's range, else the definition's (an interface's: 0)."""
    found = tracked(kind, line, definition)
    assert (found.weight.value, found.ignored) == (weight, None)


def test_the_weight_that_was_asked_for_is_kept(tracked):
    """`requested` has what the line says where something else counts."""
    assert tracked("script", "t weight 300", "weight 20").requested.value == 300
    assert tracked("interface", "t weight 255").requested.value == 255
    assert tracked("script", "t weight 254").requested.value == 254
    assert tracked("script", "t weight 20").requested is None


def test_every_weight_knows_the_word_that_decided_it(tracked):
    """The line's word, the definition's, or none for a default."""
    assert tracked("script", "t weight 5", "weight 20").weight.word.text == "5"
    assert tracked("script", "t", "weight 20").weight.word.text == "20"
    assert tracked("interface", "t weight 255").weight.word.text == "255"
    assert not tracked("script", "t").weight.explicit


@pytest.mark.parametrize(
    ("kind", "line", "why"),
    [
        ("script", "t wieght 30", "bad-option"),
        ("script", "t weight", "bad-option"),
        ("interface", "t down", "bad-option"),
        ("script", "t weight 30 revrese", None),
        ("process", "t weight 30 revrese", None),
        ("interface", "t weight 30 noreverse", None),
        ("file", "t weight 30 revrese", "bad-option"),
        ("bfd", "t weight 30 revrese", "bad-option"),
        ("script", "t weight 30 noreverse more", None),
        ("script", "nosuch", "undefined"),
    ],
)
def test_a_typo_drops_the_line_or_not(tracked, kind, line, why):
    """A wrong second word or a missing value drops every line, a wrong fourth word only a file's and a bfd's."""
    assert tracked(kind, line).ignored == why


def test_until_2_0_17_a_script_s_typo_is_as_if_nothing_stood_there(tracked):
    """The definition's weight counts; a file's line was dropped from the start."""
    found = tracked("script", "t wieght 30", "weight 20", release="2.0.17")
    assert (found.weight.value, found.ignored) == (20, None)
    assert tracked("file", "t wieght 30", release="2.0.17").ignored == "bad-option"


@pytest.mark.parametrize(
    ("definition", "line", "reverse"),
    [
        ("weight 5 reverse", "t", True),
        ("weight 5 reverse", "t weight 7", True),
        ("weight 5 reverse", "t weight 7 noreverse", False),
        ("weight 5", "t weight 7 reverse", True),
        ("weight 5 revrese", "t", False),
    ],
)
def test_reverse_comes_from_the_line_or_the_definition(tracked, definition, line, reverse):
    """The definition's reverse holds until the line says reverse or noreverse."""
    assert tracked("script", line, definition).reverse is reverse


def test_before_2_0_18_there_is_no_reverse(tracked):
    """Neither on the line nor in the definition."""
    assert not tracked("script", "t weight 7 reverse", "weight 5 reverse", release="2.0.17").reverse


def test_the_first_of_two_lines_counts_and_before_2_0_0_both(one):
    """Twice weight 20 is 20 today; 1.4.5 adds both."""
    block = "track_script {\n chk\n chk weight 5\n }"
    assert live(one(block, SCRIPT)) == [("script:chk", 20, False, "instance"), OWN]
    assert ignored(one(block, SCRIPT)) == [("script:chk", "repeated")]
    assert live(one(block, SCRIPT, "1.4.5")) == [
        ("script:chk", 20, False, "instance"),
        ("script:chk", 5, False, "instance"),
        OWN,
    ]


def test_a_dropped_line_leaves_its_place_to_a_later_one(one):
    """The line with the typo never was, so the second counts."""
    assert live(one("track_script {\n chk wieght 3\n chk weight 5\n }", SCRIPT))[0][1] == 5


def test_what_is_defined_below_is_not_there_yet(resolved):
    """A script after the instance that tracks it is unknown when the line is read."""
    found = resolved(f"vrrp_instance X {{\n interface eth0\n track_script {{\n chk\n }}\n}}\n{SCRIPT}")
    assert ignored(found.instances[0]) == [("script:chk", "defined-later")]


@pytest.mark.parametrize(
    ("release", "kinds"),
    [
        ("1.4.5", {"script", "interface"}),
        ("2.0.10", {"script", "interface", "file", "bfd"}),
        ("2.0.11", {"script", "interface", "file", "bfd", "process"}),
    ],
)
def test_a_tracker_that_the_release_does_not_know_is_ignored(release, kinds):
    """Files and bfds came with 2.0.0, processes with 2.0.11."""
    text = f"{ALL}vrrp_instance X {{\n{TRACK_ALL}}}\n"
    config = build(parse(read("test.conf", text.encode()).lines)[0], NEWEST)
    trackers = resolve(config, parse_version(release)).instances[0].trackers
    assert {tracker.kind for tracker in trackers if tracker.ignored != "release"} == kinds


class TestInterfaces:
    """track_interface, the own interface, and the devices of addresses, routes and rules."""

    def test_the_own_interface_counts_with_weight_0_unless_it_is_not_tracked(self, one):
        assert live(one("")) == [OWN]
        assert live(one("dont_track_primary")) == []

    def test_track_interface_on_the_own_interface_is_ignored_since_2_0_0(self, one):
        block = "track_interface {\n eth0 weight 10\n }"
        assert ignored(one(block)) == [("interface:eth0", "own-interface")]
        assert live(one(block)) == [OWN]
        assert live(one(block, release="1.4.5")) == [("interface:eth0", 10, False, "instance"), OWN]

    def test_an_address_s_device_turns_a_weight_into_a_fault(self, one):
        """`eth1 weight 10 reverse` is replaced by weight 0 without reverse; `weight 0 reverse` stays."""
        address = "virtual_ipaddress {\n 10.0.0.9 dev eth1\n }\n"
        found = one(address + "track_interface {\n eth1 weight 10 reverse\n }")
        assert ignored(found) == [("interface:eth1", "overridden")]
        assert live(found) == [OWN, ("interface:eth1", 0, False, "address")]
        kept = one(address + "track_interface {\n eth1 weight 0 reverse\n }")
        assert live(kept) == [("interface:eth1", 0, True, "instance"), OWN]

    def test_an_address_that_is_not_tracked_or_not_used_implies_nothing(self, one):
        """no_track, another family than the first address's, or no address at all."""
        for line in ("10.0.0.8 dev eth1 no_track", "fe80::1 dev eth1", "10.0.0.333 dev eth1"):
            assert live(one(f"virtual_ipaddress {{\n 10.0.0.9\n {line}\n }}")) == [OWN]
        assert live(one("virtual_ipaddress {\n 10.0.0.9 dev eth1\n }", release="1.4.5")) == [OWN]

    @pytest.mark.parametrize(("defaults", "device"), [("", "eth0"), ("default_interface eth7", "eth7")])
    def test_addresses_above_the_interface_are_on_the_default_interface_until_2_0_20(self, resolved, defaults, device):
        """Measured on 2.0.20: with eth0 down such an instance on eth1 is in FAULT. Before 2.0.0 nothing is tracked.

        Neither an address below the line nor one with a dev is moved.
        """
        text = (
            f"global_defs {{\n {defaults}\n}}\n"
            "vrrp_instance X {\n virtual_ipaddress {\n 10.0.0.9\n 10.0.0.8 dev eth2\n }\n"
            " interface eth1\n virtual_router_id 5\n virtual_ipaddress_excluded {\n 10.0.0.7\n }\n}\n"
        )
        own = ("interface:eth1", 0, False, "own_interface")
        named = ("interface:eth2", 0, False, "address")
        assert live(resolved(text, "2.0.20").instances[0]) == [own, (f"interface:{device}", 0, False, "address"), named]
        assert live(resolved(text, "2.1.0").instances[0]) == [own, named]
        assert live(resolved(text, "1.4.5").instances[0]) == [own]

    def test_a_static_address_without_dev_is_tracked_on_the_default_interface(self, resolved):
        text = (
            "track_group T {\n group {\n X\n }\n}\nstatic_ipaddress {\n 10.1.0.1/24 track_group T\n}\n"
            "vrrp_instance X {\n interface eth1\n virtual_router_id 5\n virtual_ipaddress {\n 10.0.0.9\n }\n}\n"
        )
        defaults = "global_defs {\n default_interface eth7\n}\n"
        assert live(resolved(text).instances[0])[1:] == [("interface:eth0", 0, False, "address")]
        assert live(resolved(defaults + text).instances[0])[1:] == [("interface:eth7", 0, False, "address")]

    def test_an_excluded_address_may_be_of_the_other_family(self, one):
        found = one("virtual_ipaddress_excluded {\n fe80::1 dev eth1\n }")
        assert live(found)[1] == ("interface:eth1", 0, False, "address")

    def test_a_route_s_and_a_rule_s_devices_are_tracked_since_2_0_1(self, one):
        text = "virtual_routes {\n 10.7.0.0/24 dev eth1\n }\nvirtual_rules {\n from 10.7.0.0/24 iif eth2 table 5\n }"
        assert live(one(text))[1:] == [
            ("interface:eth1", 0, False, "route"),
            ("interface:eth2", 0, False, "rule"),
        ]
        assert live(one(text, release="2.0.0")) == [OWN]

    def test_a_route_on_the_own_interface_defeats_dont_track_primary_and_an_address_does_not(self, one):
        address = "virtual_ipaddress {\n 10.0.0.9 dev eth0\n }\n"
        route = "virtual_routes {\n 10.7.0.0/24 dev eth0\n }\n"
        assert live(one(address + "dont_track_primary")) == []
        assert live(one(route + "dont_track_primary")) == [("interface:eth0", 0, False, "route")]


ALL = (
    "vrrp_script s {\n script /bin/true\n weight 5\n}\nvrrp_script z {\n script /bin/true\n}\n"
    "vrrp_track_file f {\n file /run/f\n}\nvrrp_track_file g {\n file /run/g\n weight 2\n}\n"
    "bfd_instance b {\n neighbor_ip 10.0.0.2\n weight 3\n}\nvrrp_track_process p {\n process p\n weight 4\n}\n"
)
TRACK_ALL = (
    "track_script {\n s\n z\n }\ntrack_file {\n f\n g\n }\ntrack_bfd {\n b\n }\ntrack_process {\n p\n }\n"
    "track_interface {\n eth1 weight 6\n }\n"
)


class TestRestricted:
    """Priority 255, and sync groups without tracking weight."""

    def test_the_owner_drops_weights_and_a_file_of_weight_1_becomes_a_fault(self, one):
        found = one(TRACK_ALL, ALL, priority="priority 255")
        assert live(found) == [("script:z", 0, False, "instance"), ("file:f", 0, False, "instance"), OWN]
        assert {why for _, why in ignored(found)} == {"owner"}

    @pytest.mark.parametrize(
        ("keyword", "restricted"), [("", True), ("global_tracking", False), ("sync_group_tracking_weight", False)]
    )
    def test_a_group_drops_the_weights_of_scripts_files_and_bfds(self, resolved, keyword, restricted):
        """Interfaces and processes keep theirs."""
        found = self.grouped(resolved, keyword)
        names = [name for name, *_ in live(found)]
        assert sorted(names) == sorted(
            ["script:z", "file:f", "process:p", "interface:eth1", "interface:eth0"]
            if restricted
            else ["script:s", "script:z", "file:f", "file:g", "bfd:b", "process:p", "interface:eth1", "interface:eth0"]
        )
        file = next(t for t in found.trackers if t.key == "file:f")
        assert (file.weight.value, file.requested.value if file.requested else None) == (
            (0, 1) if restricted else (1, None)
        )

    def test_in_1_4_5_an_interface_s_weight_becomes_0_in_a_group(self, resolved):
        found = self.grouped(resolved, "", "1.4.5")
        assert [entry[:2] for entry in live(found)] == [("script:z", 0), ("interface:eth1", 0), ("interface:eth0", 0)]

    def test_2_1_drops_unweighted_scripts_files_and_bfds_too(self, resolved):
        found = self.grouped(resolved, "", "2.1.5")
        assert {name for name, *_ in live(found)} == {"process:p", "interface:eth1", "interface:eth0"}
        assert ("script:z", "not-connected") in ignored(found)

    @staticmethod
    def grouped(resolved, keyword, release="2.4.3"):
        group = f"vrrp_sync_group G {{\n group {{\n X\n Y\n }}\n {keyword}\n}}\n"
        other = "vrrp_instance Y {\n interface eth0\n virtual_router_id 6\n}\n"
        x = f"vrrp_instance X {{\n interface eth0\n virtual_router_id 5\n {TRACK_ALL}}}\n"
        return resolved(ALL + group + x + other, release).instances[0]


class TestGroups:
    """A sync group's own trackers, and which groups there are."""

    def two(self, resolved, group, x="", y="", release="2.4.3", members="X\n Y"):
        return resolved(
            f"{ALL}vrrp_sync_group G {{\n group {{\n {members}\n }}\n {group}\n}}\n"
            f"vrrp_instance X {{\n interface eth0\n virtual_router_id 5\n {x}\n}}\n"
            f"vrrp_instance Y {{\n interface eth1\n virtual_router_id 6\n {y}\n}}\n",
            release,
        )

    def test_a_group_s_trackers_apply_to_every_member_with_their_weight(self, resolved):
        found = self.two(resolved, "track_script {\n s weight -7\n }")
        for instance in found.instances:
            assert ("script:s", -7, False, "sync_group") in live(instance)

    def test_the_group_s_weight_wins_unless_the_instance_s_is_0(self, resolved):
        """X asks 9, Y asks 0: X gets the group's -7, Y stays at 0."""
        found = self.two(
            resolved,
            "sync_group_tracking_weight\n track_script {\n s weight -7 reverse\n }",
            "track_script {\n s weight 9\n }",
            "track_script {\n s weight 0\n }",
        )
        assert ("script:s", -7, True, "sync_group") in live(found.instances[0])
        assert ("script:s", "overridden") in ignored(found.instances[0])
        assert ("script:s", 0, False, "instance") in live(found.instances[1])
        assert ("script:s", -7, True, "sync_group") not in live(found.instances[1])

    def test_of_a_process_only_the_weight_is_the_group_s(self, resolved):
        found = self.two(resolved, "track_process {\n p weight -7\n }", "track_process {\n p weight 9 reverse\n }")
        assert ("process:p", -7, True, "sync_group") in live(found.instances[0])

    def test_before_2_2_0_a_group_s_process_is_not_connected(self, resolved):
        found = self.two(resolved, "track_process {\n p\n }", release="2.1.5")
        assert ("process:p", "not-connected") in ignored(found.instances[0])

    def test_an_owner_in_the_group_turns_the_group_s_weights_into_faults(self, resolved):
        found = self.two(resolved, "track_script {\n s weight -7\n }", "priority 255", "priority 100")
        assert ("script:s", 0, False, "sync_group") in live(found.instances[1])
        assert found.sync_groups[0].trackers[0].requested.value == -7

    def test_a_script_of_weight_0_on_instance_and_group_silences_all_members(self, resolved):
        found = self.two(resolved, "track_script {\n z\n }", "track_script {\n z\n }")
        assert [instance.silent for instance in found.instances] == ["z", "z"]
        assert [i.silent for i in self.two(resolved, "track_script {\n z\n }").instances] == [None, None]
        weighted = self.two(resolved, "track_script {\n z\n }", "track_script {\n z\n }", release="2.1.5")
        assert [instance.silent for instance in weighted.instances] == [None, None]

    def test_fellows_faults_are_known_without_their_weights(self, resolved):
        """X hangs on Y's own interface and on the file, which can fault with any weight, but not on eth5's weight."""
        found = self.two(
            resolved, "sync_group_tracking_weight", "", "track_file {\n g\n }\n track_interface {\n eth5 weight 3\n }"
        )
        assert [t.key for t in found.instances[0].group_faults] == ["interface:eth0", "file:g", "interface:eth1"]
        assert found.instances[0].group_faults == found.instances[1].group_faults

    @pytest.mark.parametrize(
        ("release", "kept"),
        [
            ("1.2.13", True),
            ("1.2.20", False),
            ("1.3.9", False),
            ("1.4.0", True),
            ("2.0.20", True),
            ("2.1.0", False),
            ("2.2.2", False),
            ("2.2.3", True),
            ("2.4.3", True),
        ],
    )
    def test_a_group_of_one_is_kept_or_removed(self, resolved, release, kept):
        found = self.two(resolved, "", release=release, members="X\n nosuch")
        assert [group.name for group in found.sync_groups] == (["G"] if kept else [])
        assert found.instances[0].sync_group == ("G" if kept else None)

    def test_the_first_group_that_names_an_instance_has_it(self, resolved):
        text = "".join(f"vrrp_sync_group {g} {{\n group {{\n X\n {o}\n }}\n}}\n" for g, o in (("G", "Y"), ("H", "Z")))
        text += "".join(
            f"vrrp_instance {n} {{\n interface eth0\n virtual_router_id {i}\n}}\n" for i, n in enumerate("XYZ", 1)
        )
        found = resolved(text)
        assert [instance.sync_group for instance in found.instances] == ["G", "G", "H"]
        assert [group.members for group in found.sync_groups] == [("X", "Y"), ("Z",)]


class TestHistory:
    """Where the present states alone do not decide."""

    def test_several_unweighted_interfaces_share_one_fault_since_2_3_3(self, one):
        block = "track_interface {\n eth1\n eth2 weight 5\n }"
        assert one(block).history == (("shared-interface-fault", "eth1, eth0"),)
        assert one(block, release="2.3.2").history == ()
        assert one("").history == ()

    def test_a_reload_forgets_reverse_and_old_releases_keep_a_file_s_contribution(self, one):
        reverse = "track_script {\n s weight 5 reverse\n }"
        assert one(reverse, ALL, "2.2.7").history == (("reload-forgets-reverse", "s"),)
        assert one("track_file {\n f\n }", ALL, "2.0.10").history == (
            ("stale-file-sum", "f"),
            ("deleted-file-stale", "f"),
        )
        assert one("track_file {\n f\n }", ALL, "2.2.7").history == ()
