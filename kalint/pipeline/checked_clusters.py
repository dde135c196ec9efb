"""The clusters that checked files belong to: what the rules on clusters add to the findings of single files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from kalint.errors import InputError, OutOfTimeError, SettingsError
from kalint.findings.diagnostic import SEVERITIES, Diagnostic, Findings
from kalint.pipeline.checking import written
from kalint.pipeline.cluster_outcome import judge_cluster, refused_cluster
from kalint.pipeline.clusters import besides, of_node, said_together
from kalint.pipeline.diagnosing import suppressing, unused
from kalint.pipeline.nodes import named, of_ids
from kalint.pipeline.outcome import Judged
from kalint.pipeline.reading import Asked, SettingsResolver, settle
from kalint.pipeline.spreading import ALONE, Running, each, worth
from kalint.settings.model import ClusterSettings
from kalint.text.files import UnreadableError, load

if TYPE_CHECKING:
    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.pipeline.outcome import Outcome

MOST_NODES = 16
"""Config ids of a file that may be the nodes of a cluster, where nobody says that they are: more are switches."""
EFFORT = 16 << 10
"""A cluster is worth as much of a second process as this many bytes of files."""


def with_clusters(
    findings: Findings,
    clusters: Sequence[ClusterSettings],
    asked: Asked,
    as_one: bool | ClusterSettings = False,
    typed: tuple[str, bytes] | None = None,
    running: Running = ALONE,
    settler: SettingsResolver | None = None,
) -> Findings:
    """With what the rules on clusters say of each cluster that has one of the files; each finding in order of place.

    Args:
        findings: those of the single files.
        clusters: those of the settings.
        asked: what the command line says.
        as_one: the files are the nodes of one cluster too, if no cluster of the settings is just these files; or the
            cluster that they are.
        typed: the file that standard input stood for, and what it held, as it is in an editor.
        running: how many are judged at once, and with which cache.
        settler: knows the settings of files that were asked for.
    """
    if typed is not None:
        name, content = typed
        asked = asked._replace(overlay={**asked.overlay, os.path.realpath(name): content})
        running = running._replace(cache=None)
    wanted = _holding(clusters, findings.files, asked)
    if findings.config_ids or as_one:
        switching = _switching(findings)
        findings = findings._replace(passed_over=(*findings.passed_over, *switching.items()))
        wanted += _unnamed(findings, clusters, asked, as_one, switching)
    done: dict[int, Outcome] = {}
    late = ""

    kept = None
    if running.cache is not None:
        from kalint.pipeline.kept_outcomes import KeptOutcomes

        kept = KeptOutcomes(running.cache, settler or SettingsResolver(asked))

    def judged(number: int) -> Judged:
        if kept is not None:
            return kept.judge_cluster(wanted[number], asked, judge_cluster)
        return Judged(judge_cluster(wanted[number], asked))

    try:
        for number, cluster in enumerate(wanted if kept else ()):
            with suppress(InputError, SettingsError):  # whoever judges it says so
                known = kept.of_cluster(cluster) if kept else None
                if known is not None:
                    done[number] = known
        left = [number for number in range(len(wanted)) if number not in done]
        work = each(left, judged, written, worth([EFFORT] * len(left), running), running, "clusters")
        for number, found in work:
            done[number] = found.outcome
            if kept is not None:
                kept.keep_cluster(wanted[number], found)
    except OutOfTimeError as error:
        late = str(error)
    outcomes = [
        done[number] if number in done else refused_cluster(cluster, late) for number, cluster in enumerate(wanted)
    ]
    return _combined(findings, outcomes, asked)


def _holding(clusters: Sequence[ClusterSettings], files: Iterable[str], asked: Asked) -> list[ClusterSettings]:
    """The clusters that have one of the files; the nodes' files are called as they were asked for."""
    checked: dict[tuple[int, int], str] = {}
    for file in files:
        identity = _identity(file)
        if identity is not None:
            checked[identity] = file
    held: dict[int, list[str]] = {}
    direct = set()
    for number, cluster in enumerate(clusters):
        identities = [_identity(node.file) for node in cluster.nodes]
        if any(each in checked for each in identities):
            direct.update(identities)
            held[number] = [
                checked.get(each, node.file) if each is not None else node.file
                for each, node in zip(identities, cluster.nodes, strict=True)
            ]
    others = frozenset(os.path.realpath(file) for each, file in checked.items() if each not in direct)
    found = []
    for number, cluster in enumerate(clusters):
        if number in held:
            nodes = zip(cluster.nodes, held[number], strict=True)
            found.append(cluster._replace(nodes=tuple(node._replace(file=file) for node, file in nodes)))
        elif others and _includes(cluster, others, asked):
            found.append(cluster)
    return found


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _switching(findings: Findings) -> dict[str, str]:
    """The files whose config ids are too many for nodes, each with the reason why it is no cluster of them."""
    reason = f"as a cluster of its config ids, which are more than {MOST_NODES}"
    return {file: reason for file, ids in findings.config_ids.items() if len(ids) > MOST_NODES}


def _unnamed(
    findings: Findings,
    clusters: Sequence[ClusterSettings],
    asked: Asked,
    as_one: bool | ClusterSettings,
    switching: Collection[str],
) -> list[ClusterSettings]:
    """The clusters of the files themselves: of one for several nodes (not `switching`), or (`as_one`) all."""
    known = {frozenset(os.path.realpath(node.file) for node in cluster.nodes) for cluster in clusters}
    told = known | {frozenset((os.path.realpath(each.path),)) for each in findings.refused}
    unknown = [
        file
        for file in findings.config_ids
        if file not in switching and frozenset((os.path.realpath(file),)) not in told
    ]
    found = [cluster for file in unknown if (cluster := of_ids(file, asked)) is not None]
    checked = frozenset(map(os.path.realpath, findings.files))
    if isinstance(as_one, ClusterSettings):
        found = [] if findings.refused else [as_one]
    elif as_one and len(checked) > 1 and checked not in known and not findings.refused:
        found.append(named(findings.files))
    return found


def _includes(cluster: ClusterSettings, files: Collection[str], asked: Asked) -> bool:
    """Whether a node's file includes one of the files."""
    for node in cluster.nodes:
        try:
            if b"include" not in load(node.file)[0]:
                continue
            text = settle(of_node(asked, node), node.file)[0].read(node.file, None)
        except (InputError, UnreadableError, OSError, ValueError):
            continue
        if any(os.path.realpath(file) in files for file in text.files):
            return True
    return False


def _combined(findings: Findings, outcomes: Sequence[Outcome], asked: Asked) -> Findings:
    """The findings with those of the clusters."""
    settler = SettingsResolver(asked)
    suppressions = None
    found: dict[Diagnostic, None] = {}
    needless: dict[str, set[str]] = {}
    fail_on = dict(findings.fail_on)
    refused = list(findings.refused)
    hidden: set[str] = set(findings.hidden)
    suppressed = dict.fromkeys(findings.suppressed)
    for outcome in outcomes:
        found.update(dict.fromkeys(outcome.diagnostics))
        for file in outcome.files if outcome.answered else ():
            needless.setdefault(file, set()).update(outcome.answered)
        if outcome.sources is not None:
            findings.sources.merge(outcome.sources)
        for file, level in outcome.fail_on.items():
            fail_on.setdefault(file, level)
        if outcome.refused is not None:
            refused.append(outcome.refused)
        hidden |= outcome.hidden
        if outcome.suppressions is not None:
            readings = [(files, settler(files[0])[0]) for files, _ in outcome.suppressions.readings]
            outcome.suppressions.readings[:] = readings
            suppressions = suppressions or suppressing()
            suppressions.merge(outcome.suppressions)
            suppressed.update(dict.fromkeys(outcome.suppressions.every()))
    both = said_together(found)
    kept = {
        each: None
        for each in findings.diagnostics
        if each.code not in needless.get(each.span.file, ()) and (each.code != "KA304" or each.span[:3] not in both)
    }
    of_files = (*findings.diagnostics, *(each.diagnostic for each in suppressed))
    needless_ones = [] if suppressions is None else unused(suppressions, malformed=False)
    found = {**kept, **dict.fromkeys(besides(found, of_files)), **dict.fromkeys(needless_ones)}
    places = sorted(found, key=lambda each: (*each.span[:3], each.code, each.message))
    return findings._replace(
        diagnostics=tuple(places),
        refused=tuple(refused),
        fail_on=fail_on,
        suppressed=tuple(suppressed),
        hidden=frozenset(hidden),
    )


def fails(judged: CheckedCluster, cluster: ClusterSettings, asked: Asked, fail_on: str | None) -> bool:
    """Whether a finding is serious enough for the exit code 1: as asked, or as the settings of the first node say."""
    level = fail_on or settle(asked, cluster.nodes[0].file)[0].fail_on or "warning"
    return level != "never" and any(
        SEVERITIES.index(found.severity) <= SEVERITIES.index(level) for found in judged.diagnostics
    )
