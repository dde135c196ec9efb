"""Under a flood of strangers the routers of the files come first and whole, the rest in a line with its count."""

from __future__ import annotations

import io
import random

from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.probe.compare import Prediction, compare, rejecting
from kalint.probe.expected import Expected, expect
from kalint.probe.watch import Watch
from kalint.report.probe_text import render
from kalint.rules.live import ProbeResult, judged
from kalint.wire import Advert


def advert(time: float, source: str, vrid: int, priority: int = 100, vlans: tuple[int, ...] = ()) -> Advert:
    return Advert(
        time, None, None, None, None, "eth0", vlans, "ipv4", source, "224.0.0.18", "02:00:00:00:00:01", 255, 2, vrid,
        priority, (f"10.0.0.{vrid}",), 1.0, "none", "plain",
    )  # fmt: skip


def cluster(count: int) -> tuple[Expected, ...]:
    """Two nodes, 10.9.0.1 with priority 150 and 10.9.0.2 with 100, and so many routers, from VRID 255 down."""
    nodes = []
    for name, priority, source in (("a", 150, "10.9.0.1"), ("b", 100, "10.9.0.2")):
        text = "".join(
            f"vrrp_instance V{vrid} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n"
            f" mcast_src_ip {source}\n virtual_ipaddress {{\n  10.0.0.{vrid}\n }}\n}}\n"
            for vrid in range(255, 255 - count, -1)
        )
        nodes.append(Node(name, load(f"{name}.conf", text.encode(), Request()).resolved))
    return expect(nodes)


def report(adverts: list[Advert], expected: tuple[Expected, ...], seconds: float) -> ProbeResult:
    factors = {each.place: 3 for each in expected}
    watch = Watch(0.0, rejecting(expected), factors, [address for each in expected for address in each.sources])
    for each in sorted(adverts, key=lambda each: each.time):
        watch.advert(each)
    return judged(compare(watch.seen(seconds), Prediction(expected), ("eth0",), "eth0", live=True))


def test_all_routers_of_the_files_are_judged_in_a_flood() -> None:
    """Fifty routers whose better node is dead, behind 2,000 strangers: fifty KA917, and each router is shown."""
    dice = random.Random(3)
    expected = cluster(50)
    flood = [
        advert(
            number / 250,
            f"10.{dice.randrange(1, 255)}.{dice.randrange(256)}.7",
            dice.randrange(1, 200),
            vlans=(number % 4000,),
        )
        for number in range(2000)
    ]
    ours = [advert(second, "10.9.0.2", vrid) for second in range(9) for vrid in range(206, 256)]
    found = report(flood + ours, expected, 8.5)
    dead = [each for each in found.diagnostics if each.code == "KA917"]
    assert len(dead) == 50
    assert [view.key.virtual_router_id for view in found.comparison.views[:50]] == list(range(206, 256))
    assert all(not view.members for view in found.comparison.views[50:])
    stream = io.StringIO()
    render(found, stream)
    lines = stream.getvalue().splitlines()
    (rest,) = [line for line in lines if "more virtual routers" in line]
    hidden = sum(source.run.adverts for view in found.comparison.views[50:] for source in view.router.sources)
    assert rest == f"and {len(found.comparison.views) - 50} more virtual routers, {hidden} adverts"
    assert len([line for line in lines if line.startswith("VRID ")]) == 50


def test_our_node_is_shown_before_a_flood_of_sources_of_its_router() -> None:
    """The node that speaks last is the first line; what is beyond the bound is counted, and was heard."""
    expected = cluster(1)
    flood = [advert(number / 250, f"10.7.{number // 250}.{number % 250}", 255, 60) for number in range(1000)]
    ours = [advert(4 + second, "10.9.0.1", 255, 150) for second in range(4)]
    found = report(flood + ours, expected, 8.0)
    stream = io.StringIO()
    render(found, stream)
    text = stream.getvalue()
    lines = text[text.index("VRID 255") :].splitlines()
    assert lines[1].startswith("  a (10.9.0.1) V255: ")
    assert "  and 25 more sources, 25 adverts" in lines
    assert "  and 936 adverts of further sources, which are only counted" in lines
    assert not any(each.code == "KA908" for each in found.diagnostics)


def test_findings_of_one_kind_are_told_up_to_a_bound() -> None:
    """300 routers of nobody's files that fall silent: a hundred KA908, and one line for the rest."""
    adverts = [advert(vrid / 1000, "10.7.0.1", vrid, vlans=(vlan,)) for vlan in range(3) for vrid in range(1, 101)]
    found = [each for each in report(adverts, (), 20.0).diagnostics if each.code == "KA908"]
    assert len(found) == 101
    assert (found[-1].message, found[-1].severity) == (
        "200 more findings of this kind on other virtual routers",
        "error",
    )
