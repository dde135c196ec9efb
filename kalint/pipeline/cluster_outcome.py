"""One cluster judged, and what a check keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.errors import InputError, KalintError, UnrenderedError
from kalint.findings.diagnostic import Refused
from kalint.findings.sources import Sources
from kalint.pipeline.clusters import answered, clustered
from kalint.pipeline.diagnosing import suppressing
from kalint.pipeline.outcome import Outcome
from kalint.pipeline.reading import settle

if TYPE_CHECKING:
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


def judge_cluster(cluster: ClusterSettings, asked: Asked) -> Outcome:
    """What the rules on clusters say of one.

    Raises:
        OutOfTimeError: the time of --timeout ran out.
        SettingsError: something that is said to fail together is not there.
    """
    try:
        return _judged(cluster, asked)
    except InputError as error:
        if isinstance(error, UnrenderedError) and not cluster.name:
            return Outcome(cluster.name)  # nobody said that the ids of a template are a cluster
        return refused_cluster(cluster, str(error))
    except KalintError:
        raise
    except Exception as error:
        from kalint.rules.internal_error import finding

        found = finding(cluster.nodes[0].file, error, "its cluster was not checked")
        return Outcome(cluster.name, diagnostics=(found,), complete=False)


def refused_cluster(cluster: ClusterSettings, why: str) -> Outcome:
    """The outcome of a cluster that could not be judged."""
    reason = f"clusters.{cluster.name}: {why}" if cluster.name else why
    return Outcome(cluster.name, refused=Refused(cluster.nodes[0].file, reason))


def _judged(cluster: ClusterSettings, asked: Asked) -> Outcome:
    suppressions = suppressing()
    judged = clustered(cluster, asked, suppressions=suppressions)
    fail_on = {}
    for node in cluster.nodes:
        level = settle(asked, node.file)[0].fail_on
        if level is not None:
            fail_on[node.file] = level
    if judged.diagnostics or suppressions.remarks:
        from kalint.findings.secrets import masked_sources

        sources = masked_sources(judged.sources, judged.hidden)
    else:
        sources = Sources()
        sources.name(judged.sources)
    for remark in (remark for some in suppressions.remarks.values() for remark in some):
        remark.text = sources.line(remark.file, remark.line) or "*" * len(remark.text)
    return Outcome(
        cluster.name,
        judged.version,
        judged.diagnostics,
        tuple(judged.sources),
        sources,
        fail_on,
        judged.hidden,
        suppressions=suppressions if suppressions.remarks or suppressions.suppressed else None,
        answered=tuple(sorted(answered(judged))),
    )
