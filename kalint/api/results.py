"""The results of `kalint.api`: frozen data, each with its whole JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
Witness = Mapping[str, str]
"""The state of each thing that is not good: {"script:chk_web": "ko"}."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding of a rule. Lines and columns count from 1; `end_column` is the first character behind it."""

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    help: str
    url: str
    document: Document


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What `kalint check` found. `unreadable` has the reason for each path that was not judged."""

    keepalived_version: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    unreadable: Mapping[str, str]
    document: Document

    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(found.code for found in self.findings)


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """An effective priority (1..255) that can be reached, a smallest witness, and in how many combinations it is."""

    priority: int
    witness: Witness
    combinations: int


@dataclass(frozen=True, kw_only=True)
class InstancePriorities:
    """What a VRRP instance can reach.

    `minimum`, `maximum` and `nominal` (nothing is down) are None where the instance is in FAULT. `outcome` is a
    priority, "FAULT", or None where the states that were given leave it open.
    """

    name: str
    virtual_router_id: int
    base_priority: int
    owner: bool
    can_fault: bool
    minimum: int | None
    maximum: int | None
    nominal: int | None
    reachable: tuple[Reachable, ...]
    outcome: int | str | None
    document: Document


@dataclass(frozen=True, kw_only=True)
class PrioritiesResult:
    """The instances of a file, in its order."""

    keepalived_version: str
    instances: tuple[InstancePriorities, ...]
    document: Document


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What becomes of a virtual router when one thing fails.

    `node` is None for things that fail together. `priorities` has None for a node in FAULT or without a daemon.
    `masters` are all that are master at once in the likeliest outcome, `possible_masters` every such set.
    """

    node: str | None
    thing: str
    state: str
    priorities: Mapping[str, int | None]
    masters: tuple[str, ...]
    possible_masters: tuple[tuple[str, ...], ...]
    document: Document


@dataclass(frozen=True, kw_only=True)
class Router:
    """A virtual router: who is master while nothing is down, and after each single failure.

    `members` has the name of each node's instance. `masters` and `possible_masters`: see `Failure`.
    """

    virtual_router_id: int
    family: str
    members: Mapping[str, str]
    masters: tuple[str, ...]
    possible_masters: tuple[tuple[str, ...], ...]
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...]
    document: Document

    def failure(self, node: str, thing: str) -> Failure:
        """The row of a thing of a node, such as `failure("lb1", "script:chk_web")`.

        Raises:
            KeyError: the router has no such row.
        """
        for found in self.failures:
            if (found.node, found.thing) == (node, thing):
                return found
        raise KeyError(f"{node}:{thing}")


@dataclass(frozen=True, kw_only=True)
class ClusterResult:
    """The virtual routers of several nodes, and the findings of the rules on clusters."""

    nodes: tuple[str, ...]
    routers: tuple[Router, ...]
    findings: tuple[Finding, ...]
    document: Document

    def router(self, virtual_router_id: int, family: str = "ipv4") -> Router:
        """One router.

        Raises:
            KeyError: there is no such router.
        """
        for found in self.routers:
            if (found.virtual_router_id, found.family) == (virtual_router_id, family):
                return found
        raise KeyError(f"{virtual_router_id} {family}")


@dataclass(frozen=True, kw_only=True)
class MasterChange:
    """From `time` (seconds after the start) on, these nodes are master of the router."""

    time: float
    virtual_router_id: int
    family: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SimulationResult:
    """A timeline of `duration` seconds: every change of the masters; the events are in `document`."""

    duration: float
    masters: tuple[MasterChange, ...]
    document: Document

    def masters_at(self, time: float, virtual_router_id: int, family: str = "ipv4") -> tuple[str, ...]:
        """Who is master of a router at a time in seconds."""
        now: tuple[str, ...] = ()
        for change in self.masters:
            if change.time <= time and (change.virtual_router_id, change.family) == (virtual_router_id, family):
                now = change.nodes
        return now


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs; `old` or `new` is None where it is missing on that side."""

    what: str
    subject: str
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True)
class DiffResult:
    """What changes between two files or two releases; nothing where `changes` is empty."""

    changes: tuple[Change, ...]
    document: Document
