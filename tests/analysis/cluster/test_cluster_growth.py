"""Clusters of many instances: the work grows as the rows of the answer do, counted in calls and never by a clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.cluster.results import Cluster
from kalint.pipeline.reading import Request, load
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


def test_a_group_with_many_scripts_has_exact_answers() -> None:
    """Scripts that do the same are asked about once, so that there are not too many."""
    found = answer(30, True, "")()
    assert {each.unanswered for each in found.answers} == {""}
    assert {power for each in found.answers for power in each.powers.values()} == {(True, True)}
