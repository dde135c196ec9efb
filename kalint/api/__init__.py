"""What other programs may import: the commands of kalint as functions, with frozen data as results.

    from kalint import api

    result = api.cluster("lb1=lb1.conf", "lb2=lb2.conf", keepalived_version="2.2.7")
    assert result.routers[0].masters == ("lb1",)

Every result keeps its whole JSON document (docs/interface.md) in `document`; the attributes are the parts that most
programs want. Names and meanings stay as they are within a major version. No function writes or runs anything, and
none prints. Errors are `kalint.errors.KalintError`: `InputError` for a file that cannot be read or is no configuration
of keepalived, `UsageError` for a question that cannot be asked, `SettingsError` for wrong settings.
"""

from __future__ import annotations

from kalint.api.questions import check, cluster, diff, priorities, simulate
from kalint.api.results import (
    Change,
    CheckResult,
    ClusterResult,
    DiffResult,
    Failure,
    Finding,
    InstancePriorities,
    MasterChange,
    PrioritiesResult,
    Reachable,
    Router,
    SimulationResult,
)
from kalint.errors import InputError, KalintError, SettingsError, UsageError

__all__ = [
    "Change",
    "CheckResult",
    "ClusterResult",
    "DiffResult",
    "Failure",
    "Finding",
    "InputError",
    "InstancePriorities",
    "KalintError",
    "MasterChange",
    "PrioritiesResult",
    "Reachable",
    "Router",
    "SettingsError",
    "SimulationResult",
    "UsageError",
    "check",
    "cluster",
    "diff",
    "priorities",
    "simulate",
]
