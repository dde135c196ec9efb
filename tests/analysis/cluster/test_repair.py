"""The weight that is proposed moves the master, and the next smaller one does not."""

from __future__ import annotations

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.cluster.repair import Repair, smallest
from kalint.pipeline.reading import Request, load
from kalint.text import Options

NODE = """vrrp_script chk {{
    script /bin/true
    weight {weight}
}}
vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 5
    priority {priority}
    {option}
    {tracker}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""
TRACKER = "track_script {\n        chk\n    }"


def nodes(weights: tuple[int | None, int | None], priorities: tuple[int, int], option: str = "") -> list[Node]:
    """Nodes a and b; a weight of None is a node that does not track the script."""
    found = []
    for name, weight, priority in zip("ab", weights, priorities, strict=True):
        tracker = "" if weight is None else TRACKER
        text = NODE.format(weight=weight or 0, priority=priority, tracker=tracker, option=option * (name == "b"))
        found.append(Node(name, load(name, text.encode(), Request(Options(config_id=name))).resolved))
    return found


def moved(weights: tuple[int | None, int | None], priorities: tuple[int, int]) -> bool:
    """Whether a is master on a good day, and b after the failure of a's script, with values as files have them."""
    (answer,) = analyse(nodes(weights, priorities)).answers
    failure = next(each for each in answer.failures if (each.node, each.thing) == ("a", "script:chk"))
    return answer.masters == ("a",) and failure.masters == ("b",)


def mended(weights: tuple[int | None, int | None], priorities: tuple[int, int], value: int, repair: Repair) -> bool:
    """Whether the failure moves the master with this value of what the repair changes."""
    place = ["ab".index(node) for node in repair.nodes]
    if repair.keyword == "priority":
        one, other = (value if index in place else each for index, each in enumerate(priorities))
        return moved(weights, (one, other))
    first, second = (value if index in place else each for index, each in enumerate(weights))
    return moved((first, second), priorities)


@pytest.mark.parametrize(
    ("weights", "priorities", "expected"),
    [
        ((-5, None), (110, 100), Repair(-11, ("a",), "weight", 6)),
        ((-5, -5), (110, 100), Repair(-11, ("a",), "weight", 6)),
        ((2, 2), (200, 100), Repair(101, ("a", "b"), "weight", 99)),
        ((2, None), (200, 99), Repair(98, ("a",), "priority", 102)),
        ((-10, None), (110, 100), Repair(-11, ("a",), "weight", 1)),
        ((-200, None), (254, 3), Repair(-252, ("a",), "weight", 52)),
    ],
)
def test_the_smallest_change(
    weights: tuple[int | None, int | None], priorities: tuple[int, int], expected: Repair
) -> None:
    """Worked out by hand: more than the gap, on all nodes for a positive weight; a priority where that is less."""
    (answer,) = analyse(nodes(weights, priorities)).answers
    assert smallest(answer.router, "a", "script:chk") == expected
    assert mended(weights, priorities, expected.value, expected)
    now = (weights if expected.keyword == "weight" else priorities)["ab".index(expected.nodes[0])] or 0
    less = expected.value - 1 if expected.value > now else expected.value + 1
    assert not mended(weights, priorities, less, expected)


def test_no_other_failure_gets_another_outcome() -> None:
    """A priority of 99 is nearer than a weight of -51, but with it a check that is to move nothing would move a."""
    text = NODE.format(weight=2, priority=150, option="", tracker=TRACKER)
    other = "vrrp_script slow {\n    script /bin/true\n    weight -5\n}\n"
    first = other + text.replace("        chk\n", "        chk\n        slow\n")
    second = NODE.format(weight=0, priority=100, option="", tracker="")
    for written, expected in ((first, Repair(-51, ("a",), "weight", 53)), (text, Repair(99, ("a",), "priority", 51))):
        found = [
            Node(name, load(name, each.encode(), Request(Options(config_id=name))).resolved)
            for name, each in (("a", written), ("b", second))
        ]
        (answer,) = analyse(found).answers
        assert smallest(answer.router, "a", "script:chk") == expected


def test_no_weight_helps_against_nopreempt() -> None:
    """B never takes over from a living master."""
    (answer,) = analyse(nodes((-5, None), (110, 100), "nopreempt")).answers
    assert smallest(answer.router, "a", "script:chk") is None
