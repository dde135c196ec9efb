"""What is said of a cluster over all combinations is what going through every combination finds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.candidates import candidate_of
from kalint.analysis.cluster.election import settle
from kalint.analysis.cluster.members import Node, Router
from kalint.analysis.cluster.results import Answer, Cluster
from kalint.analysis.reach.reachable import Thing
from kalint.pipeline.reading import Request, load
from kalint.semantics.priority import outcome
from kalint.text import Options

INSTANCE = """vrrp_instance VI_{vrid} {{
    interface {interface}
    virtual_router_id {vrid}
    priority {priority}
    {options}
    {trackers}
    virtual_ipaddress {{
        10.0.0.{vrid}/24
    }}
}}
"""


def instance(
    priority: int, *weights: int, vrid: int = 5, options: str = "", interface: str = "eth0", trackers: str = ""
) -> str:
    """An instance that tracks a script for each weight; without dont_track_primary an interface could fault it too."""
    scripts = "".join(
        f"vrrp_script c{vrid}_{number} {{\n    script /bin/true\n    weight {weight}\n}}\n"
        for number, weight in enumerate(weights)
    )
    lines = "\n".join([f"c{vrid}_{number}" for number in range(len(weights))] + trackers.split())
    trackers = f"track_script {{\n{lines}\n}}" if lines else ""
    return scripts + INSTANCE.format(
        vrid=vrid, priority=priority, options=options, trackers=trackers, interface=interface
    )


def cluster(**texts: str) -> Cluster:
    return analyse(
        [
            Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)
            for name, text in texts.items()
        ]
    )


def answer(**texts: str) -> Answer:
    (found,) = cluster(**texts).answers
    return found


ALONE = "dont_track_primary"


def test_a_weight_too_small_moves_nobody() -> None:
    """110 with -5 stays above 100: no combination of the other node's states makes its failure count."""
    found = answer(a=instance(110, -5, options=ALONE), b=instance(100, -5, options=ALONE))
    assert found.masters == ("a",)
    assert found.decided_by == "priority"
    assert not found.powers["a", "script:c5_0"].loses
    assert [(each.node, each.thing, each.masters) for each in found.failures] == [
        ("a", "script:c5_0", ("a",)),
        ("a", "interface:eth0", ("b",)),
        ("a", "daemon", ("b",)),
        ("b", "script:c5_0", ("a",)),
        ("b", "interface:eth0", ("a",)),
        ("b", "daemon", ("a",)),
    ]
    assert found.never_masters == ("b",)
    assert found.move is None


def test_a_weight_that_is_large_enough_moves_the_master() -> None:
    found = answer(a=instance(110, -20), b=instance(100))
    assert found.failures[0].priorities == {"a": 90, "b": 100}
    assert found.failures[0].masters == ("b",)
    assert found.powers["a", "script:c5_0"] == (True, True)


def test_two_small_weights_move_it_together() -> None:
    """Neither alone is enough, so no single failure shows it."""
    found = answer(a=instance(110, -6, -6, options=ALONE), b=instance(100, options=ALONE))
    assert [each.masters for each in found.failures if each.node == "a"] == [("a",), ("a",), ("b",), ("b",)]
    assert found.powers["a", "script:c5_0"].loses
    assert found.move is not None
    assert found.move.witness == {"a": {"script:c5_0": "ko", "script:c5_1": "ko"}, "b": {}}


def test_a_tie_has_its_smallest_witness() -> None:
    found = answer(a=instance(110, -10), b=instance(100))
    (tie,) = found.ties
    assert (tie.nodes, tie.priority, tie.witness) == (("a", "b"), 100, {"a": {"script:c5_0": "ko"}, "b": {}})


def test_equal_priorities_are_undetermined() -> None:
    """The known addresses order the names, but which timer ends first is not known."""
    found = answer(a=instance(100, options="mcast_src_ip 10.0.0.1"), b=instance(100, options="mcast_src_ip 10.0.0.2"))
    assert (found.masters, found.decided_by) == (("b", "a"), "undetermined")


def test_owners_are_told_apart_by_address() -> None:
    """On a release where two owners at once are decided by the address; 192.0.2.2 is the higher one."""
    options = "state MASTER\nmcast_src_ip 192.0.2."
    found = answer(a=instance(255, options=options + "1"), b=instance(255, options=options + "2"))
    assert (found.masters, found.decided_by) == (("b",), "address")


def test_nobody_is_left_when_all_fault() -> None:
    found = answer(a=instance(110), b=instance(100))
    assert found.no_master is not None
    assert found.no_master.witness == {"a": {"interface:eth0": "down"}, "b": {"interface:eth0": "down"}}
    assert answer(a=instance(110, options=ALONE), b=instance(100)).no_master is None


def test_a_node_that_stays_below_never_wins() -> None:
    found = answer(a=instance(200, -20, options=ALONE), b=instance(150, 10, options=ALONE))
    assert found.never_masters == ("b",)


def test_nopreempt_keeps_the_master() -> None:
    """The failure lowers a to 80, and b does not take over; at the start whoever is first stays."""
    options = f"nopreempt\n{ALONE}"
    found = answer(a=instance(110, -30, options=options), b=instance(100, options=options))
    assert (found.masters, found.decided_by) == (("a", "b"), "undetermined")
    assert found.failures[0].masters == ("a", "b")
    assert found.powers["a", "script:c5_0"] == (False, False)


def test_one_vrid_on_two_interfaces_is_two_routers() -> None:
    """The interfaces' names say which instances meet."""
    node = instance(100) + instance(100, interface="eth1").replace("VI_5", "VI_6")
    found = cluster(a=node, b=node)
    assert [[each.instance.name for each in one.router.members] for one in found.answers] == [
        ["VI_5", "VI_5"],
        ["VI_6", "VI_6"],
    ]


def test_what_has_no_counterpart_is_said() -> None:
    found = cluster(a=instance(100) + instance(100, vrid=7), b=instance(90))
    assert [(one.node, one.instance.name, one.reason) for one in found.alone] == [
        ("a", "VI_7", "no other node has this VRID in this address family")
    ]


def test_a_group_moves_as_a_whole() -> None:
    """The check lowers one member only, and the group has to win both: nothing moves.

    But where b was there first, a wins both back only with the check.
    """
    group = "vrrp_sync_group G {\n    group {\n        VI_5\n        VI_7\n    }\n    sync_group_tracking_weight\n}\n"
    node = instance(110, -30, options=ALONE) + instance(110, vrid=7, options=ALONE) + group
    other = instance(100, options=ALONE) + instance(100, vrid=7, options=ALONE) + group
    for found in cluster(a=node, b=other).answers:
        assert found.masters == ("a",)
        assert [each.masters for each in found.failures if each.thing == "script:c5_0"] in ([("a",)], [])
        assert found.powers == {("a", "script:c5_0"): (False, True)}


def states(router: Router) -> Iterator[dict[str, dict[str, str]]]:
    """Every combination of everything."""
    members = [
        [
            dict(zip([thing.key for thing in member.reach.things], chosen, strict=True))
            for chosen in product(*[[choice.state for choice in thing.choices] for thing in member.reach.things])
        ]
        for member in router.members
    ]
    for combination in product(*members):
        yield {member.node.name: each for member, each in zip(router.members, combination, strict=True)}


def held(router: Router, state: Mapping[str, Mapping[str, str]], master: str | None) -> set[str | None]:
    """Who may be master in a state from a master before."""
    candidates = [
        candidate_of(
            member.node.name,
            1,
            member.instance,
            member.node.resolved.profile,
            outcome(member.instance, state[member.node.name], member.node.resolved.profile),
            None,
            member.node.name == master,
        )
        for member in router.members
    ]
    (found,) = settle(candidates)
    return {next(iter(names), None) for names in found.masters(1)}


def moving(router: Router, name: str, thing: Thing) -> tuple[bool, bool]:
    """Whether, by going through everything, the thing can take the master away from its node, and give it to it."""
    loses = gains = False
    names = [member.node.name for member in router.members]
    for state in states(router):
        for choice in thing.choices:
            after = {**state, name: {**state[name], thing.key: choice.state}}
            for master in (*names, None):
                if master not in held(router, state, master):
                    continue
                then = held(router, after, master)
                loses |= master == name and name not in then
                gains |= master != name and then == {name}
    return loses, gains


def drawn(seed: int) -> Router:
    draw = random.Random(seed)
    texts = {}
    for name in "abc"[: draw.choice((2, 2, 3))]:
        weights = [draw.choice((-40, -20, -10, 5, 10, 30)) for _ in range(draw.choice((0, 1, 2)))]
        options = draw.choice((ALONE, ALONE, "", f"nopreempt\n{ALONE}"))
        texts[name] = instance(draw.choice((90, 100, 105, 110, 120)), *weights, options=options)
    return answer(**texts).router


@pytest.mark.parametrize("seed", range(60))
def test_all_combinations(seed: int) -> None:
    """Ties, nodes that never win, nobody left, and the power of each thing, on clusters drawn at random."""
    router = drawn(seed)
    (found,) = analyse([member.node for member in router.members]).answers
    everything = list(states(router))
    priorities = [
        {
            member.node.name: outcome(member.instance, state[member.node.name], member.node.resolved.profile)
            for member in router.members
        }
        for state in everything
    ]
    names = [member.node.name for member in router.members]
    never = [name for name in names if all(name not in held(router, state, name) for state in everything)]
    assert list(found.never_masters) == never
    assert (found.no_master is not None) == any(all(p is None for p in each.values()) for each in priorities)
    tied = {
        (one, other)
        for each in priorities
        for index, one in enumerate(names)
        for other in names[index + 1 :]
        if each[one] is not None
        and each[one] == each[other]
        and all((each[name] or 0) < (each[one] or 0) for name in names if name not in (one, other))
    }
    assert {tie.nodes for tie in found.ties} == tied
    for member in router.members:
        for thing in member.reach.things:
            expected = moving(router, member.node.name, thing)
            assert tuple(found.powers[member.node.name, thing.key]) == expected, (member.node.name, thing.key)


def test_a_dropped_tracker_has_a_row() -> None:
    """A sync group drops the weights of its members, and an undefined script is dropped: nothing they do counts."""
    group = "vrrp_sync_group G {\n    group {\n        VI_5\n        VI_6\n    }\n}\n"
    both = cluster(
        a=group + instance(110, -20, vrid=5) + instance(110, vrid=6),
        b=group + instance(100, vrid=5) + instance(100, vrid=6, trackers="nowhere"),
    )
    first, second = both.answers
    (row,) = [each for each in first.failures if each.ignored]
    assert (row.node, row.thing, row.state, row.ignored) == ("a", "script:c5_0", "ko", "sync-group")
    assert row.possible == first.possible == (("a",),)
    assert ("a", "script:c5_0") in first.useless
    assert [(each.thing, each.ignored) for each in second.failures if each.ignored] == [("script:nowhere", "undefined")]
