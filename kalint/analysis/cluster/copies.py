"""Nodes that name one source address: mostly one file that was copied to all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import packed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster


class Copies(NamedTuple):
    """The members that speak from one address, the first of each node; `same_file`: their files are the same."""

    address: str
    members: tuple[Member, ...]
    same_file: bool

    @property
    def files(self) -> frozenset[str]:
        """Every file of these nodes."""
        return frozenset(file for member in self.members for file in member.node.files)


def copies(cluster: Cluster) -> tuple[Copies, ...]:
    """Each unicast_src_ip or mcast_src_ip that several nodes of one router have written, once in the cluster."""
    found: dict[bytes, dict[str, Member]] = {}
    for answer in cluster.answers:
        by_address: dict[bytes, list[Member]] = {}
        for member in answer.router.members:
            address = packed(member.address)
            if address is not None and _written(member):
                by_address.setdefault(address, []).append(member)
        for address, members in by_address.items():
            if len(members) > 1:
                known = found.setdefault(address, {})
                for member in members:
                    known.setdefault(member.node.name, member)
    return tuple(
        Copies(str(members[0].address), tuple(members), _alike(members))
        for members in (list(one.values()) for one in found.values())
    )


def _written(member: Member) -> bool:
    settings = member.instance.written.settings
    return "unicast_src_ip" in settings or "mcast_src_ip" in settings


def _alike(members: Iterable[Member]) -> bool:
    first, *rest = (list(member.node.files.values()) for member in members)
    return bool(first) and all(files == first for files in rest)
