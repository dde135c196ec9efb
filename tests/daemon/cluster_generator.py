"""Random clusters, several in one set of nodes, and random events for them.

A cluster is a virtual router, or two or three that the sync groups of some nodes tie together, on two or three nodes.
It has a script and a file of its own on every node, so that in one step something else happens in each cluster.

Left out, because one step then has no end or no answer: two owners of one router (2.2.7 lowers the base priority of
whoever hears the other, for good), preempt_delay (the answer hangs on when one looks), dont_track_primary.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cluster_lab import ADVERT, file, global_defs, instance, script

BASES = (90, 95, 100, 100, 105, 110, 120, 150, 200, 254)
WEIGHTS = (-60, -30, -20, -10, -10, -5, 0, 0, 5, 10, 10, 20, 30, 60)


class Cluster(NamedTuple):
    """Routers that belong together, and the nodes that have them."""

    number: int
    vrids: tuple[int, ...]
    nodes: tuple[str, ...]

    def things(self) -> tuple[str, ...]:
        """What can happen to this cluster alone, on each node."""
        return (f"script:s{self.number}", f"file:f{self.number}")


class Event(NamedTuple):
    """What happens in one step; `kind` is start, stop, kill, reload (of a node's daemon) or set (`states` by node)."""

    kind: str
    node: str = ""
    states: Mapping[str, Mapping[str, int | str]] = {}

    def __str__(self) -> str:
        changes = [f"{node} {thing}={state}" for node, things in self.states.items() for thing, state in things.items()]
        return ", ".join(changes) or f"{self.kind} {self.node}".strip()


class Case(NamedTuple):
    """Nodes with their addresses (IPv4 and link-local), the configuration of each, and the clusters in it."""

    addresses: Mapping[str, tuple[str, str]]
    configs: Mapping[str, str]
    clusters: tuple[Cluster, ...]


def generate(
    rng: random.Random,
    count: int,
    advert: float = ADVERT,
    version: int = 3,
    deaf: bool = False,
    rejects: bool = False,
) -> Case:
    """So many clusters on two or three nodes; IPv6 and other advert intervals only in version 3.

    `deaf`: three nodes, and in half of the clusters some do not send to all others. `rejects`: in most clusters some
    nodes reject adverts of others.
    """
    names = ("a", "b", "c")[: 3 if deaf else rng.choice((2, 3, 3))]
    hosts = rng.sample(range(1, 9), len(names))
    clusters = []
    vrid = 0
    for number in range(count):
        size = rng.choice((1, 1, 2, 2, 3))
        vrids = tuple(range(vrid + 1, vrid + size + 1))
        vrid += size
        clusters.append(Cluster(number, vrids, tuple(sorted(rng.sample(names, rng.choice((2, len(names))))))))
    addresses = {name: (f"10.9.0.{host}", f"fe80::{host}") for name, host in zip(names, hosts, strict=True)}
    texts = {name: [global_defs(version)] for name in names}
    for cluster in clusters:
        ways = _ways(rng, {node: addresses[node][0] for node in cluster.nodes}, version, deaf)
        differing = _differing(rng, ways, version) if rejects else {}
        owner = {vrid: rng.choice(cluster.nodes) if rng.random() < 0.1 else "" for vrid in cluster.vrids}
        for node in cluster.nodes:
            owned = {vrid: owner[vrid] == node for vrid in cluster.vrids}
            own = advert * rng.choice((2, *[1] * 12)) if version == 3 else advert
            texts[node].append(_written(rng, cluster, owned, ways[node], own, node in differing))
    return Case(addresses, {name: "".join(lines) for name, lines in texts.items()}, tuple(clusters))


def _ways(rng: random.Random, addresses: Mapping[str, str], version: int, deaf: bool) -> dict[str, list[str]]:
    """How the nodes of a cluster reach each other: by multicast, some by IPv6 or by unicast; `deaf`: not all do."""
    way = rng.choices(("multicast", "ipv6" if version == 3 else "multicast", "unicast"), (8, 1, 9 if deaf else 1))[0]
    if way != "unicast":
        return {node: ["native_ipv6"] if way == "ipv6" else [] for node in addresses}
    peers = {node: [f"    {peer}" for name, peer in addresses.items() if name != node] for node in addresses}
    if deaf and len(addresses) > 2:
        for listed in peers.values():
            rng.shuffle(listed)
            del listed[rng.choice((1, 2)) :]  # some send to one of the others only
    return {
        node: [f"unicast_src_ip {address}", "unicast_peer {", *peers[node], "}"] for node, address in addresses.items()
    }


def _differing(rng: random.Random, ways: dict[str, list[str]], version: int) -> set[str]:
    """What makes nodes reject each other's adverts, put into their lines; returns who has further addresses."""
    unicast = any("unicast_peer {" in lines for lines in ways.values())
    what = rng.choice(
        ["", "addresses", *(["ttl", "ttl"] if unicast else []), *(["auth", "auth"] if version == 2 else [])]
    )
    if what == "addresses":
        return {node for node in ways if rng.random() < 0.5}
    for lines in ways.values():
        if what == "auth" and rng.random() < 0.8:
            lines += ["authentication {", "    auth_type PASS", f"    auth_pass {rng.choice(('one', 'two'))}", "}"]
        if what == "ttl":
            lines += [f"unicast_ttl {rng.choice((64, 255))}"]
            if rng.random() < 0.6:
                lines[:] = [f"{line} min_ttl 200" if line.startswith("    10.") else line for line in lines]
    return set()


def _written(
    rng: random.Random,
    cluster: Cluster,
    owner: Mapping[int, bool],
    way: Sequence[str],
    advert: float,
    more: bool,
) -> str:
    """What one node says of a cluster; `more`: its routers have an address that others have not."""
    parts = [script(f"s{cluster.number}"), file(f"f{cluster.number}")]
    for vrid in cluster.vrids:
        lines = _trackers(rng, cluster.number, rng.choice((0, 1, 1, 2)))
        state = rng.choice(("", "", "state BACKUP", "state MASTER"))
        lines += [state] if state else []
        lines += ["nopreempt"] if rng.random() < 0.3 else []
        others = (
            [f"{'fe80::8' if 'native_ipv6' in way else '10.9.2'}{':' if 'native_ipv6' in way else '.'}{vrid}"]
            if more
            else []
        )
        parts.append(instance(vrid, 255 if owner[vrid] else rng.choice(BASES), [*way, *lines], advert, others))
    if len(cluster.vrids) > 1 and rng.random() < 0.8:
        members = rng.sample(cluster.vrids, rng.choice((2, len(cluster.vrids))))
        lines = ["group {", *[f"    V{vrid}" for vrid in members], "}"]
        lines += ["sync_group_tracking_weight"] if rng.random() < 0.7 else []
        lines += _trackers(rng, cluster.number, 1) if rng.random() < 0.15 else []
        parts.append(f"vrrp_sync_group G{cluster.number} {{\n    " + "\n    ".join(lines) + "\n}\n")
    return "".join(parts)


def _trackers(rng: random.Random, number: int, count: int) -> list[str]:
    lines = []
    for kind in rng.sample(("script", "script", "file", "interface"), count):
        weight = rng.choice(WEIGHTS)
        if kind == "script":
            lines.append(f"track_script {{\n        s{number} weight {weight}\n    }}")
        elif kind == "file":
            lines.append(f"track_file {{\n        f{number} weight {rng.choice((-2, -1, 0, 1, 2))}\n    }}")
        else:
            lines.append(f"track_interface {{\n        eth1 weight {weight}\n    }}")
    return lines if len(set(lines)) == len(lines) else lines[:1]


class World:
    """The states of everything on every node, and which daemons run; events change it."""

    def __init__(self, case: Case, rng: random.Random) -> None:
        self.case = case
        self.rng = rng
        self.running: set[str] = set()
        self.states: dict[str, dict[str, int | str]] = {
            name: {"interface:eth0": "up", "interface:eth1": "up"} for name in case.addresses
        }
        for cluster in case.clusters:
            for node in cluster.nodes:
                of_script, of_file = cluster.things()
                self.states[node][of_script] = rng.choice(("ok", "ok", "ok", "ko"))
                self.states[node][of_file] = rng.choice((0, 0, 0, 7))

    def event(self) -> Event:
        """Something that can happen now; everything that has failed as a whole comes back soon."""
        names = sorted(self.case.addresses)
        stopped = [name for name in names if name not in self.running]
        unplugged = [name for name in names if self.states[name]["interface:eth0"] == "down"]
        if stopped and self.rng.random() < 0.6:
            return Event("start", self.rng.choice(stopped))
        if unplugged and self.rng.random() < 0.6:
            return Event("set", states={self.rng.choice(unplugged): {"interface:eth0": "up"}})
        kind = self.rng.choices(("things", "eth1", "eth0", "stop", "kill", "reload"), (11, 2, 2, 2, 2, 2))[0]
        node = self.rng.choice(names)
        if kind in ("stop", "kill") and len(stopped) < len(names) - 1 and node in self.running:
            return Event(kind, node)
        if kind == "reload" and node in self.running:
            return Event(kind, node)
        if kind in ("eth0", "eth1"):
            link = f"interface:{kind}"
            return Event("set", states={node: {link: "down" if self.states[node][link] == "up" else "up"}})
        return Event("set", states=self._things())

    def _things(self) -> dict[str, dict[str, int | str]]:
        """One change in each cluster."""
        changes: dict[str, dict[str, int | str]] = {}
        for cluster in self.case.clusters:
            node, thing = self.rng.choice(cluster.nodes), self.rng.choice(cluster.things())
            state: int | str = "ko" if self.states[node][thing] == "ok" else "ok"
            if thing.startswith("file"):
                state = self.rng.choice([v for v in (0, -30, -10, 5, 10, 15, 30) if v != self.states[node][thing]])
            changes.setdefault(node, {})[thing] = state
        return changes

    def apply(self, event: Event) -> None:
        """Take an event down."""
        for node, changes in event.states.items():
            self.states[node].update(changes)
        if event.kind == "start":
            self.running |= {event.node} if event.node else set(self.case.addresses)
        elif event.kind in ("stop", "kill"):
            self.running.discard(event.node)
