"""`kalint fleet --format jsonl`: schema kalint/fleet/1, a document a line for each network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from kalint.analysis.fleet import Fleet, Member, OnNetwork

SCHEMA = "kalint/fleet/1"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write a line for each network."""
    for one in cast("Fleet", result).networks:
        stream.write(json.dumps(document_of(one)) + "\n")


def document_of(one: OnNetwork) -> dict[str, Any]:
    """A network, its VRIDs, and what collides on it."""
    network = one.network
    return {
        "schema": SCHEMA,
        "network": network.name,
        "inferred": network.inferred,
        "clusters": list(network.clusters),
        "used": [
            {
                "virtual_router_id": vrid,
                "family": family,
                "clusters": list(dict.fromkeys(member.cluster for member in members)),
                "virtual_addresses": list(dict.fromkeys(each for member in members for each in member.addresses)),
                "multicast_groups": sorted({member.group for member in members if member.group}),
            }
            for (family, vrid), members in network.used().items()
        ],
        "free": {family: [list(each) for each in ranges] for family, ranges in network.free().items()},
        "collisions": [
            {
                "kind": each.kind,
                "severity": each.severity,
                "subject": each.subject or None,
                "message": each.message,
                "clusters": list(each.clusters),
                "places": [_place(member) for member in each.members],
            }
            for each in one.collisions
        ],
    }


def _place(member: Member) -> dict[str, Any]:
    return {
        "cluster": member.cluster,
        "node": member.node,
        "instance": member.instance,
        "file": member.file,
        "line": member.line,
    }
