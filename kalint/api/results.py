"""The results of `kalint.api`: frozen data, each with its whole JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Document = Mapping[str, Any]
Witness = Mapping[str, str]
"""The state of each thing that is not good: {"script:chk_web": "ko"}."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding of a rule. Lines and columns count from 1; `end_column` is the first character after it."""

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
    document: Document = field(repr=False)

    def __str__(self) -> str:
        """The first line that `kalint check` prints of it: `lb1.conf:18:14: error: KA203 ... [weight-on-owner]`."""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.code} {self.message} [{self.name}]"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What `kalint check` found. `unreadable` has the reason for each path that was not judged."""

    keepalived_version: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    unreadable: Mapping[str, str]
    document: Document = field(repr=False)

    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(found.code for found in self.findings)


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """An effective priority (1..255) that can be reached, a smallest witness, and in how many combinations it is.

    `combinations` is None where they are too many to count.
    """

    priority: int
    witness: Witness
    combinations: int | None


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
    document: Document = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PrioritiesResult:
    """The instances of a file, in its order."""

    keepalived_version: str
    instances: tuple[InstancePriorities, ...]
    document: Document = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is found of one requirement (docs/requirements.md).

    `name` is what the requirement is called, empty: nothing; `text` its normal form. `outcome` is "holds", "fails",
    "undecided" or "empty" (no situation meets the condition). `situations` is how many it covers. `explanation` has the
    lines of the smallest counterexample, or says which bound was met; empty where it holds.
    """

    name: str
    text: str
    outcome: str
    situations: int
    explanation: tuple[str, ...]
    document: Document = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether the requirement is proved."""
        return self.outcome == "holds"


@dataclass(frozen=True, kw_only=True)
class RequireResult:
    """The verdicts on the requirements of one cluster, in their order. `cluster` is its name, empty: none."""

    cluster: str
    nodes: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    document: Document = field(repr=False)


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
    document: Document = field(repr=False)

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
    document: Document = field(repr=False)
