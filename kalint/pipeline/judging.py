"""`kalint check` as a whole: single files, the clusters that they belong to, and what a baseline knows already."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from kalint.errors import OutOfTimeError, UsageError
from kalint.findings.counting import MOST
from kalint.pipeline.checking import check
from kalint.pipeline.reading import STANDARD_INPUT, Memory, SettingsResolver
from kalint.pipeline.spreading import Running, running_of, saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from kalint.findings.diagnostic import Findings
    from kalint.pipeline.request import CheckRequest

INTERNAL = "KA000"
UNKEPT = "--cache is not used with --host: this machine can change without a change of any file"


def running(wanted: CheckRequest) -> Running:
    """Over how many processes, and with which cache: none for what is more than the files (this host, fixes)."""
    plain = not (wanted.asked.host or wanted.asked.overlay or wanted.fix or wanted.diff)
    return running_of(wanted.jobs, wanted.cache if plain else None)._replace(progress=wanted.progress)


def judged(wanted: CheckRequest, standard_input: Callable[[], bytes]) -> tuple[Findings, tuple[str, ...]]:
    """The findings, and what else there is to say of them (see `kalint.pipeline.baselines`)."""
    every = wanted.fix or wanted.diff or wanted.baseline or wanted.write_baseline
    most = None if every else MOST
    wanted = wanted._replace(asked=wanted.asked._replace(memory=wanted.asked.memory or Memory(), most=most))
    nodes = None
    if wanted.cluster and any("=" in path for path in wanted.paths):
        from kalint.pipeline.nodes import named

        nodes = named(wanted.paths)
        wanted = wanted._replace(paths=tuple(dict.fromkeys(node.file for node in nodes.nodes)))
    settler = SettingsResolver(wanted.asked)
    spread = running(wanted)
    typed = (wanted.stdin_filename, standard_input()) if STANDARD_INPUT in wanted.paths else None
    with saved(spread) as said_of_cache:
        findings, refused = check(wanted.paths, wanted.asked, None if typed is None else lambda: typed, settler, spread)
        findings = findings._replace(refused=refused)
        clusters = settler.clusters
        if wanted.asked.max_failover is not None and not (clusters or wanted.cluster):
            raise UsageError("--max-failover needs a cluster: add --cluster")
        if any(each.late for each in refused):
            clusters = []
        elif clusters or wanted.cluster or findings.config_ids:
            from kalint.pipeline.checked_clusters import with_clusters

            findings = with_clusters(findings, clusters, wanted.asked, nodes or wanted.cluster, typed, spread, settler)
    if wanted.fail_on:
        findings = findings._replace(fail_on=dict.fromkeys(findings.sources, wanted.fail_on))
    said: tuple[str, ...] = ()
    complete = not refused and not any(found.code == INTERNAL for found in findings.diagnostics)
    if len(wanted.paths) > 1 and complete and not (clusters or wanted.cluster or wanted.quiet):
        from kalint.pipeline.together import hint

        with suppress(OutOfTimeError):
            said = hint(wanted.paths, wanted.asked, findings)
    if wanted.baseline is not None or wanted.write_baseline is not None or settler.baselines:
        from kalint.pipeline.baselines import compared

        findings, compared_with = compared(findings, wanted, settler.baselines)
        said = (*compared_with, *said)
    if wanted.cache is not None and wanted.asked.host:
        said = (UNKEPT, *said)
    return findings, (*settler.notes, *said_of_cache, *said)
