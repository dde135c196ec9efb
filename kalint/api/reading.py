"""From a command's JSON document, the one description that is fixed, to the results of `kalint.api`."""

from __future__ import annotations

from types import MappingProxyType

from kalint.api.clusters import Failure, Router
from kalint.api.configuration import Instance, Tracker
from kalint.api.results import Document, Finding, InstancePriorities, Reachable

_FINDING = ("code", "name", "severity", "confidence", "message", "file", "line", "column", "end_line", "end_column")


def findings_of(document: Document) -> tuple[Finding, ...]:
    """The findings of a document that has `diagnostics`."""
    names = (*_FINDING, "help", "url")
    return tuple(Finding(**{name: row[name] for name in names}, document=row) for row in document["diagnostics"])


def loaded_of(row: Document) -> Instance:
    """One of the `instances` of kalint/show/1."""
    names = ("name", "interface", "family", "virtual_router_id", "base_priority", "advert_interval", "preempt")
    kept = ("kind", "name", "weight", "reverse")
    return Instance(
        **{name: row[name] for name in names},
        preempt_delay=row["preempt_delay"],
        virtual_addresses=tuple(row["virtual_addresses"]),
        trackers=tuple(Tracker(**{name: tracker[name] for name in kept}) for tracker in row["trackers"]),
        file=row["location"]["file"],
        line=row["location"]["line"],
        document=row,
    )


def instance_of(row: Document) -> InstancePriorities:
    """One of the `instances` of kalint/priorities/1."""
    reachable = (
        Reachable(priority=one["priority"], witness=MappingProxyType(one["witness"]), combinations=one["combinations"])
        for one in row["reachable"]
    )
    outcome = row.get("outcome")
    names = ("name", "virtual_router_id", "base_priority", "owner", "can_fault", "nominal")
    return InstancePriorities(
        **{name: row[name] for name in names},
        minimum=row["min"],
        maximum=row["max"],
        reachable=tuple(reachable),
        outcome=None if outcome is None else outcome.get("priority", outcome.get("state")),
        document=row,
    )


def router_of(row: Document) -> Router:
    """One of the `routers` of kalint/cluster/1."""
    return Router(
        virtual_router_id=row["virtual_router_id"],
        family=row["family"],
        members=MappingProxyType({member["node"]: member["instance"] for member in row["members"]}),
        masters=tuple(row["masters"]),
        possible_masters=tuple(map(tuple, row["possible_masters"])),
        failures=tuple(map(_failure, row["single_failures"])),
        findings=findings_of(row),
        document=row,
    )


def _failure(row: Document) -> Failure:
    return Failure(
        node=row["node"],
        thing=row["thing"],
        state=row["state"],
        priorities=MappingProxyType(row["priorities"]),
        masters=tuple(row["masters"]),
        possible_masters=tuple(map(tuple, row["possible_masters"])),
        document=row,
    )
