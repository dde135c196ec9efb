"""`kalint check` as a whole: single files, the clusters that they belong to, and what a baseline knows already."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from kalint.errors import OutOfTimeError, UsageError
from kalint.pipeline.checking import check
from kalint.pipeline.reading import STANDARD_INPUT, Settler

if TYPE_CHECKING:
    from collections.abc import Callable

    from kalint.findings.diagnostic import Findings
    from kalint.pipeline.request import CheckRequest

INTERNAL = "KA000"


def judged(wanted: CheckRequest, standard_input: Callable[[], bytes]) -> tuple[Findings, tuple[str, ...]]:
    """The findings, and what else there is to say of them (see `kalint.pipeline.baselines`)."""
    settler = Settler(wanted.asked)
    findings, refused = check(wanted.paths, wanted.asked, lambda: (wanted.stdin_filename, standard_input()), settler)
    findings = findings._replace(refused=refused)
    clusters = settler.clusters
    if wanted.asked.max_failover is not None and not (clusters or wanted.cluster):
        raise UsageError("--max-failover needs a cluster: add --cluster")
    if any(each.late for each in refused):
        clusters = []
    elif clusters or wanted.cluster or findings.config_ids:
        from kalint.pipeline.checked_clusters import with_clusters

        typed = wanted.stdin_filename if STANDARD_INPUT in wanted.paths else None
        findings = with_clusters(findings, clusters, wanted.asked, wanted.cluster, typed)
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
    return findings, said
