"""What KA213 and KA306 claim of a cluster, real nodes do."""

from __future__ import annotations

from answers import resolved
from cluster_lab import ADVERT, ClusterLab, Masters, global_defs, instance, script

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.rules.cluster import judge

SIGNS, NEAR, FAR = 1, range(10, 18), range(20, 28)
MASTER, HIGHER = 200, 199
ADDRESSES = {"a": ["10.9.0.1/24"], "b": ["10.9.0.2/24"], "c": ["10.9.0.3/24"]}


def node(priority: int, weight: int, near: int, far: int) -> str:
    """One router with a check, others whose backups are near to each other or far apart, with nopreempt."""
    tracked = instance(SIGNS, priority, [f"track_script {{\n        chk weight {weight}\n    }}"])
    stays = [] if near == MASTER else ["nopreempt"]
    waiting = [instance(vrid, near, stays) for vrid in NEAR]
    waiting += [instance(vrid, far, stays) for vrid in FAR]
    return global_defs() + script("chk") + tracked + "".join(waiting)


CONFIGS = {"a": node(90, 20, MASTER, MASTER), "b": node(100, -20, 101, HIGHER), "c": node(50, -20, 100, 1)}


def found(code: str) -> set[int]:
    """The VRIDs of a code's findings, as kalint judges the files."""
    nodes = [Node(name, resolved(f"{name}.conf", text.encode(), name)) for name, text in CONFIGS.items()]
    lines = {name: text.splitlines() for name, text in CONFIGS.items()}
    vrids = set()
    for diagnostic in judge(analyse(nodes), (code,)):
        before = lines[diagnostic.span.file.partition(".")[0]][: diagnostic.span.line]
        vrids.add(next(int(line.split()[1][1:]) for line in reversed(before) if line.startswith("vrrp_instance")))
    return vrids


def who(masters: Masters, vrid: int) -> list[tuple[str, int]]:
    return [(master.node, master.priority) for master in masters.get(vrid, ())]


def test_signs_and_timers() -> None:
    """KA213: the lower base is master on a good day, and one failure of the same check moves it to and fro.

    KA306: of backups whose timers end together either may become master, and stays; of those far apart the higher does.
    """
    assert found("KA306") == set(NEAR)
    assert len(found("KA213")) == 1
    with ClusterLab(ADDRESSES) as lab:
        for name in CONFIGS:
            lab.set(name, {"script:chk": "ok"})
        lab.start("a", CONFIGS["a"])
        lab.settle()
        lab.start("b", CONFIGS["b"])
        lab.start("c", CONFIGS["c"])
        assert who(lab.settle(wait=2), SIGNS) == [("a", 110)]
        lab.set("a", {"script:chk": "ko"})
        assert who(lab.settle(), SIGNS) == [("b", 100)]
        lab.set("b", {"script:chk": "ko"})
        assert who(lab.settle(), SIGNS) == [("a", 90)]
        lab.kill("a")
        masters = lab.settle(wait=6 * ADVERT)
        assert [who(masters, vrid) for vrid in FAR] == [[("b", HIGHER)]] * len(FAR)
        assert all(who(masters, vrid) in ([("b", 101)], [("c", 100)]) for vrid in NEAR)
