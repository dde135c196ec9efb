"""Three nodes with nopreempt and one priority: whoever of the backups takes over, one master is left."""

from __future__ import annotations

from cluster_lab import ADVERT, ClusterLab, global_defs, instance

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load

CONFIG = global_defs() + instance(1, 100, ("nopreempt",), ADVERT)
NAMES = ("a", "b", "c")


def test_one_master_is_left_when_the_master_of_three_equals_stops() -> None:
    """Kalint names both backups (KA802); the daemons of a moment with two masters end with one of them."""
    nodes = [Node(name, load(f"{name}.conf", CONFIG.encode(), Request()).resolved) for name in NAMES]
    (answer,) = analyse(nodes).answers
    named = {name for masters in answer.possible for name in masters}
    assert named == set(NAMES)
    with ClusterLab({name: [f"10.9.0.{number}/24"] for number, name in enumerate(NAMES, 1)}) as lab:
        for name in NAMES:
            lab.start(name, CONFIG)
        (first,) = lab.settle()[1]
        lab.stop(first.node)
        (second,) = lab.settle()[1]
    assert second.node in named - {first.node}
