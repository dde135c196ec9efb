"""Which instance an advert is compared with, and which routers must be heard."""

from __future__ import annotations

from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.probe.compare import Prediction, compare, members_of
from kalint.probe.expected import Expected, by_place, expect
from kalint.probe.facts import RouterKey
from kalint.probe.watch import Watch
from kalint.wire import Advert


def instance(name: str, interface: str, vrid: int, *lines: str) -> str:
    more = "".join(f" {line}\n" for line in lines)
    return (
        f"vrrp_instance {name} {{\n interface {interface}\n virtual_router_id {vrid}\n priority 100\n{more}"
        " virtual_ipaddress {\n  10.0.0.9/24\n }\n}\n"
    )


def expected(**texts: str) -> tuple[Expected, ...]:
    return expect([Node(name, load(f"{name}.conf", text.encode(), Request()).resolved) for name, text in texts.items()])


def test_an_interface_or_a_vlan_of_it_says_which_instance_it_is() -> None:
    """One VRID on eth0, on its VLAN 100 and on eth1 are three routers."""
    node = expected(a=instance("V", "eth0", 51) + instance("T", "eth0.100", 51) + instance("W", "eth1", 51))
    names = {
        link: [each.instance.name for each in members_of(RouterKey(*link, "ipv4", 51), by_place(node))]
        for link in (("eth0", ()), ("eth0", (100,)), ("eth1", ()), ("br0", ()))
    }
    assert names == {("eth0", ()): ["V"], ("eth0", (100,)): ["T"], ("eth1", ()): ["W"], ("br0", ()): ["V"]}


def nothing(seconds: float, interfaces: tuple[str, ...], prediction: Prediction) -> set[int]:
    """The VRIDs that are missed where nothing was heard."""
    seen = Watch(0.0, lambda *_: False, {}).seen(seconds)
    missing = compare(seen, prediction, interfaces).missing
    return {each.members[0].instance.virtual_router_id.value for each in missing if each.enough}


def test_only_what_is_on_the_interface_must_be_heard() -> None:
    """Of a node with routers on two interfaces, listening on one misses that one's; elsewhere, all of them."""
    both = Prediction(expected(a=instance("V", "eth0", 51) + instance("W", "eth1", 52)))
    assert nothing(10, ("eth0",), both) == {51}
    assert nothing(10, ("ens5",), both) == {51, 52}
    assert nothing(3, ("eth0",), both) == set()  # 3 s and the skew time are not over


def test_a_router_that_nobody_can_be_master_of_is_not_missed() -> None:
    """All of its nodes are known to be in FAULT, so silence is what the files say."""
    script = 'vrrp_script chk {\n script "/bin/true"\n}\n'
    one = script + instance("V", "eth0", 51, "track_script {\n  chk\n }")
    nodes = expected(a=one, b=instance("V", "eth0", 51, "track_interface {\n  eth1\n }"))
    down = {"a": {"script:chk": "ko"}, "b": {"interface:eth1": "down"}}
    assert nothing(10, (), Prediction(nodes)) == {51}
    assert nothing(10, (), Prediction(nodes, {"a": down["a"]})) == {51}
    assert nothing(10, (), Prediction(nodes, down)) == set()


def test_an_address_that_one_router_makes_clear_counts_for_the_others() -> None:
    """Of two nodes whose files are alike, unicast_src_ip in one router tells who the same address is in another."""
    unicast = "unicast_src_ip {}\n unicast_peer {{\n  {}\n }}"
    nodes = expected(
        a=instance("V", "eth0", 51) + instance("U", "eth0", 52, unicast.format("10.0.0.1", "10.0.0.2")),
        b=instance("V", "eth0", 51) + instance("U", "eth0", 52, unicast.format("10.0.0.2", "10.0.0.1")),
    )
    seen = Watch(0.0, lambda *_: False, {})
    for vrid, to in ((51, "224.0.0.18"), (52, "10.0.0.1")):
        seen.advert(
            Advert(0.0, None, None, None, None, "eth0", (), "ipv4", "10.0.0.2", to, "", 255, 2, vrid, 100,
                   ("10.0.0.9",), 1.0, "none", "plain")
        )  # fmt: skip
    found = compare(seen.seen(1.0), Prediction(nodes))
    assert [[compared.name for compared in view.compared_sources] for view in found.views] == [
        ["b (10.0.0.2)"],
        ["b (10.0.0.2)"],
    ]
    seen = Watch(0.0, lambda *_: False, {})
    seen.advert(
        Advert(0.0, None, None, None, None, "eth0", (), "ipv4", "10.0.0.2", "224.0.0.18", "", 255, 2, 51, 100,
               ("10.0.0.9",), 1.0, "none", "plain")
    )  # fmt: skip
    assert compare(seen.seen(1.0), Prediction(nodes)).views[0].compared_sources[0].name == "a or b (10.0.0.2)"


def test_peers_tell_the_address_of_a_node_that_does_not() -> None:
    """All others send to 10.0.0.3, and it is none of theirs: it is the third node's."""
    peers = "unicast_src_ip {}\n unicast_peer {{\n  {}\n  10.0.0.3\n }}"
    nodes = expected(
        a=instance("V", "eth0", 51, peers.format("10.0.0.1", "10.0.0.2")),
        b=instance("V", "eth0", 51, peers.format("10.0.0.2", "10.0.0.1")),
        c=instance("V", "eth0", 51, "unicast_peer {\n  10.0.0.1\n  10.0.0.2\n }"),
    )
    assert [each.sources for each in nodes] == [{"10.0.0.1"}, {"10.0.0.2"}, {"10.0.0.3"}]


def test_what_several_routers_track_is_explained_together() -> None:
    """V is lower for chk or for eth1; W, which tracks chk only, is as ever: so it is eth1; and the other way round."""
    script = 'vrrp_script chk {\n script "/bin/true"\n weight -20\n}\n'
    track = "track_script {\n  chk\n }"
    nodes = expected(
        a=script
        + instance("V", "eth0", 51, "mcast_src_ip 10.0.0.1", track, "track_interface {\n  eth1 weight -20\n }")
        + instance("W", "eth0", 52, "mcast_src_ip 10.0.0.1", track)
    )

    def explanations(first: int, second: int) -> list[list[dict[str, str]]]:
        seen = Watch(0.0, lambda *_: False, {})
        for vrid, priority in ((51, first), (52, second)):
            seen.advert(
                Advert(0.0, None, None, None, None, "eth0", (), "ipv4", "10.0.0.1", "224.0.0.18", "", 255, 2, vrid,
                       priority, ("10.0.0.9",), 1.0, "none", "plain")
            )  # fmt: skip
        views = compare(seen.seen(1.0), Prediction(nodes)).views
        return [[dict(one) for one in view.compared_sources[0].priorities[0].explanations] for view in views]

    assert explanations(80, 100) == [[{"interface:eth1": "down"}], [{}]]
    assert explanations(80, 80) == [[{"script:chk": "ko"}], [{"script:chk": "ko"}]]
    assert explanations(60, 80) == [[{"script:chk": "ko", "interface:eth1": "down"}], [{"script:chk": "ko"}]]
    assert explanations(60, 100) == [[{"script:chk": "ko", "interface:eth1": "down"}], [{}]]  # of two moments
