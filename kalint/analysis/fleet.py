"""Clusters that share a network: which virtual routers would disturb each other, and which VRIDs are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    from kalint.findings.diagnostic import Severity

    Kind = Literal["vrid", "mac", "address", "password"]

VRIDS = range(1, 256)


class Member(NamedTuple):
    """A node's instance in a cluster.

    `addresses` are the virtual ones in one spelling, `subnets` the networks that they and the source address name.
    `group` is the multicast group, "" for unicast. `vmac`: it has the virtual MAC address of its VRID. `password` is
    a digest that tells no password, and only compares within one run; "" without one. `file` and `line` are its place.
    """

    cluster: str
    node: str
    instance: str
    interface: str
    family: str
    virtual_router_id: int
    addresses: tuple[str, ...]
    subnets: tuple[str, ...]
    group: str
    vmac: bool
    password: str
    file: str
    line: int


class Network(NamedTuple):
    """Clusters that are on one network: by the settings, or (`inferred`) by the subnet that `name` is."""

    name: str
    inferred: bool
    members: tuple[Member, ...]

    @property
    def clusters(self) -> tuple[str, ...]:
        """The names of the clusters."""
        return tuple(dict.fromkeys(member.cluster for member in self.members))

    def used(self) -> dict[tuple[str, int], tuple[Member, ...]]:
        """Who uses which VRID, by family and VRID."""
        found: dict[tuple[str, int], list[Member]] = {}
        for member in self.members:
            found.setdefault((member.family, member.virtual_router_id), []).append(member)
        return {key: tuple(found[key]) for key in sorted(found)}

    def free(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """The VRIDs that nobody uses, as ranges, for each family that the network has; IPv4 if it has none."""
        families = sorted({member.family for member in self.members}) or ["ipv4"]
        used = self.used()
        return {family: tuple(_ranges(vrid for vrid in VRIDS if (family, vrid) not in used)) for family in families}


class Collision(NamedTuple):
    """What several clusters of a network must not share. `subject` is the VRID or the address, "" for a password."""

    kind: Kind
    severity: Severity
    subject: str
    message: str
    members: tuple[Member, ...]

    @property
    def clusters(self) -> tuple[str, ...]:
        """The names of the clusters."""
        return tuple(dict.fromkeys(member.cluster for member in self.members))


class OnNetwork(NamedTuple):
    """A network with what collides on it."""

    network: Network
    collisions: tuple[Collision, ...]


class Fleet(NamedTuple):
    """The result of `kalint fleet`.

    `refused` are files that cannot be read, each with the reason; `unplaced` the clusters whose subnet no file tells.
    `failed`: on one of the refused files kalint itself failed.
    """

    networks: tuple[OnNetwork, ...]
    refused: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    failed: bool = False


def collisions(network: Network) -> tuple[Collision, ...]:
    """What collides on a network; what would, if an inferred one is one, is only worth knowing."""
    found = (*_routers(network), *_addresses(network), *_passwords(network))
    return tuple(each._replace(severity="info") for each in found) if network.inferred else found


def inferred(members: Iterable[Member]) -> tuple[Network, ...]:
    """A network for each subnet, with all instances that name it."""
    found: dict[str, list[Member]] = {}
    for member in members:
        for subnet in member.subnets:
            found.setdefault(subnet, []).append(member)
    return tuple(Network(name, True, tuple(found[name])) for name in sorted(found, key=_order))


def _order(subnet: str) -> tuple[int, bytes, str]:
    from ipaddress import ip_network

    network = ip_network(subnet)
    return network.version, network.network_address.packed, subnet


def _routers(network: Network) -> Iterator[Collision]:
    """One VRID of two clusters: they hear each other in one multicast group, or have one virtual MAC address."""
    for (family, vrid), members in network.used().items():
        if len({member.cluster for member in members}) < 2:
            continue
        subject = f"{vrid}" if family == "ipv4" else f"{vrid} {family}"
        heard: set[str] = set()
        for group in dict.fromkeys(member.group for member in members if member.group):
            some = tuple(member for member in members if member.group == group)
            names = _clusters(some)
            if len(names) > 1:
                heard.update(names)
                message = (
                    f"VRID {subject}: {listed(names)} send adverts to one multicast group, {group}: their nodes "
                    "receive each other's adverts"
                )
                yield Collision("vrid", "error", subject, message, some)
        with_mac = tuple(member for member in members if member.vmac)
        names = _clusters(with_mac)
        if len(names) > 1 and not heard.issuperset(names):
            message = f"VRID {subject}: {listed(names)} use one virtual MAC address: a switch has it on one port only"
            yield Collision("mac", "error", subject, message, with_mac)


def _addresses(network: Network) -> Iterator[Collision]:
    found: dict[str, list[Member]] = {}
    for member in network.members:
        for address in dict.fromkeys(member.addresses):
            found.setdefault(address, []).append(member)
    for address, members in found.items():
        names = _clusters(members)
        if len(names) > 1:
            message = f"virtual address {address} is in {listed(names)}: their masters have it at the same time"
            yield Collision("address", "error", address, message, tuple(members))


def _passwords(network: Network) -> Iterator[Collision]:
    """One password of several clusters: it does not tell their adverts apart."""
    found: dict[str, list[Member]] = {}
    for member in network.members:
        if member.password:
            found.setdefault(member.password, []).append(member)
    for members in found.values():
        names = _clusters(members)
        if len(names) > 1:
            message = f"{listed(names)} have the same auth_pass: it does not keep their adverts apart"
            yield Collision("password", "info", "", message, tuple(members))


def _clusters(members: Sequence[Member]) -> list[str]:
    return list(dict.fromkeys(member.cluster for member in members))


MOST = 4
"""Names that a message lists."""


def listed(names: Sequence[str]) -> str:
    """`a, b and c`, of many the first ones."""
    if len(names) > MOST:
        return f"{', '.join(names[: MOST - 1])} and {len(names) - MOST + 1} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = 0
    for number in numbers:
        if last and number == last + 1:
            last = number
            continue
        if last:
            yield first, last
        first = last = number
    if last:
        yield first, last
