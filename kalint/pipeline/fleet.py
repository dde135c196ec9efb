"""`kalint fleet`: all clusters on their networks."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.fleet import Fleet, Member, Network, OnNetwork, collisions, inferred
from kalint.errors import FailedError, InputError, OutOfTimeError, UsageError
from kalint.pipeline.clusters import of_node
from kalint.pipeline.failing import one_of_many
from kalint.pipeline.reading import Asked, SettingsResolver, load, settle
from kalint.pipeline.spreading import Running, each, worth
from kalint.report.cleaned import cleaned
from kalint.semantics.adverts import endpoint
from kalint.settings.model import ClusterSettings, NodeSettings, Settings
from kalint.source import FROM_ENVIRONMENT

if TYPE_CHECKING:
    from kalint.semantics.resolved import Instance, Resolved

EFFORT = 4 << 10


def fleet(words: Sequence[str], asked: Asked, running: Running) -> Fleet:
    """The networks of the settings, then the subnets of all instances that are on none.

    Args:
        words: files, directories, and names of clusters of the settings; none: all clusters of the settings.
        asked: what the command line says.
        running: over how many processes.

    Raises:
        UsageError: there is no such path or cluster, or nothing to look at.
        SettingsError: the settings are wrong.
    """
    settings, clusters = _wanted(words, asked)
    nodes = [(cluster.name, node) for cluster in clusters for node in cluster.nodes]
    key = os.urandom(16)
    done: dict[int, _Found] = {}
    late = ""

    def found(number: int) -> _Found:
        return _members(*nodes[number], asked, key)

    try:
        form = (json.dumps, _unpacked)
        done.update(
            each(range(len(nodes)), found, lambda: form, worth([EFFORT] * len(nodes), running), running, "files")
        )
    except OutOfTimeError as error:
        late = str(error)
    refused = []
    members: list[Member] = []
    for number, (cluster, node) in enumerate(nodes):
        one = done.get(number) or _Found((), f"{node.file}: {late}")
        if one.refusal:
            refused.append(f"{cluster}: {one.refusal}" if cluster else one.refusal)
        members += one.members
    members = _named_by_routers(members)
    networks = _networks(members, settings)
    placed = {member.cluster for one in networks for member in one.network.members}
    unplaced = dict.fromkeys(member.cluster for member in members if member.cluster not in placed)
    failed = any(one.failed for one in done.values())
    return Fleet(networks, tuple(dict.fromkeys(refused)), tuple(unplaced), failed)


def _networks(members: Sequence[Member], settings: Settings) -> tuple[OnNetwork, ...]:
    networks: list[Network] = []
    placed: set[Member] = set()
    for name, wanted in settings.networks.items():
        some = tuple(
            member
            for member in members
            if member.cluster in wanted.clusters and (not wanted.interfaces or member.interface in wanted.interfaces)
        )
        placed.update(some)
        if some:
            networks.append(Network(name, False, some))
    networks += inferred(member for member in members if member not in placed)
    return tuple(OnNetwork(network, collisions(network)) for network in networks)


def _wanted(words: Sequence[str], asked: Asked) -> tuple[Settings, list[ClusterSettings]]:
    """The clusters that a command line means, each file that is in none as one of its own (without a name)."""
    from kalint.pipeline.nodes import like

    settler = SettingsResolver(asked)
    settings = settler(words[0] if words and os.path.exists(words[0]) else ".")[1]
    if not words:
        if not settings.clusters:
            raise UsageError("nothing to check: name files or directories, or define clusters in kalint.toml")
        return settings, list(settings.clusters.values())
    clusters: dict[str, ClusterSettings] = {}
    files: dict[str, str] = {}
    for word in words:
        if word in settings.clusters and not os.path.isfile(word):
            clusters[word] = settings.clusters[word]
        elif os.path.isdir(word):
            from kalint.pipeline.checking import main_files

            files.update((os.path.realpath(name), name) for name in main_files(word, asked))
        elif os.path.exists(word):
            files[os.path.realpath(word)] = word
        else:
            raise UsageError(f"{word}: neither a file, a directory nor a cluster{like(word, settings.clusters)}")
    for name, cluster in settings.clusters.items():
        own = [os.path.realpath(node.file) for node in cluster.nodes]
        if not files.keys().isdisjoint(own):
            clusters[name] = cluster
            for path in own:
                files.pop(path, None)
    alone = [ClusterSettings("", (NodeSettings(path, path),)) for path in files.values()]
    return settings, [*clusters.values(), *alone]


class _Found(NamedTuple):
    """The instances of a node; or the reason where it cannot be read, and whether that is kalint's own failure."""

    members: tuple[Member, ...]
    refusal: str = ""
    failed: bool = False


def _members(cluster: str, node: NodeSettings, asked: Asked, key: bytes) -> _Found:
    own = of_node(asked, node) if cluster else asked
    try:
        with one_of_many(node.file):
            loaded = load(node.file, None, settle(own, node.file)[0])
            resolved = cleaned(loaded.resolved)
            return _Found(tuple([_member(cluster, node, each, resolved, key) for each in resolved.instances]))
    except InputError as error:
        return _Found((), str(error), isinstance(error, FailedError))


def _member(cluster: str, node: NodeSettings, instance: Instance, resolved: Resolved, key: bytes) -> Member:
    sender = endpoint(instance, resolved, node.addresses.get(instance.interface.value))
    written = instance.written.settings
    span = instance.written.node.words[0].span
    password = "" if sender.password is None else sender.password.text[:8]
    return Member(
        cluster,
        node.name,
        instance.name,
        instance.interface.value,
        instance.family,
        instance.virtual_router_id.value,
        tuple(sorted(each for each in sender.addresses if not each.startswith(FROM_ENVIRONMENT))),
        _subnets(instance.virtual_addresses, sender.source),
        sender.group or "",
        "use_vmac" in written,
        blake2b(password.encode("utf-8", "surrogateescape"), key=key, digest_size=16).hexdigest() if password else "",
        span.file,
        span.line,
    )


def _subnets(addresses: Sequence[str], source: str | None) -> tuple[str, ...]:
    """The networks that virtual addresses name with their prefix lengths: those of the source address, if it is in one.

    An address without a prefix length, or that is all of its network, names none.
    """
    from ipaddress import ip_address, ip_interface

    found = {}
    for address in addresses:
        try:
            network = ip_interface(address.split()[0]).network
        except ValueError:
            continue
        if network.num_addresses > 2:
            found[str(network)] = network
    if source is not None:
        here = ip_address(source)
        if own := [name for name, network in found.items() if here in network]:
            return tuple(own)
    return tuple(found)


def _named_by_routers(members: Sequence[Member]) -> list[Member]:
    """Files of no cluster are one if they share a virtual router: a VRID with an address; it is called by its files."""
    owner: dict[str, str] = {}

    def root(name: str) -> str:
        while owner.setdefault(name, name) != name:
            name = owner[name]
        return name

    first: dict[object, str] = {}
    for member in members:
        if not member.cluster:
            for address in member.addresses or ("",):
                router = member.family, member.virtual_router_id, address
                owner[root(member.node)] = root(first.setdefault(router, member.node))
    names: dict[str, list[str]] = {}
    for member in members:
        if not member.cluster and member.node not in names.setdefault(root(member.node), []):
            names[root(member.node)].append(member.node)
    called = {node: _together(some) for some in names.values() for node in some}
    return [member if member.cluster else member._replace(cluster=called[member.node]) for member in members]


def _together(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else "+".join(paths[:2]) + "+..." * (len(paths) > 2)


def _unpacked(text: str) -> _Found:
    packed, refusal, failed = json.loads(text)
    members = [
        Member(*rest)._replace(addresses=tuple(addresses), subnets=tuple(subnets))
        for *rest, addresses, subnets in ((*each[:6], (), (), *each[8:], each[6], each[7]) for each in packed)
    ]
    return _Found(tuple(members), refusal, failed)


def fails(found: Fleet, level: str) -> bool:
    """Whether a collision is serious enough for the exit code 1."""
    from kalint.findings.diagnostic import serious

    return any(one.severity in serious(level) for network in found.networks for one in network.collisions)
