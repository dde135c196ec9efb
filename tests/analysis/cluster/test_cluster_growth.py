"""Clusters of many instances: the work grows as the rows of the answer do, counted in calls and never by a clock."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest

from kalint.analysis.checked_cluster import CheckedCluster
from kalint.analysis.cluster import election
from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.candidate import Candidate
from kalint.analysis.cluster.members import Node
from kalint.analysis.cluster.results import Cluster
from kalint.pipeline.reading import Request, load
from kalint.report import cluster_text
from kalint.text import Options

FEW = 10
"""Instances of a node in the smaller of two clusters; the other has four times as many."""


def node(name: str, priority: int, count: int, grouped: bool, tracked: str | None) -> Node:
    """Instances with an ID of their own, in one sync group or in none, with a script of their own or without."""
    members = "".join(f"        V{number}\n" for number in range(count))
    text = f"vrrp_sync_group G {{\n    group {{\n{members}    }}\n}}\n" if grouped else ""
    for number in range(count):
        track = ""
        if tracked is not None:
            text += f"vrrp_script s{number} {{\n    script /bin/true\n}}\n"
            track = f"    track_script {{\n        s{number}{tracked}\n    }}\n"
        text += (
            f"vrrp_instance V{number} {{\n    interface eth0\n    virtual_router_id {number + 1}\n"
            f"    priority {priority}\n{track}    virtual_ipaddress {{\n        10.0.0.{number + 1}/24\n    }}\n}}\n"
        )
    return Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)


def answer(count: int, grouped: bool, tracked: str | None) -> Callable[[], Cluster]:
    nodes = [node(name, priority, count, grouped, tracked) for name, priority in (("a", 100), ("b", 90))]
    return lambda: analyse(nodes)


@pytest.mark.parametrize("tracked", [None, " weight -20"], ids=["no scripts", "weights"])
@pytest.mark.parametrize("grouped", [True, False], ids=["one group", "no group"])
def test_four_times_as_many_instances_take_four_times_the_work(
    grouped: bool, tracked: str | None, count_calls: Callable[[Callable[[], object]], int]
) -> None:
    """Members of a group move together: what one router has asked is not worked out again for the next."""
    answer(FEW, grouped, tracked)()  # imports and what is worked out once
    few, many = (count_calls(answer(count, grouped, tracked)) for count in (FEW, 4 * FEW))
    assert many < 4.5 * few


def test_scripts_of_their_own_that_fault_a_group_take_the_square_of_it(
    count_calls: Callable[[Callable[[], object]], int],
) -> None:
    """Each router has a row for the script of each member, and no more than that."""
    answer(FEW, True, "")()
    few, many = (count_calls(answer(count, True, "")) for count in (FEW, 4 * FEW))
    assert many < 17 * few


def tracking(name: str, priority: int, count: int, kind: str, weight: Callable[[int], int]) -> Node:
    """One instance with this many files or scripts."""
    first = {"file": "file /run/t", "script": "script /bin/true"}[kind]
    text = "".join(
        f"vrrp_{'track_file' if kind == 'file' else 'script'} t{number} {{\n    {first}{number}\n"
        f"    weight {weight(number)}\n}}\n"
        for number in range(count)
    )
    names = "".join(f"        t{number}\n" for number in range(count))
    text += (
        f"vrrp_instance V {{\n    interface eth0\n    virtual_router_id 1\n    priority {priority}\n"
        f"    track_{kind} {{\n{names}    }}\n    virtual_ipaddress {{\n        10.0.0.1/24\n    }}\n}}\n"
    )
    return Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)


@pytest.mark.parametrize("show", [False, True], ids=["answers", "text"])
@pytest.mark.parametrize(
    ("kind", "weight"),
    [("file", lambda _: 1), ("file", lambda number: -150 - number), ("script", lambda _: -1)],
    ids=["equal files", "different files", "equal scripts"],
)
def test_four_times_as_many_trackers_of_an_instance_take_four_times_the_work(
    kind: str,
    weight: Callable[[int], int],
    show: bool,
    count_calls: Callable[[Callable[[], object]], int],
) -> None:
    """Hundreds of states of hundreds of files: what one of them does is not worked out by going through all others."""

    def work(count: int) -> Callable[[], object]:
        nodes = [tracking(name, priority, count, kind, weight) for name, priority in (("a", 100), ("b", 90))]

        def run() -> object:
            found = analyse(nodes)
            return cluster_text.render([CheckedCluster(None, found)], StringIO()) if show else found

        return run

    work(3 * FEW)()
    few, many = (count_calls(work(count)) for count in (3 * FEW, 12 * FEW))
    assert many < 7 * few, "about 4 times, and a logarithm of the sums; the square would be 16 times"


def test_files_that_do_the_same_have_the_same_rows() -> None:
    """What is worked out for one file holds for the other, with its own name."""
    answer = analyse([tracking(name, 100, 2, "file", lambda _: 1) for name in ("a", "b")]).answers[0]
    rows = {thing: [each for each in answer.failures if each.thing == thing] for thing in ("file:t0", "file:t1")}
    assert len(rows["file:t0"]) > 2
    for one, other in zip(rows["file:t0"], rows["file:t1"], strict=True):
        assert other.states == {other.node: {"file:t1": other.state}}
        assert one._replace(thing="", states={}) == other._replace(thing="", states={})


def test_a_group_with_many_scripts_has_exact_answers() -> None:
    """Scripts that do the same are asked about once, so that there are not too many."""
    found = answer(30, True, "")()
    assert {each.unanswered for each in found.answers} == {""}
    assert {power for each in found.answers for power in each.powers.values()} == {(True, True)}


def test_an_election_of_many_nodes_takes_no_more_than_one_of_few(
    count_calls: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two halves that reject each other's adverts have too many orders to walk through, and each state costs more."""
    monkeypatch.setattr(election, "MOST", 500)

    def half(count: int) -> Callable[[], object]:
        names = [f"n{number}" for number in range(count)]
        hears = [dict.fromkeys(names[1 - number % 2 :: 2], "rejected") for number in range(count)]
        nodes = [Candidate(name, 1, 100, hears=deaf) for name, deaf in zip(names, hears, strict=True)]
        return lambda: election.settle(nodes, start=True)

    few, many = (count_calls(half(count)) for count in (20, 40))
    assert many < 1.3 * few
