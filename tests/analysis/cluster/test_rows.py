"""Rows of the matrix that are no tracker of the router itself: a dead link, another member's things, a reload."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.cluster.results import Cluster, Failure
from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

GROUP = "vrrp_sync_group G {\n group {\n V10\n V11\n }\n}\n"
FILE = "track_file f {\n file /var/lib/x/f\n weight 1\n}\n"


def instance(vrid: int, priority: int, *lines: str) -> str:
    body = "\n ".join(lines)
    return (
        f"vrrp_instance V{vrid} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n {body}\n"
        f" virtual_ipaddress {{\n  192.0.2.{vrid}\n }}\n}}\n"
    )


def analysed(release: str = "2.2.7", **texts: str) -> Cluster:
    request = Request(version=parse_version(release))
    return analyse([Node(name, load(f"{name}.conf", text.encode(), request).resolved) for name, text in texts.items()])


def rows(cluster: Cluster) -> Mapping[tuple[int, str, str, str], Failure]:
    return {
        (answer.router.virtual_router_id, each.node, each.thing, each.state): each
        for answer in cluster.answers
        for each in answer.failures
    }


def test_nobody_hears_adverts_from_a_dead_link() -> None:
    """Node b goes on as master of 10 with its link down, but mute: a takes both routers; so did daemons."""
    found = rows(
        analysed(
            a=instance(10, 100) + instance(11, 100) + GROUP,
            b=instance(10, 110, "dont_track_primary") + instance(11, 110),
        )
    )
    down = "b", "interface:eth0", "down"
    assert [found[(vrid, *down)].possible for vrid in (10, 11)] == [(("a",),), (("a",),)]
    assert [found[(vrid, *down)].priorities["b"] for vrid in (10, 11)] == [110, None]


def test_a_value_that_matters_to_another_member_has_a_row() -> None:
    """With 11 in it the file wins router 10 for a's group, and faults its member 11: nobody has router 11."""
    track = ("track_file {\n f\n }", "track_file {\n f weight 0\n }")
    plain = instance(10, 110) + instance(11, 110) + GROUP
    found = rows(analysed(a=FILE + instance(10, 100, track[0]) + instance(11, 100, track[1]), c=plain))
    assert found[11, "a", "file:f", "1"].possible == (("c",),)
    assert found[11, "a", "file:f", "11"].possible == ((),)
    only = rows(analysed(a=FILE + instance(10, 100, track[0]) + instance(11, 100), c=plain))
    assert only[11, "a", "file:f", "11"].possible == (("a",),)


def test_a_reload_that_moves_the_master_is_a_row() -> None:
    """`weight 15 reverse` makes 85, and 115 after a reload of the same file; 1.4.5 has no reverse."""
    tracked = 'vrrp_script chk {\n script "/bin/chk"\n}\n' + instance(
        10, 100, "track_script {\n chk weight 15 reverse\n }"
    )
    found = rows(analysed(a=tracked, b=instance(10, 100)))
    assert found[10, "a", "daemon", "reload"].possible == (("a",),)
    assert found[10, "a", "daemon", "reload"].priorities == {"a": 115, "b": 100}
    assert (10, "b", "daemon", "reload") not in found
    assert (10, "a", "daemon", "reload") not in rows(analysed("1.4.5", a=tracked, b=instance(10, 100)))


def test_pairs_that_do_not_fit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are worked out and those that are left out are all pairs that there are, whatever the limit."""
    check = "vrrp_script {0} {{\n script /bin/true\n weight -20\n}}\n"
    texts = {
        name: check.format("x")
        + check.format("y")
        + FILE
        + instance(10, priority, "track_script {\n x\n y\n }", "track_file {\n f\n }")
        for name, priority in (("a", 110), ("b", 100))
    }
    nodes = [Node(name, load(f"{name}.conf", text.encode(), Request()).resolved) for name, text in texts.items()]
    (whole,) = analyse(nodes, with_pairs=True).answers
    every = len(whole.pairs or ())
    assert (every, whole.pairs_left_out) > (40, 0)
    for most in (0, 1, every - 1, every):
        monkeypatch.setattr("kalint.analysis.cluster.failures.MOST", most)
        (answer,) = analyse(nodes, with_pairs=True).answers
        assert (len(answer.pairs or ()), answer.pairs_left_out) == (most, every - most)
