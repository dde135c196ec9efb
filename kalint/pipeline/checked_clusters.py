"""The clusters that checked files belong to: what the rules on clusters add to the findings of single files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from kalint.errors import InputError, OutOfTimeError, UnrenderedError
from kalint.findings.diagnostic import SEVERITIES, Diagnostic, Findings, Refused
from kalint.pipeline.checking import suppressing, unused
from kalint.pipeline.clusters import clustered, of_node, without_guesses
from kalint.pipeline.nodes import named, of_ids
from kalint.pipeline.reading import Asked, settle
from kalint.settings.model import ClusterSettings
from kalint.text import read

if TYPE_CHECKING:
    from kalint.analysis.judged import Judged
    from kalint.findings.suppressions import Suppressions


def with_clusters(
    findings: Findings,
    clusters: Sequence[ClusterSettings],
    asked: Asked,
    as_one: bool = False,
    typed: str | None = None,
) -> Findings:
    """With what the rules on clusters say of each cluster that has one of the files; each finding in order of place.

    Args:
        findings: those of the single files.
        clusters: those of the settings.
        asked: what the command line says.
        as_one: the files are the nodes of one cluster too, if no cluster of the settings is just these files.
        typed: the file that standard input stood for, as it is in an editor.
    """
    if typed is not None and typed in findings.sources:
        content = "\n".join(findings.sources[typed]).encode("utf-8", "surrogateescape")
        asked = asked._replace(overlay={**asked.overlay, os.path.realpath(typed): content})
    checked = {os.path.realpath(file): file for file in findings.files}
    suppressions = suppressing()
    known = set()
    for cluster in clusters:
        files = frozenset(os.path.realpath(node.file) for node in cluster.nodes)
        known.add(files)
        if files.isdisjoint(checked) and not _includes(cluster, checked, asked):
            continue
        nodes = (node._replace(file=checked.get(os.path.realpath(node.file), node.file)) for node in cluster.nodes)
        findings = _with(findings, cluster._replace(nodes=tuple(nodes)), asked, suppressions)
    told = known | {frozenset((os.path.realpath(each.path),)) for each in findings.refused}
    for file in findings.config_ids:
        if frozenset((os.path.realpath(file),)) not in told and (nodes_of_file := of_ids(file, asked)) is not None:
            findings = _with(findings, nodes_of_file, asked, suppressions)
    if as_one and len(checked) > 1 and frozenset(checked) not in known and not findings.refused:
        findings = _with(findings, named(findings.files), asked, suppressions)
    return _merged(findings, unused(suppressions, malformed=False))


def _includes(cluster: ClusterSettings, files: Collection[str], asked: Asked) -> bool:
    """Whether a node's file includes one of the files."""
    for node in cluster.nodes:
        try:
            text = read(node.file, None, settle(of_node(asked, node), node.file)[0].text)
        except InputError:
            continue
        if any(os.path.realpath(file) in files for file in text.files):
            return True
    return False


def _merged(findings: Findings, more: Iterable[Diagnostic]) -> Findings:
    """With more findings, each in order of place."""
    found = {*findings.diagnostics, *more}
    places = sorted(found, key=lambda each: (*each.span[:3], each.code, each.message))
    return findings._replace(diagnostics=tuple(places))


def _with(findings: Findings, cluster: ClusterSettings, asked: Asked, suppressions: Suppressions) -> Findings:
    try:
        judged = clustered(cluster, asked, suppressions=suppressions)
    except (InputError, OutOfTimeError) as error:
        if isinstance(error, UnrenderedError) and not cluster.name:
            return findings  # nobody said that the ids of a template are a cluster
        reason = f"clusters.{cluster.name}: {error}" if cluster.name else str(error)
        return findings._replace(refused=(*findings.refused, Refused(cluster.nodes[0].file, reason)))
    except Exception as error:
        from kalint.rules.internal_error import finding

        return _merged(findings, [finding(cluster.nodes[0].file, error, "its cluster was not checked")])
    fail_on = dict(findings.fail_on)
    for node in cluster.nodes:
        level = settle(asked, node.file)[0].fail_on
        if level is not None:
            fail_on.setdefault(node.file, level)
    sources = {**judged.sources, **findings.sources}
    suppressed = tuple(dict.fromkeys((*findings.suppressed, *judged.suppressed)))
    kept = tuple(without_guesses(findings.diagnostics, judged))
    findings = findings._replace(
        diagnostics=kept,
        sources=sources,
        fail_on=fail_on,
        suppressed=suppressed,
        hidden=findings.hidden | judged.hidden,
    )
    return _merged(findings, judged.diagnostics)


def fails(judged: Judged, cluster: ClusterSettings, asked: Asked, fail_on: str | None) -> bool:
    """Whether a finding is serious enough for the exit code 1: as asked, or as the settings of the first node say."""
    level = fail_on or settle(asked, cluster.nodes[0].file)[0].fail_on or "warning"
    return level != "never" and any(
        SEVERITIES.index(found.severity) <= SEVERITIES.index(level) for found in judged.diagnostics
    )
