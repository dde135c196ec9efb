"""One cluster judged, and what a check keeps of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.errors import InputError, KalintError, UnrenderedError
from kalint.findings.diagnostic import Refused
from kalint.findings.secrets import masked_sources
from kalint.findings.sources import Sources
from kalint.pipeline.clusters import answered, clustered, of_node
from kalint.pipeline.diagnosing import suppressing
from kalint.pipeline.outcome import Outcome
from kalint.pipeline.reading import settle
from kalint.settings.model import required_of

if TYPE_CHECKING:
    from kalint.pipeline.caching import Cache, Watched
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


def known_cluster(cluster: ClusterSettings, asked: Asked, cache: Cache) -> Outcome | None:
    """The outcome of a cluster as it is kept; None where all is not as it was.

    Raises:
        SettingsError: the settings or a file of requirements cannot be read.
    """
    from kalint.pipeline.packing import outcome_of

    key = _key(cluster, asked)
    return None if key is None else cache.known(key, frozenset(), outcome_of)


def judge_cluster(cluster: ClusterSettings, asked: Asked, cache: Cache | None = None) -> Outcome:
    """What the rules on clusters say of one.

    Raises:
        OutOfTimeError: the time of --timeout ran out.
        SettingsError: something that is said to fail together is not there.
    """
    try:
        if cache is None:
            return _judged(cluster, asked)
        return _kept(cluster, asked, cache)
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


def _kept(cluster: ClusterSettings, asked: Asked, cache: Cache) -> Outcome:
    """The outcome of a cluster, which is kept."""
    from kalint.pipeline.caching import watched_request
    from kalint.pipeline.kept_outcomes import keepable

    key = _key(cluster, asked)
    if key is None:
        return _judged(cluster, asked)

    def find(watched: Watched) -> Outcome:
        found = _judged(cluster, asked._replace(watch=lambda request: watched_request(request, watched)))
        root = asked.include_root
        for node in cluster.nodes:
            first = os.path.realpath(node.file)
            rest = [file for file in found.files if os.path.realpath(file) != first]
            watched.outside([node.file, *rest], root)
        return found

    return cache.result(key, frozenset(), find, keepable)


def _key(cluster: ClusterSettings, asked: Asked) -> tuple[object, ...] | None:
    """All that decides of a cluster, besides the machine; None where a rendering reads more files than the text."""
    from kalint.pipeline.caching import told, told_of_files

    by_node = []
    for node in cluster.nodes:
        request, settings = settle(of_node(asked, node), node.file)
        if request.variables:
            return None
        by_node.append((told(request), told_of_files(settings) if request.included is not None else ()))
    return "cluster", cluster, required_of(cluster), by_node, asked.max_failover, os.getcwd()
