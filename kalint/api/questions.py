"""The functions of `kalint.api`: a command's question, asked of the pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from types import MappingProxyType
from typing import Any

from kalint.api.clusters import ClusterResult
from kalint.api.configuration import Configuration
from kalint.api.proofs import verdict_of
from kalint.api.reading import findings_of, instance_of, loaded_of, router_of
from kalint.api.results import (
    Change,
    CheckResult,
    DiffResult,
    MasterChange,
    PrioritiesResult,
    RequireResult,
    SimulationResult,
)
from kalint.errors import UsageError
from kalint.pipeline.reading import Asked
from kalint.pipeline.request import CheckRequest
from kalint.report import renderer
from kalint.version import Version, parse_version


def load(
    path: str,
    *,
    keepalived_version: str | None = None,
    config_id: str | None = None,
    settings: str | None = None,
    include_root: str | None = None,
) -> Configuration:
    """A configuration as the daemon has it, after includes, `@id` lines and `$definitions`, as `kalint show`.

    Args:
        path: a configuration.
        keepalived_version: see `check`.
        config_id: see `check`.
        settings: see `check`.
        include_root: see `check`.

    Raises:
        InputError: the file cannot be read, or is no configuration of keepalived.
        SettingsError: the settings are wrong.
    """
    from kalint.pipeline.reading import load as read
    from kalint.pipeline.reading import settle

    request, _ = settle(_asked(keepalived_version, config_id, settings, include_root), path)
    loaded = read(path, None, request)
    document = _document("show", loaded.resolved)
    return Configuration(
        keepalived_version=str(loaded.version),
        instances=tuple(map(loaded_of, document["instances"])),
        document=document,
    )


def check(
    *paths: str,
    keepalived_version: str | None = None,
    config_id: str | None = None,
    settings: str | None = None,
    include_root: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    as_cluster: bool = False,
) -> CheckResult:
    """Judge files and directories, as `kalint check` does; what cannot be read is in `unreadable`.

    Args:
        paths: files, or directories with `*.conf` in and below them.
        keepalived_version: a release such as 2.2.7; None: as the settings say, else the newest.
        config_id: keepalived's `-i`.
        settings: a kalint.toml; None: the one found above each file.
        include_root: no file outside this directory is included.
        select: prefixes of codes: only these rules; empty: all.
        ignore: prefixes of codes: not these rules.
        as_cluster: the paths are the nodes of one cluster too.

    Raises:
        SettingsError: the settings are wrong.
    """
    from kalint.pipeline.judging import judged

    asked = _asked(keepalived_version, config_id, settings, include_root)._replace(
        select=tuple(select), ignore=tuple(ignore)
    )
    findings, _ = judged(CheckRequest(paths, asked, quiet=True, cluster=as_cluster), bytes)
    document = _document("check", findings)
    return CheckResult(
        keepalived_version=document["keepalived_version"],
        files=tuple(document["files"]),
        findings=findings_of(document),
        unreadable=MappingProxyType({row["file"]: row["reason"] for row in document["unreadable"]}),
        document=document,
    )


def priorities(
    path: str,
    *,
    states: Mapping[str, str] | None = None,
    rest: str = "any",
    keepalived_version: str | None = None,
    config_id: str | None = None,
    settings: str | None = None,
) -> PrioritiesResult:
    """Every effective priority that the instances of a file can reach.

    Args:
        path: a configuration.
        states: what is known: {"script:chk": "ko", "interface:eth1": "down", "file:f": "3"}.
        rest: what all others are: "any", or "good".
        keepalived_version: see `check`.
        config_id: see `check`.
        settings: see `check`.

    Raises:
        InputError: the file cannot be read, or is no configuration of keepalived.
        UsageError: a state of a thing that is not there.
    """
    from kalint.pipeline.priorities import priorities_of
    from kalint.pipeline.reading import load, settle

    request, _ = settle(_asked(keepalived_version, config_id, settings), path)
    given = [f"{thing}={state}" for thing, state in (states or {}).items()]
    document = _document("priorities", priorities_of(load(path, None, request), given, rest))
    return PrioritiesResult(
        keepalived_version=document["keepalived_version"],
        instances=tuple(map(instance_of, document["instances"])),
        document=document,
    )


def cluster(
    *nodes: str,
    pairs: bool = False,
    keepalived_version: str | None = None,
    settings: str | None = None,
) -> ClusterResult:
    """Who is master of the nodes' virtual routers when what fails.

    Args:
        nodes: `[NAME=]FILE` for each node, or the name of one cluster of the settings.
        pairs: every two failures at once too (in `document`).
        keepalived_version: see `check`.
        settings: see `check`.

    Raises:
        InputError: a file cannot be read, or is no configuration of keepalived.
        RequirementError: a requirement of the settings says nothing, or names what is not there.
        UsageError: fewer than two nodes, or no such cluster.
        SettingsError: the settings are wrong.
    """
    from kalint.pipeline.clusters import clustered
    from kalint.pipeline.nodes import asked_for

    asked = _asked(keepalived_version, None, settings)
    judged = clustered(asked_for(nodes, asked)[0], asked, pairs)
    document = _document("cluster", judged)
    return ClusterResult(
        nodes=tuple(document["nodes"]),
        routers=tuple(map(router_of, document["routers"])),
        findings=findings_of(document),
        document=document,
        _analysed=judged.cluster,
    )


def require(
    *nodes: str,
    requirements: Sequence[str] | None = None,
    keepalived_version: str | None = None,
    settings: str | None = None,
) -> RequireResult:
    """Whether a cluster does what is required of it, as `kalint require`.

    Args:
        nodes: see `cluster`.
        requirements: texts (docs/requirements.md); None: those that the settings have for the cluster.
        keepalived_version: see `check`.
        settings: see `check`.

    Raises:
        InputError: a file cannot be read, or is no configuration of keepalived.
        RequirementError: a text is no requirement, or names what is not there.
        UsageError: no such cluster, fewer than two nodes, or no requirements.
        SettingsError: the settings are wrong.
    """
    from kalint.pipeline.nodes import asked_for
    from kalint.pipeline.requiring import required
    from kalint.settings.model import Written

    asked = _asked(keepalived_version, None, settings)
    written = None if requirements is None else [Written(text, "") for text in requirements]
    result = required(asked_for(nodes, asked)[0], asked, written)
    if not result.verdicts:
        raise UsageError("there are no requirements: pass some, or write them into the settings")
    document = _document("require", [result])
    return RequireResult(
        cluster=result.judged.name,
        nodes=tuple(node.name for node in result.judged.cluster.nodes),
        verdicts=tuple(map(verdict_of, result.verdicts)),
        document=document,
    )


def simulate(
    *nodes: str, scenario: str, keepalived_version: str | None = None, settings: str | None = None
) -> SimulationResult:
    """The nodes through a scenario (docs/simulate.md): states, masters and adverts in time.

    Args:
        nodes: see `cluster`; one node will do.
        scenario: the scenario's file.
        keepalived_version: see `check`.
        settings: see `check`.

    Raises:
        KalintError: the scenario is wrong.
        InputError: a file cannot be read, or is no configuration of keepalived.
    """
    from kalint.pipeline.nodes import asked_for, named
    from kalint.pipeline.simulating import simulated

    asked = _asked(keepalived_version, None, settings)
    chosen = named(nodes, least=1) if len(nodes) == 1 and "=" in nodes[0] else asked_for(nodes, asked)[0]
    document = _document("simulate", simulated(chosen, asked, scenario))
    changes = (
        MasterChange(
            time=row["time"],
            virtual_router_id=row["virtual_router_id"],
            family=row["family"],
            nodes=tuple(row["nodes"]),
        )
        for row in document["masters"]
    )
    return SimulationResult(duration=document["duration"], masters=tuple(changes), document=document)


def diff(
    old: str, new: str | None = None, *, old_version: str | None = None, new_version: str | None = None
) -> DiffResult:
    """What changes from one file to another, or for one file from one release to another.

    Raises:
        InputError: a file cannot be read, or is no configuration of keepalived.
    """
    from kalint.pipeline.comparing import compare
    from kalint.pipeline.reading import settle

    before, _ = settle(_asked(old_version), old)
    after, _ = settle(_asked(new_version or old_version if new else new_version), new or old)
    document = _document("diff", compare((old, before), (new or old, after)))
    changes = (
        Change(what=row["what"], subject=row["subject"], old=row["old"], new=row["new"]) for row in document["changes"]
    )
    return DiffResult(changes=tuple(changes), document=document)


def _asked(
    keepalived_version: str | None = None,
    config_id: str | None = None,
    settings: str | None = None,
    include_root: str | None = None,
) -> Asked:
    version: Version | None = None if keepalived_version is None else parse_version(keepalived_version)
    return Asked(config_id, version, include_root, settings=settings)


def _document(command: str, result: object) -> Any:
    """A result as the command prints it with --format json: the one description of it that is fixed."""
    stream = StringIO()
    renderer(command, "json")(result, stream)
    return json.loads(stream.getvalue())
