"""Which instances of several nodes hear each other: those of one VRID, one family and one link.

A link is a multicast group on a network, or the unicast peers. Files do not say which network an interface is on, so
of instances that are the only one of their VRID on each node only what they say decides; where a node has the VRID
twice, so do the interface's name and the virtual addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import Member, Router
from kalint.analysis.cluster.results import UnsharedInstance
from kalint.analysis.reach.reachable import reaching
from kalint.literals import packed
from kalint.semantics.addresses import canonical, multicast_group, source_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kalint.analysis.cluster.members import Node


def match(nodes: Sequence[Node], good: bool = False) -> tuple[tuple[Router, ...], tuple[UnsharedInstance, ...]]:
    """The routers that nodes share, and the instances that nobody shares.

    With `good`, the tables of their members have the good state of each thing only: whoever asks for no more is spared
    the work for all others.
    """
    places: dict[tuple[int, str], dict[str, list[Member]]] = {}
    for node in nodes:
        reach = reaching(node.resolved.profile, good=good)
        for instance in node.resolved.instances:
            address = source_address(instance, node.addresses.get(instance.interface.value))
            member = Member(node, instance, reach(instance), address)
            key = instance.virtual_router_id.value, instance.family
            places.setdefault(key, {}).setdefault(node.name, []).append(member)
    routers, alone = [], []
    for (vrid, family), by_node in places.items():
        for members in _links(by_node):
            if len(members) > 1:
                routers.append(Router(vrid, family, members))
            else:
                alone.append(UnsharedInstance(members[0], _why_alone(members[0], by_node)))
    return tuple(routers), tuple(alone)


def _links(by_node: Mapping[str, list[Member]]) -> Iterator[tuple[Member, ...]]:
    """The members in sets that hear each other, each with one of a node, in the order of the nodes."""
    everybody = [member for members in by_node.values() for member in members]
    links = [[member] for member in everybody]
    several = any(len(members) > 1 for members in by_node.values())
    for joined in (_speak_by_name, *((_on_one_interface, _with_one_address) if several else ())):
        links = _joined(links, joined)
    if not several:
        links = _joined(links, _may_hear, _stray)
    order = {id(member): number for number, member in enumerate(everybody)}
    for link in links:
        yield tuple(sorted(link, key=lambda member: order[id(member)]))


def _always(_one: list[Member], _other: list[Member]) -> bool:
    return True


def _joined(
    links: list[list[Member]],
    joined: Callable[[Member, Member], bool],
    allowed: Callable[[list[Member], list[Member]], bool] = _always,
) -> list[list[Member]]:
    """Sets of which some members are joined made one, as long as no node is in it twice."""
    found: list[list[Member]] = []
    for link in links:
        names = {member.node.name for member in link}
        for other in found:
            apart = names.isdisjoint(member.node.name for member in other)
            if apart and allowed(link, other) and any(joined(one, two) for one in other for two in link):
                other += link
                break
        else:
            found.append(list(link))
    return found


def _speak_by_name(one: Member, other: Member) -> bool:
    """Whether one sends to the other's address, and its name for itself is known."""
    return any(
        packed(there.address) in [packed(peer) for peer in here.instance.unicast_peers]
        for here, there in ((one, other), (other, one))
        if there.address is not None
    )


def _on_one_interface(one: Member, other: Member) -> bool:
    return one.instance.interface.value == other.instance.interface.value and _may_hear(one, other)


def _with_one_address(one: Member, other: Member) -> bool:
    return _share_address(one, other)


def _share_address(one: Member, other: Member) -> bool:
    bare = [{canonical(address) for address in each.instance.virtual_addresses} for each in (one, other)]
    return not bare[0].isdisjoint(bare[1])


def _may_hear(one: Member, other: Member) -> bool:
    """Whether nothing says that they are two routers: one group, a common address, or unicast."""
    unicast = bool(one.instance.unicast_peers or other.instance.unicast_peers)
    return unicast or _same_group(one, other) or _share_address(one, other)


def _same_group(one: Member, other: Member) -> bool:
    return packed(_group(one)) == packed(_group(other))


def _stray(one: list[Member], other: list[Member]) -> bool:
    """Whether two sets are not both complete in themselves: unicast pairs that know only each other stay apart."""
    return len(one) == 1 or len(other) == 1 or not all(each.instance.unicast_peers for each in (*one, *other))


def _group(member: Member) -> str:
    return multicast_group(member.instance, member.node.resolved)


def _why_alone(member: Member, by_node: Mapping[str, list[Member]]) -> str:
    others = [each for name, found in by_node.items() if name != member.node.name for each in found]
    if not others:
        return "no other node has this VRID in this address family"
    if member.instance.unicast_peers:
        return "the other nodes' instances of this VRID are not among its unicast peers"
    groups = sorted({_group(other) for other in others if not other.instance.unicast_peers})
    if groups and _group(member) not in groups:
        return f"it sends to the multicast group {_group(member)}, the other nodes to {' and '.join(groups)}"
    return "the other nodes have this VRID on interfaces of other names, with other addresses"
