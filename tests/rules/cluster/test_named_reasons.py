"""Whatever keeps a node from accepting another's adverts, a finding at one of both says so."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations_with_replacement, product

import pytest
from random_clusters import generate

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.cluster.results import Cluster
from kalint.pipeline.reading import Request, load
from kalint.rules.cluster import judge
from kalint.rules.cluster.hearing import Directions
from kalint.rules.cluster.reasons import reason
from kalint.text import Options
from kalint.version import Version

KEYS = ("a" * 32, "b" * 32)

SETTINGS = {
    "version 2": "version 2",
    "version 3": "version 3",
    "two seconds": "advert_int 2",
    "password": "authentication {\n auth_type PASS\n auth_pass one\n}",
    "other password": "authentication {\n auth_type PASS\n auth_pass two\n}",
    "AH": "authentication {\n auth_type AH\n auth_pass one\n}",
    "key": f"auth_hmac {{\n key 1 {KEYS[0]}\n active_key 1\n mode enforce\n}}",
    "other key": f"auth_hmac {{\n key 1 {KEYS[1]}\n active_key 1\n mode enforce\n}}",
    "key of another id": f"auth_hmac {{\n key 2 {KEYS[0]}\n active_key 2\n mode permissive\n}}",
    "permissive": f"auth_hmac {{\n key 1 {KEYS[0]}\n active_key 1\n mode permissive\n}}",
    "checksum as v2": "version 3\nv3_checksum_as_v2",
    "unicast": "version 3\nunicast_src_ip SELF\nunicast_peer {\n PEER\n}",
    "unicast of version 2": "version 2\nunicast_src_ip SELF\nunicast_peer {\n PEER\n}",
    "unicast elsewhere": "version 3\nunicast_src_ip SELF\nunicast_peer {\n 10.9.0.7\n}",
    "low TTL": "version 3\nunicast_src_ip SELF\nunicast_ttl 9\nunicast_peer {\n PEER\n}",
    "TTL of no peer": "version 3\nunicast_ttl 9",
    "wants a TTL": "version 3\nunicast_src_ip SELF\nunicast_peer {\n PEER min_ttl 250\n}",
    "checked source": "version 3\nunicast_src_ip SELF\ncheck_unicast_src\nunicast_peer {\n PEER\n}",
    "old checksum": "version 3\nunicast_src_ip SELF\nold_unicast_checksum never\nunicast_peer {\n PEER\n}",
    "another address": "virtual_ipaddress {\n 10.9.1.2\n}",
}
PAIRS = [*((each, each) for each in ("1.3.5", "2.0.20", "2.2.7", "2.4.3")), ("1.3.5", "2.4.3")]


def node(name: str, settings: str, release: str) -> Node:
    addresses = ("10.9.0.1", "10.9.0.2")
    own, peer = addresses if name == "a" else addresses[::-1]
    text = (
        "vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\npriority 100\nvirtual_ipaddress {\n 10.9.1.1\n}\n"
        f"{settings.replace('SELF', own).replace('PEER', peer)}\n}}\n"
    )
    numbers = Version(*map(int, release.split(".")))
    resolved = load(f"{name}.conf", text.encode(), Request(Options(config_id=name), numbers)).resolved
    return Node(name, resolved, {"eth0": own}, numbers)


def unnamed(cluster: Cluster) -> Iterator[str]:
    """Reasons that no finding at the sender or the receiver names."""
    found = [({each.span.file, *(other.span.file for other in each.related)}, each.code) for each in judge(cluster)]
    for answer in cluster.answers:
        for way in Directions(answer):
            files = {member.instance.written.node.line.file for member in (way.sender, way.receiver)}
            for why in way.reasons.values():
                said, _, code = reason(why).rpartition(", ")
                if said and not any(code == one and files & where for where, one in found):
                    yield f"{way.sender.node.name} to {way.receiver.node.name}: {reason(why)}"


@pytest.mark.parametrize(("release", "other"), PAIRS)
def test_every_reason_between_two_nodes_is_named(release: str, other: str) -> None:
    """Each setting against each other one."""
    rejected = set()
    for one, two in product(SETTINGS, SETTINGS) if release != other else combinations_with_replacement(SETTINGS, 2):
        cluster = analyse([node("a", SETTINGS[one], release), node("b", SETTINGS[two], other)])
        assert list(unnamed(cluster)) == [], (one, two)
        ways = [way for answer in cluster.answers for way in Directions(answer)]
        rejected |= {why.kind for way in ways for why in way.reasons.values()}
    assert rejected >= {"version", "interval", "auth", "path"}
    assert rejected >= {"checksum", "ttl"} or other != "2.4.3"


@pytest.mark.long
def test_every_reason_of_random_clusters_is_named() -> None:
    ways = 0
    for seed in range(120):
        cluster = analyse(generate(random.Random(seed)).nodes)
        assert list(unnamed(cluster)) == [], seed
        ways += sum(1 for answer in cluster.answers for _ in Directions(answer))
    assert ways > 50
