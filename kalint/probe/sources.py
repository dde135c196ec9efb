"""Which node an advert comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.probe.facts import ip_of

if TYPE_CHECKING:
    from kalint.probe.expected import Expected
    from kalint.probe.facts import Router, Source


def hints(routers: Sequence[tuple[Router, Sequence[Expected]]]) -> dict[str, str]:
    """The nodes whose addresses are clear from one router, for others in which they are not: each address's node."""
    found: dict[str, set[str]] = {}
    for router, members in routers:
        for address, instances in assign(router, members, {}).items():
            if len(instances) == 1:
                found.setdefault(ip_of(address), set()).add(instances[0].node)
    return {address: nodes.pop() for address, nodes in found.items() if len(nodes) == 1}


def assign(router: Router, members: Sequence[Expected], known: Mapping[str, str]) -> Mapping[str, tuple[Expected, ...]]:
    """The instance after each source; several where nothing tells them apart, none for a foreign one.

    A known address decides: of the settings, unicast_src_ip, mcast_src_ip, or what the peers send to. What is left
    over on both sides goes together by what it says: the addresses above all, then the priority; and by `known`, the
    nodes that the same addresses are elsewhere.
    """
    found: dict[str, tuple[Expected, ...]] = {}
    left = [member for member in members if not member.sources]
    unknown = []
    first: dict[str, Source] = {}
    for source in router.sources:
        first.setdefault(source.ip, source)
    for source in first.values():
        named = [member for member in members if source.ip in member.sources]
        if named:
            found[source.address] = tuple(named[:1])
        else:
            unknown.append(source)
    while unknown and left:
        scores = [(_fit(source, member, known.get(source.ip)), source, member) for source in unknown for member in left]
        best, source, _ = max(scores, key=lambda each: each[0])
        if best == 0:
            break
        alike = tuple(member for score, other, member in scores if other is source and score == best)
        rivals = [other for score, other, member in scores if score == best and other is not source]
        found[source.address] = alike if not rivals else alike[:1]
        unknown.remove(source)
        left.remove(alike[0])
    return {source.address: found.get(first[source.ip].address, ()) for source in router.sources}


def _fit(source: Source, member: Expected, node: str | None) -> int:
    """How well a source fits a node; 0: not at all."""
    said = list(source.contents)
    seen = {address for content in said for address in content.addresses}
    if seen and member.addresses and seen.isdisjoint(member.addresses):
        return 0
    fit = 1
    reachable = {found.priority for found in member.reach.reachable}
    priorities = [priority for priority in source.priorities if priority]
    fit += 16 * (member.node == node)
    fit += 8 * (seen == member.addresses)
    fit += 4 * (bool(priorities) and all(priority in reachable for priority in priorities))
    fit += 2 * (member.reach.nominal in priorities)
    fit += any(content.version == member.instance.vrrp_version for content in said)
    fit += any(content.interval == member.instance.advert_interval.value for content in said)
    fit += any(content.auth == member.auth for content in said)
    return fit
