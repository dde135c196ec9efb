"""Captured adverts of eleven releases carry the values that kalint resolves from the sender's configuration."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kalint.model.builder import build
from kalint.semantics.effect import states
from kalint.semantics.resolve import resolve
from kalint.semantics.resolved import Instance, Resolved
from kalint.syntax import parse
from kalint.text import Options, read
from kalint.version import parse_version

AUTH = {"PASS": 1, "AH": 2}
"""The type on the wire (RFC 2338, section 5.3.6)."""


@pytest.fixture(scope="module")
def captures(folder: Path) -> list[dict[str, Any]]:
    """What was captured, beside the recorded vectors."""
    place = folder.parent / "captures" if folder.name == "vectors" else folder / "captures"
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(place.glob("*.json"))]


def senders(capture: dict[str, Any]) -> dict[str, Resolved]:
    """What each node's release makes of its configuration, by every address that the node may send from."""
    found = {}
    for name, node in capture["nodes"].items():
        if node["config"] is None:  # a bystander without keepalived
            continue
        version = parse_version(node["keepalived"])
        text = read("captured.conf", node["config"].encode(), Options(config_id=name))
        resolved = resolve(build(parse(text.lines)[0], version), version)
        addresses = [node["ipv4"], node["ipv6"], node["ipv6_link_local"], *node["extra_addresses"]]
        found.update({address.split("/")[0]: resolved for address in addresses if address})
    return found


def priorities(instance: Instance, resolved: Resolved) -> set[int]:
    """The base priority, what one tracker makes of it, and 0, which says that the master leaves."""
    base = instance.base_priority.value
    steps = [delta for tracker in instance.trackers for _, delta, _ in states(tracker, resolved.profile)]
    return {0, base, *(base + delta for delta in steps)}


def carried(instance: Instance) -> tuple[int, float, int, tuple[str, ...]]:
    """Version, seconds between adverts, type of authentication and addresses that its adverts must carry."""
    auth = AUTH[instance.auth_type.value] if instance.auth_type else 0
    addresses = tuple(address.split("/")[0] for address in instance.virtual_addresses)
    return instance.vrrp_version, instance.advert_interval.value, auth, addresses


def differences(capture: dict[str, Any]) -> Iterator[str]:
    """Every advert that no instance of its sender explains."""
    nodes = senders(capture)
    for key, adverts in capture["expected_adverts_per_source"].items():
        source, router, version = re.match(r"(\S+) vrid (\d+) v(\d)", key).groups()
        resolved = nodes[source]
        instances = [found for found in resolved.instances if found.virtual_router_id.value == int(router)]
        for advert in adverts:
            interval, unit = advert["adver_int"].split()
            seconds = float(interval) / (100 if unit == "cs" else 1)
            seen = (int(version), seconds, advert.get("auth_type", 0), tuple(advert["addresses"]))
            priority = advert["priority"]
            if not any(carried(found) == seen and priority in priorities(found, resolved) for found in instances):
                said = [(carried(found), priorities(found, resolved)) for found in instances]
                yield f"{capture['name']}, {key}: {seen}, priority {priority}; worked out {said}"


def test_captured_adverts_carry_what_was_worked_out(captures, summary):
    """Version, priority, interval, authentication and addresses of each advert follow from the sender's file."""
    assert captures
    found = [difference for capture in captures for difference in differences(capture)]
    summary["captures"] += sum(len(a) for capture in captures for a in capture["expected_adverts_per_source"].values())
    summary["captures different"] += len(found)
    assert found == []
