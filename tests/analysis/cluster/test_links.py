"""Which instances are one virtual router: by VRID, family and link; of the others it is said why they are none."""

from __future__ import annotations

from kalint.analysis.cluster.links import match
from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.text import Options

INSTANCE = """vrrp_instance {name} {{
    interface {interface}
    virtual_router_id 5
    priority 100
    {lines}
    virtual_ipaddress {{
        10.0.0.{host}/24
    }}
}}
"""


def instance(name: str = "VI", interface: str = "eth0", lines: str = "", host: int = 9) -> str:
    return INSTANCE.format(name=name, interface=interface, lines=lines, host=host)


def unicast(source: str, *peers: str) -> str:
    return (
        f"unicast_src_ip 10.0.0.{source}\n    unicast_peer {{\n"
        + "".join(f"        10.0.0.{peer}\n" for peer in peers)
        + "    }"
    )


def matched(**texts: str) -> tuple[list[str], dict[str, str]]:
    """The routers as `a.VI b.VI`, and the reasons of those that are alone."""
    nodes = [
        Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved)
        for name, text in texts.items()
    ]
    routers, alone = match(nodes)
    names = [" ".join(f"{each.node.name}.{each.instance.name}" for each in router.members) for router in routers]
    return names, {f"{each.node}.{each.instance.name}": each.reason for each in alone}


def test_one_vrid_is_one_router() -> None:
    """Names of interfaces differ from host to host."""
    assert matched(a=instance(), b=instance(interface="ens3")) == (["a.VI b.VI"], {})


def test_another_multicast_group() -> None:
    """Another group, in global_defs or for one instance, is another router; one that has the same address is meant."""
    group = "global_defs {\n    vrrp_mcast_group4 224.0.0.19\n}\n"
    other = group + instance(host=8)
    routers, alone = matched(a=instance(), b=other)
    assert routers == []
    assert alone == {
        "a.VI": "it sends to the multicast group 224.0.0.18, the other nodes to 224.0.0.19",
        "b.VI": "it sends to the multicast group 224.0.0.19, the other nodes to 224.0.0.18",
    }
    assert matched(a=other, b=instance(lines="mcast_dst_ip 224.0.0.19"))[0] == ["a.VI b.VI"]
    assert matched(a=instance(), b=group + instance())[0] == ["a.VI b.VI"]
    wrong = "global_defs {\n    vrrp_mcast_group4 10.0.0.1\n}\n" + instance(host=8)
    assert matched(a=instance(), b=wrong)[0] == ["a.VI b.VI"]


def test_unicast_pairs_that_know_only_each_other() -> None:
    """Two pairs of one VRID are two routers, as their peers say."""
    found = matched(
        a=instance(lines=unicast("1", "2")),
        b=instance(lines=unicast("2", "1")),
        c=instance(lines=unicast("3", "4")),
        d=instance(lines=unicast("4", "3")),
    )
    assert found == (["a.VI b.VI", "c.VI d.VI"], {})


def test_a_wrong_peer_is_no_reason_to_part_them() -> None:
    """One side's list is wrong, or both: they are meant to be one router, and a rule speaks of the peers."""
    assert matched(a=instance(lines=unicast("1", "7")), b=instance(lines=unicast("2", "1")))[0] == ["a.VI b.VI"]
    assert matched(a=instance(lines=unicast("1", "7")), b=instance(lines=unicast("2", "8")))[0] == ["a.VI b.VI"]
    assert matched(a=instance(), b=instance(lines=unicast("2", "1")))[0] == ["a.VI b.VI"]


def test_a_vrid_on_two_interfaces() -> None:
    """The interface's name says which meet, or else the addresses; a pair is never made of one node's own two."""
    two = instance("V0", "eth0", host=8) + instance("V1", "eth1", host=9)
    assert matched(a=two, b=two)[0] == ["a.V0 b.V0", "a.V1 b.V1"]
    renamed = instance("V0", "ens3", host=8) + instance("V1", "ens4", host=9)
    assert matched(a=two, b=renamed)[0] == ["a.V0 b.V0", "a.V1 b.V1"]
    routers, alone = matched(a=two, b=instance("V0", "ens3", host=7))
    assert routers == []
    assert set(alone.values()) == {"the other nodes have this VRID on interfaces of other names, with other addresses"}


def test_two_unicast_routers_on_one_node() -> None:
    """The peers tell them apart, whatever the interfaces are called."""
    node = instance("V0", lines=unicast("1", "2")) + instance("V1", "eth1", lines=unicast("11", "12"))
    other = instance("V1", lines=unicast("12", "11")) + instance("V0", "eth1", lines=unicast("2", "1"))
    assert matched(a=node, b=other)[0] == ["a.V0 b.V0", "a.V1 b.V1"]


def test_no_counterpart() -> None:
    _, alone = matched(a=instance(), b=instance().replace("virtual_router_id 5", "virtual_router_id 6"))
    assert alone == dict.fromkeys(("a.VI", "b.VI"), "no other node has this VRID in this address family")
