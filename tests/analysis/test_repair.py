"""The weight that is proposed moves the master, and the next smaller one does not."""

from __future__ import annotations

import pytest

from kalint.analysis.answers import analyse
from kalint.analysis.cluster import Node
from kalint.analysis.repair import Repair, smallest_weight
from kalint.pipeline import Request, load
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
    """Whether a is master on a good day, and b after the failure of a's script, with weights as files have them."""
    (answer,) = analyse(nodes(weights, priorities)).answers
    failure = next(each for each in answer.failures if (each.node, each.thing) == ("a", "script:chk"))
    return answer.masters == ("a",) and failure.masters == ("b",)


@pytest.mark.parametrize(
    ("weights", "priorities", "expected"),
    [
        ((-5, None), (110, 100), Repair(-11, ("a",))),
        ((-5, -5), (110, 100), Repair(-11, ("a",))),
        ((2, 2), (200, 100), Repair(101, ("a", "b"))),
        ((2, None), (200, 99), Repair(-102, ("a",))),
        ((-10, None), (110, 100), Repair(-11, ("a",))),
    ],
)
def test_the_smallest_weight(
    weights: tuple[int | None, int | None], priorities: tuple[int, int], expected: Repair
) -> None:
    """Worked out by hand: more than the gap; a positive one on all nodes, or a negative one where only a tracks."""
    (answer,) = analyse(nodes(weights, priorities)).answers
    assert smallest_weight(answer.router, "a", "script:chk") == expected
    size = expected.weight
    both = size if "b" in expected.nodes else weights[1]
    assert moved((size, both), priorities)
    less = size - 1 if size > 0 else size + 1
    assert not moved((less, less if "b" in expected.nodes else weights[1]), priorities)


def test_no_weight_helps_against_nopreempt() -> None:
    """B never takes over from a living master."""
    (answer,) = analyse(nodes((-5, None), (110, 100), "nopreempt")).answers
    assert smallest_weight(answer.router, "a", "script:chk") is None
