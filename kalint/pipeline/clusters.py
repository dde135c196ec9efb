"""The nodes of a cluster together: from their files to who is master when what fails, and to a page of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic, Findings
from kalint.pipeline.checking import check
from kalint.pipeline.confining import shown
from kalint.pipeline.diagnosing import as_settled_by, once, place_of, suppressing
from kalint.pipeline.reading import Asked, for_one_cluster, load, settle
from kalint.settings.model import required_of
from kalint.version import NEWEST

if TYPE_CHECKING:
    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.findings.diagnostic import Suppressed
    from kalint.findings.suppressions import Suppressions
    from kalint.pipeline.reading import Loaded, Request
    from kalint.report.report_html import Report
    from kalint.settings.model import ClusterSettings, NodeSettings, Written


def clustered(
    cluster: ClusterSettings,
    asked: Asked,
    pairs: bool = False,
    suppressions: Suppressions | None = None,
    requirements: Sequence[Written] | None = None,
) -> CheckedCluster:
    """Who is master of a cluster's routers when what fails.

    Args:
        cluster: its nodes. If neither the command line nor the node has a config id, the node's name is used. Its
            release comes from the command line, from the node, or from the settings of its file.
        asked: what the command line says.
        pairs: every two failures at once too.
        suppressions: takes in those of the files, of which the caller reports the unused ones.
        requirements: what must hold, None: what the settings say.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
        RequirementError: a requirement says nothing, or names what is not there.
        SettingsError: something that is said to fail together is not there.
    """
    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.answers import analyse
    from kalint.analysis.cluster.common_causes import checked
    from kalint.analysis.cluster.members import Node
    from kalint.report.cleaned import cleaned
    from kalint.rules.cluster import judge as judge_cluster

    texts: list[tuple[Loaded, Request]] = []
    nodes = []
    for node in cluster.nodes:
        own = of_node(asked, node)
        request, _ = settle(own, node.file)
        loaded = load(node.file, None, request)
        nodes.append(Node(node.name, cleaned(loaded.resolved), node.addresses, request.version, loaded.text.files))
        texts.append((loaded, request))
    together = checked(f"{cluster.path}: clusters.{cluster.name}.together", cluster.together, nodes)
    budget = cluster.max_failover if asked.max_failover is None else asked.max_failover
    answered = analyse(nodes, together, pairs)._replace(max_failover=budget)
    written = required_of(cluster) if requirements is None else tuple(requirements)
    if written:
        from kalint.pipeline.proving import proved

        answered = answered._replace(verdicts=proved(answered, written))
    readings = [(loaded.text, request) for loaded, request in texts]
    of_files = [(text.files, request) for text, request in readings]
    found, hidden = _without_secrets(list(as_settled_by(judge_cluster(answered), of_files)), texts)
    suppressed: tuple[Suppressed, ...] = ()
    remarked = written if asked.ignores and any("kalint:" in each.text for each in written) else ()
    if remarked or any(text.remarks and request.ignores for text, request in readings):
        found, suppressed = _sifted(found, texts, remarked, suppressions or suppressing())
    sources = {file: lines for text, request in readings for file, lines in shown(text, request.text).items()}
    sources.update((each.file, list(each.lines)) for each in written if each.file)
    releases = {request.version for _, request in texts}
    version = releases.pop() if len(releases) == 1 else None
    return CheckedCluster(version, answered, once(found), sources, cluster.name, suppressed=suppressed, hidden=hidden)


def _without_secrets(
    found: list[Diagnostic], texts: Sequence[tuple[Loaded, Request]]
) -> tuple[list[Diagnostic], frozenset[str]]:
    """The findings without words of the environment and without passwords, and the secret words of the files."""
    if not found:
        return found, frozenset()
    from kalint.analysis.reach.reachable import reaching
    from kalint.findings import secrets
    from kalint.rules.rule import Context

    for loaded, _ in texts:
        context = Context(loaded.resolved, {}, reaching(loaded.resolved.profile), loaded.text.files)
        if "_ENV" in context.text:
            from kalint.rules.support.environment import masked

            found = list(masked(found, context.statements()))
    hidden = frozenset().union(*(secrets.values_of(loaded.text.lines) for loaded, _ in texts))
    known = secrets.Secrets({file: lines for each, _ in texts for file, lines in each.text.files.items()}, hidden)
    return list(secrets.masked(found, known)), hidden


def _sifted(
    found: list[Diagnostic],
    texts: Sequence[tuple[Loaded, Request]],
    written: Iterable[Written],
    suppressions: Suppressions,
) -> tuple[list[Diagnostic], tuple[Suppressed, ...]]:
    """The findings that no file suppresses, nor a comment in the requirements, and those that one does."""
    from kalint.analysis.reach.reachable import reaching
    from kalint.rules.cluster import MODULES
    from kalint.rules.rule import Context

    for loaded, request in texts:
        context = Context(loaded.resolved, {}, reaching(loaded.resolved.profile))
        ran = [code for code, _ in MODULES if request.counts(code)]
        suppressions.read(loaded.text, context.statements(), ran, request)
    for each in written:
        suppressions.read_lines(each.file, list(each.lines))
    return list(suppressions.sift(found)), tuple(suppressions.suppressed)


def of_node(asked: Asked, node: NodeSettings) -> Asked:
    """What is asked of a node's file: what the command line leaves open is as the node has it."""
    return asked._replace(
        config_id=asked.config_id or node.config_id or node.name, version=asked.version or node.keepalived_version
    )


def without_guesses(found: Iterable[Diagnostic], judged: CheckedCluster) -> list[Diagnostic]:
    """Without what is said of other nodes in the files of a cluster, which knows them."""
    codes = answered(judged)
    both = said_together(judged.diagnostics)
    return [
        each
        for each in found
        if (each.code not in codes or each.span.file not in judged.sources)
        and (each.code != "KA304" or each.span[:3] not in both)
    ]


def answered(judged: CheckedCluster) -> frozenset[str]:
    """The codes of what is said of single files that a cluster makes needless.

    That is what is guessed (KA208), if all of the cluster is matched, and what a rule on clusters says of all nodes.
    """
    said = {each.code for each in judged.diagnostics} & {"KA515", "KA816", "KA817"}
    return frozenset(said if judged.cluster.alone or not judged.sources else said | {"KA208"})


def said_together(found: Iterable[Diagnostic]) -> frozenset[tuple[str, int, int]]:
    """The places of which a rule on clusters says for several nodes (KA810) what KA304 says of each."""
    spans = (
        span for each in found if each.code == "KA810" for span in (each.span, *(one.span for one in each.related))
    )
    return frozenset(span[:3] for span in spans)


def besides(found: Iterable[Diagnostic], of_files: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Without what is said of weights (KA801) that nopreempt makes useless, as the file itself says (KA210)."""
    places = {each.span[:3] for each in of_files if each.code == "KA210"}
    return [each for each in found if each.code != "KA801" or places.isdisjoint(one.span[:3] for one in each.related)]


def with_files(cluster: ClusterSettings, asked: Asked) -> tuple[CheckedCluster, tuple[Diagnostic, ...], frozenset[str]]:
    """What `clustered` answers, all findings on the cluster and on each of its files, and the secret words.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
        SettingsError: something that is said to fail together is not there.
    """
    asked = for_one_cluster(asked)
    judged = clustered(cluster, asked)
    of_files: list[Diagnostic] = []
    hidden = judged.hidden
    for node in cluster.nodes:
        own = check([node.file], of_node(asked, node))[0]
        of_files += without_guesses(own.diagnostics, judged)
        hidden |= own.hidden
    found = [*besides(judged.diagnostics, of_files), *of_files]
    return judged, tuple(sorted(once(found), key=place_of)), hidden


def reported(cluster: ClusterSettings, asked: Asked, title: str | None = None) -> Report:
    """All that a page shows of nodes: what `clustered` answers and finds, and the findings on each file.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
        SettingsError: something that is said to fail together is not there.
    """
    from kalint.findings.secrets import masked_sources
    from kalint.pipeline.revision import revision
    from kalint.report.report_html import Report
    from kalint.report.report_names import names_of

    judged, every, hidden = with_files(cluster, asked)
    files = tuple(dict.fromkeys(node.file for node in cluster.nodes))
    findings = Findings(judged.version or NEWEST, files, every, masked_sources(judged.sources, hidden), hidden=hidden)
    heading = title or cluster.name or ", ".join(node.name for node in cluster.nodes)
    names = names_of([(node.name, node.file) for node in cluster.nodes], judged.sources)
    revisions = dict.fromkeys(filter(None, map(revision, files)))
    return Report(heading, judged, findings, names, _now(), ", ".join(revisions))


def _now() -> str:
    """The time, or that of SOURCE_DATE_EPOCH, which makes two pages of the same files alike."""
    import os
    import time

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isascii() and epoch.isdigit() and len(epoch) < 12 else time.time()
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
