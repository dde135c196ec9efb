"""What keepalived collects from a file: which block, statement or entry counts, and what is odd about the others.

Expected values are what keepalived 2.2.7 does (vrrp_parser.c, vrrp_data.c, track_file.c, bfd_parser.c,
vrrp_ipaddress.c, vrrp_iproute.c, vrrp_iprule.c); tests/daemon/test_show.py asks the daemon itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from kalint.model.config import Config, Settings
from kalint.problem import Problem

Make = Callable[..., Config]


def words(settings: Settings, keyword: str) -> list[str]:
    return [word.text for word in settings[keyword].words[1:]]


def found(problems: Iterable[Problem]) -> list[tuple[str, int, str, str]]:
    return [(problem.kind, problem.span.line, problem.subject, problem.detail) for problem in problems]


def test_an_instance_has_its_settings_addresses_routes_rules_and_peers(config: Make) -> None:
    """Every part of a vrrp_instance that VRRP uses is found where people write it."""
    built = config(
        """vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    priority 110
    authentication {
        auth_type PASS
        auth_pass nobody
    }
    unicast_peer {
        10.0.0.2
        10.0.0.3 min_ttl 10 max_ttl 255
    }
    virtual_ipaddress {
        10.0.0.9/24 dev eth1 label eth1:9
        10.0.0.10
    }
    virtual_ipaddress_excluded {
        fe80::9/64 dev eth2 no_track
    }
    virtual_routes {
        10.9.0.0/24 via 10.0.0.1 dev eth3
    }
    virtual_rules {
        from 10.0.0.0/8 iif eth4 oif eth5 lookup 100 no_track
    }
}
"""
    )
    (instance,) = built.instances
    assert instance.name is not None
    assert instance.name.text == "VI_1"
    assert words(instance.settings, "priority") == ["110"]
    assert words(instance.settings, "auth_type") == ["PASS"]
    assert [entry.keyword for entry in instance.unicast_peers] == ["10.0.0.2", "10.0.0.3"]
    assert [(a.word.text, a.dev and a.dev.text, a.no_track) for a in instance.addresses] == [
        ("10.0.0.9/24", "eth1", False),
        ("10.0.0.10", None, False),
    ]
    assert [(a.word.text, a.dev and a.dev.text, a.no_track) for a in instance.excluded_addresses] == [
        ("fe80::9/64", "eth2", True)
    ]
    assert [([word.text for word in r.devices], r.no_track) for r in instance.routes] == [(["eth3"], False)]
    assert [([word.text for word in r.devices], r.no_track) for r in instance.rules] == [(["eth4", "eth5"], True)]
    assert not built.problems


def test_all_tracking_blocks_of_instances_and_groups_are_collected(config: Make) -> None:
    """One TrackRef for each line, with the options as they are written; a second block adds to the first."""
    built = config(
        """vrrp_sync_group G {
    group {
        A B
        C
    }
    track_script {
        chk weight 5
    }
}
vrrp_instance A {
    track_interface {
        eth1 weight 10 reverse
    }
    track_file {
        load
    }
    track_process {
        proxy weight -3
    }
    track_bfd {
        b1
    }
    track_script {
        one
    }
    track_script {
        two weight 4
    }
}
"""
    )
    (group,) = built.sync_groups
    (instance,) = built.instances
    assert [word.text for word in group.members] == ["A", "B", "C"]
    assert [(ref.kind, ref.name.text, [word.text for word in ref.options]) for ref in group.trackers] == [
        ("script", "chk", ["weight", "5"])
    ]
    assert sorted((ref.kind, ref.name.text, [word.text for word in ref.options]) for ref in instance.trackers) == [
        ("bfd", "b1", []),
        ("file", "load", []),
        ("interface", "eth1", ["weight", "10", "reverse"]),
        ("process", "proxy", ["weight", "-3"]),
        ("script", "one", []),
        ("script", "two", ["weight", "4"]),
    ]


def test_order_tells_what_is_defined_before_the_block_that_tracks_it(config: Make) -> None:
    """A thing is looked up while keepalived reads the tracking line, so the order in the file decides."""
    built = config(
        "vrrp_script early {\n script /bin/true\n}\n"
        "vrrp_instance A {\n track_script {\n early\n late\n }\n}\n"
        "vrrp_script late {\n script /bin/true\n}\n"
    )
    order = {definition.name.text: definition.order for definition in built.definitions}
    assert order["early"] < built.instances[0].trackers[0].order < order["late"]
    assert built.instances[0].trackers[0].order == built.instances[0].order


def test_definitions_of_every_kind_are_found_at_the_top_level(config: Make) -> None:
    """track_file and vrrp_track_file are the same thing."""
    built = config(
        "vrrp_script s {\n script /bin/true\n}\n"
        "track_file f {\n file /f\n}\n"
        "vrrp_track_file g {\n file /g\n}\n"
        "vrrp_track_process p {\n process p\n}\n"
        "bfd_instance b {\n neighbor_ip 10.0.0.2\n}\n"
    )
    assert [(definition.kind, definition.name.text) for definition in built.definitions] == [
        ("script", "s"),
        ("file", "f"),
        ("file", "g"),
        ("process", "p"),
        ("bfd", "b"),
    ]


def test_global_defs_blocks_add_up(config: Make) -> None:
    """Several global_defs blocks are one."""
    built = config("global_defs {\n router_id a\n}\nglobal_defs {\n vrrp_version 3\n}\n")
    assert sorted(built.global_settings) == ["router_id", "vrrp_version"]


@pytest.mark.parametrize(
    ("statements", "keyword", "kept", "lost"),
    [
        (["priority 100", "priority 90"], "priority", ["90"], 2),
        (["state MASTER", "state BACKUP"], "state", ["MASTER"], 3),
        (["state BACKUP", "state MASTER"], "state", ["MASTER"], 2),
        (["state MASTER", "state SLAVE"], "state", ["SLAVE"], 2),
        (["notify /bin/a", "notify /bin/b"], "notify", ["/bin/a"], 3),
    ],
)
def test_one_of_two_statements_counts(
    config: Make, statements: list[str], keyword: str, kept: list[str], lost: int
) -> None:
    """The last wins; but of two states MASTER wins over BACKUP, and the first notify script is kept."""
    built = config("vrrp_instance A {\n" + "\n".join(statements) + "\n}\n")
    assert words(built.instances[0].settings, keyword) == kept
    repeated = [problem for problem in built.problems if problem.kind == "keyword-repeated"]
    assert [(problem.span.line, problem.subject) for problem in repeated] == [(lost, keyword)]
    assert repeated[0].related[0].line == 5 - lost


def test_statement_that_keepalived_ignores_decides_nothing(config: Make) -> None:
    """An invalid advert_int leaves the one before it; an invalid priority becomes the default, so it decides."""
    built = config("vrrp_instance A {\n advert_int 3\n advert_int x\n priority 90\n priority x\n}\n")
    settings = built.instances[0].settings
    assert words(settings, "advert_int") == ["3"]
    assert words(settings, "priority") == ["x"]


def test_later_of_two_opposites_comes_later_in_the_settings(config: Make) -> None:
    """`nopreempt`, `preempt`, `nopreempt`: what was said last is known from the order."""
    built = config("vrrp_instance A {\n nopreempt\n preempt\n nopreempt\n}\n")
    assert list(built.instances[0].settings) == ["preempt", "nopreempt"]


def test_first_script_of_a_name_counts(config: Make) -> None:
    """A repeated vrrp_script: the first wins, and both places are told."""
    built = config("vrrp_script s {\n script /bin/a\n}\nvrrp_script s {\n script /bin/b\n}\n")
    (definition,) = built.definitions
    assert words(definition.settings, "script") == ["/bin/a"]
    assert found(built.problems) == [("definition-duplicate", 4, "script s", "")]
    assert built.problems[0].related[0].line == 1


def test_definition_that_keepalived_drops_leaves_its_name_free(config: Make) -> None:
    """A vrrp_script without `script` is removed at its closing brace, so the second one of the name counts."""
    built = config("vrrp_script s {\n interval 2\n}\nvrrp_script s {\n script /bin/b\n}\n")
    (definition,) = built.definitions
    assert words(definition.settings, "script") == ["/bin/b"]
    assert not built.problems


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("vrrp_script x {\n interval 2\n}\n", False),
        ("track_file x {\n weight 2\n}\n", False),
        ("vrrp_track_process x {\n weight 2\n}\n", False),
        ("bfd_instance x {\n}\n", True),
        ("bfd_instance x {\n checker\n}\n", False),
        ("bfd_instance x {\n checker\n vrrp\n}\n", True),
        ("vrrp_script x {\n script /bin/true\n}\n", True),
        ("vrrp_script x {\n script\n}\n", False),
        ('vrrp_script x {\n script ""\n}\n', False),
        ("track_file x {\n file\n}\n", False),
        ('track_file x {\n file ""\n}\n', True),
        ('vrrp_track_process x {\n process ""\n}\n', True),
    ],
)
def test_definition_that_watches_nothing_is_incomplete(config: Make, text: str, complete: bool) -> None:
    """Scripts, files and processes need what they watch; a bfd_instance no neighbour, but must not be for checkers."""
    (definition,) = config(text).definitions
    assert definition.complete is complete


def test_second_instance_of_a_name_does_not_run(config: Make) -> None:
    """It is "already defined": keepalived skips the block."""
    built = config("vrrp_instance A {\n priority 1\n}\nvrrp_instance A {\n priority 2\n}\n")
    assert [words(instance.settings, "priority") for instance in built.instances] == [["1"]]
    assert found(built.problems) == [("instance-duplicate", 4, "A", "")]


def test_second_group_of_a_name_and_second_group_list_are_skipped(config: Make) -> None:
    """The first vrrp_sync_group of a name counts, and in it the first `group`."""
    built = config(
        "vrrp_sync_group G {\n group {\n A\n }\n group {\n B\n }\n}\nvrrp_sync_group G {\n group {\n C\n }\n}\n"
    )
    assert [[word.text for word in group.members] for group in built.sync_groups] == [["A"]]
    assert [(kind, line) for kind, line, _, _ in found(built.problems)] == [
        ("keyword-repeated", 5),
        ("definition-duplicate", 9),
    ]


@pytest.mark.parametrize("head", ["vrrp_instance", "vrrp_instance A B", "vrrp_sync_group", "track_group"])
def test_block_without_one_name_is_skipped_and_reported(config: Make, head: str) -> None:
    """Exactly one name is wanted, else keepalived skips the block."""
    built = config(head + " {\n}\n")
    assert not built.instances
    assert not built.sync_groups
    assert [problem.kind for problem in built.problems] in (["argument-missing"], ["value-invalid"])


def test_unknown_keyword_is_one_finding_and_its_block_is_skipped(config: Make) -> None:
    """What stands in the block of a misspelt keyword is not judged again, and what follows it is read."""
    built = config("vrrp_instance A {\n virtual_ipadress {\n 10.0.0.1\n priority x\n }\n priority 90\n}\n")
    assert found(built.problems) == [("keyword-unknown", 2, "virtual_ipadress", "virtual_ipaddress")]
    assert words(built.instances[0].settings, "priority") == ["90"]


def test_misplaced_keyword_says_where_it_belongs(config: Make) -> None:
    """A keyword of another block."""
    built = config("vrrp_script s {\n script /bin/true\n router_id a\n}\ntrack_script {\n s\n}\n")
    assert found(built.problems) == [
        ("keyword-misplaced", 3, "router_id", "vrrp_script; global_defs; "),
        ("keyword-misplaced", 5, "track_script", "the top level; vrrp_instance, vrrp_sync_group; "),
    ]


def test_keyword_of_another_release_does_nothing(config: Make) -> None:
    """track_process came with 2.0.11: 2.0.10 knows neither the definition nor the tracking block."""
    text = "vrrp_track_process p {\n process p\n}\nvrrp_instance A {\n track_process {\n p\n }\n}\n"
    assert len(config(text, "2.0.11").instances[0].trackers) == 1
    built = config(text, "2.0.10")
    assert not built.instances[0].trackers
    assert not built.definitions
    assert found(built.problems) == [
        ("keyword-release", 1, "vrrp_track_process", "since 2.0.11"),
        ("keyword-release", 5, "track_process", "since 2.0.11"),
    ]


def test_value_out_of_range_is_reported_where_it_stands(config: Make) -> None:
    """The table's ranges, wherever a block may be nested."""
    built = config(
        "vrrp_instance A {\n priority 256\n}\n"
        "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n TCP_CHECK {\n connect_timeout x\n }\n }\n}\n"
    )
    assert [(kind, line, subject) for kind, line, subject, _ in found(built.problems)] == [
        ("value-invalid", 2, "256"),
        ("value-invalid", 7, "x"),
    ]


def test_password_never_appears_in_a_problem(config: Make) -> None:
    """Even where the words of its line are odd."""
    built = config("vrrp_instance A {\n authentication {\n auth_type PASS\n auth_pass hunter2 hunter3\n }\n}\n")
    assert built.problems
    assert "hunter" not in " ".join(problem.subject + problem.detail for problem in built.problems)


@pytest.mark.parametrize(
    ("text", "kind", "line", "subject"),
    [
        ("vrrp_instance A {\n virtual_ipaddress\n}\n", "brace-missing", 2, "virtual_ipaddress"),
        ("vrrp_instance A\n", "brace-missing", 1, "vrrp_instance"),
        ("vrrp_instance A {\n priority 100 {\n }\n}\n", "brace-unexpected", 2, "priority"),
        ("vrrp_instance A {\n track_script {\n s {\n }\n }\n}\n", "brace-unexpected", 3, "track_script"),
    ],
)
def test_braces_where_a_keyword_wants_others(config: Make, text: str, kind: str, line: int, subject: str) -> None:
    """A block without braces, and braces after a keyword that takes none."""
    assert found(config(text).problems)[:1] == [(kind, line, subject, "")]


@pytest.mark.parametrize(
    ("entry", "devices"),
    [
        ("default via 10.0.0.1 dev eth1", ["eth1"]),
        ("10.9.0.0/24 dev eth1 oif eth2", ["eth2"]),
        ("10.9.0.0/24 nexthop via 10.0.0.1 dev eth1 nexthop via 10.0.0.2 dev eth2", []),
        ("blackhole 10.9.0.0/24", []),
    ],
)
def test_device_of_a_route(config: Make, entry: str, devices: list[str]) -> None:
    """The last `dev` counts; keepalived does not track the devices of next hops."""
    built = config("vrrp_instance A {\n virtual_routes {\n " + entry + "\n }\n}\n")
    assert [word.text for word in built.instances[0].routes[0].devices] == devices


def test_label_named_dev_is_no_device(config: Make) -> None:
    """A word that an option takes is not an option."""
    built = config("vrrp_instance A {\n virtual_ipaddress {\n 10.0.0.9 label dev dev eth1\n }\n}\n")
    (address,) = built.instances[0].addresses
    assert address.dev is not None
    assert address.dev.text == "eth1"


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ("label eth0:0123456789", None),
        ("label eth0:0123456789a", "label"),
        ("dev eth1 dev eth2", "dev"),
        ("scope", "scope"),
        ("brd -", None),
        ("brd 10.0.0.255", None),
        ("brd 10.0.0.256", "brd"),
        ("nonsense dev eth1", None),
    ],
)
def test_option_for_which_an_address_is_dropped(config: Make, options: str, refused: str | None) -> None:
    """A long label, a second device, a broadcast address that is none, an option without its value."""
    built = config("vrrp_instance A {\n virtual_ipaddress {\n 10.0.0.9/24 " + options + "\n }\n}\n")
    (address,) = built.instances[0].addresses
    assert (address.refused and address.refused.text) == refused


def test_broadcast_belongs_to_ipv4(config: Make) -> None:
    """An IPv6 address with one is dropped."""
    built = config("vrrp_instance A {\n virtual_ipaddress {\n fe80::1 brd +\n }\n}\n")
    assert built.instances[0].addresses[0].refused is not None


def test_static_devices_of_a_track_group_are_tracked_by_its_members(config: Make) -> None:
    """An address, route or rule with `track_group` makes the group's instances track its device, unless no_track.

    A track_group that is defined only afterwards is not found.
    """
    built = config(
        "static_ipaddress {\n 10.1.0.1/24 dev eth9 track_group T\n}\n"
        "track_group T {\n group {\n A\n B\n }\n}\n"
        "static_ipaddress {\n 10.1.0.1/24 dev eth1 track_group T\n 10.1.0.2/24 dev eth2\n"
        " 10.1.0.3/24 dev eth7 no_track track_group T\n 10.1.0.4/24 track_group T\n}\n"
        "static_routes {\n 10.2.0.0/24 dev eth3 track_group T\n 10.3.0.0/24 dev eth4 track_group T no_track\n}\n"
        "static_rules {\n from 10.0.0.0/8 iif eth5 oif eth6 table 9 track_group T\n}\n"
    )
    assert [(t.origin, t.where.text, [word.text for word in t.instances]) for t in built.static_trackers] == [
        ("address", "eth1", ["A", "B"]),
        ("address", "10.1.0.4/24", ["A", "B"]),
        ("route", "eth3", ["A", "B"]),
        ("rule", "eth5", ["A", "B"]),
    ]
    assert [t.device is None for t in built.static_trackers] == [False, True, False, False]


def test_statements_of_the_top_level_are_repeated_too(config: Make) -> None:
    """The daemon says "Duplicate instance definition 2 - ignoring"; blocks add up."""
    built = config(
        "instance 1\nglobal_defs {\n}\nlinkbeat_use_polling\ninstance 2\nglobal_defs {\n}\nchild_wait_time 5\n"
    )

    assert [(one.kind, one.span.line, one.related[0].line) for one in built.problems] == [("keyword-repeated", 5, 1)]


def test_a_block_without_entries(config: Make) -> None:
    """The daemon says "Warning - empty notification_email block"; other empty blocks pass in silence."""
    built = config("global_defs {\n  notification_email {\n  }\n}\nstatic_routes {\n}\n")

    assert found(built.problems) == [
        (
            "argument-missing",
            2,
            "notification_email",
            "an entry between its braces; without one keepalived sends no mail",
        )
    ]
