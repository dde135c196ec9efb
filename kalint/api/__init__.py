"""What other programs may import: the commands of kalint as functions, with frozen data as results.

    from kalint import api

    result = api.cluster("lb1=lb1.conf", "lb2=lb2.conf", keepalived_version="2.2.7")
    assert result.routers[0].masters == ("lb1",)
    result.assert_always(master="lb2", when="script chk_haproxy on lb1 fails")

Every result keeps its whole JSON document (docs/interface.md) in `document`; the attributes are the parts that most
programs want. Names and meanings stay as they are within a major version. No function writes or runs anything, and
none prints. Errors are `KalintError`: `InputError` for a file that cannot be read or is not a configuration of
keepalived, and `UsageError` for a question that cannot be asked. `SettingsError` is for wrong settings, and
`RequirementError` for a requirement that cannot be understood.
"""

from __future__ import annotations

from kalint.api.asserting import assert_requires
from kalint.api.clusters import ClusterResult, Failure, Router
from kalint.api.configuration import Configuration, Instance, Tracker
from kalint.api.questions import check, cluster, diff, load, priorities, require, simulate
from kalint.api.results import (
    Change,
    CheckResult,
    DiffResult,
    Finding,
    InstancePriorities,
    MasterChange,
    PrioritiesResult,
    Reachable,
    RequireResult,
    SimulationResult,
    Verdict,
)
from kalint.errors import InputError, KalintError, SettingsError, UsageError
from kalint.requirements.errors import RequirementError

__all__ = [
    "Change",
    "CheckResult",
    "ClusterResult",
    "Configuration",
    "DiffResult",
    "Failure",
    "Finding",
    "InputError",
    "Instance",
    "InstancePriorities",
    "KalintError",
    "MasterChange",
    "PrioritiesResult",
    "Reachable",
    "RequireResult",
    "RequirementError",
    "Router",
    "SettingsError",
    "SimulationResult",
    "Tracker",
    "UsageError",
    "Verdict",
    "assert_requires",
    "check",
    "cluster",
    "diff",
    "load",
    "priorities",
    "require",
    "simulate",
]
