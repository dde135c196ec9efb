"""`kalint require`: a cluster with the verdicts on its requirements, and requirements to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.checked_cluster import Required
from kalint.analysis.cluster.verdict import FAILS
from kalint.analysis.requirements.proving import Prover
from kalint.pipeline.clusters import clustered
from kalint.requirements.normal import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.analysis.cluster.verdict import Verdict
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings, Written


def required(
    cluster: ClusterSettings, asked: Asked, written: Sequence[Written] | None = None, verbose: bool = False
) -> Required:
    """The verdicts on the requirements of a cluster.

    Args:
        cluster: its nodes.
        asked: what the command line says.
        written: the requirements, None: those of the settings.
        verbose: see `Required`.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
        RequirementError: a requirement says nothing, or names what is not there.
        SettingsError: something that is said to fail together is not there.
    """
    judged = clustered(cluster, asked, requirements=written)
    return Required(judged, judged.cluster.verdicts, verbose)


def proposed(cluster: ClusterSettings, asked: Asked) -> Iterator[str]:
    """Requirements that hold of a cluster today, one a line."""
    from kalint.analysis.requirements.proposing import proposals

    answered = clustered(cluster, asked, requirements=()).cluster
    return (normal(requirement) for requirement in proposals(Prover(answered)))


def names_in(words: Sequence[str]) -> tuple[str, ...]:
    """The names that a requirement may have: nodes, instances, and what they track, as they must be written.

    Args:
        words: the clusters or files of the command line.

    Raises:
        KalintError: one of them cannot be read.
    """
    from kalint.analysis.given_states import known_things
    from kalint.pipeline.clusters import of_node
    from kalint.pipeline.nodes import asked_for
    from kalint.pipeline.reading import Asked, load, settle
    from kalint.requirements.normal import quoted

    asked = Asked()
    nodes = [node for cluster in asked_for(words, asked) for node in cluster.nodes]
    found = [node.name for node in nodes]
    for node in nodes:
        resolved = load(node.file, None, settle(of_node(asked, node), node.file)[0]).resolved
        found += [instance.name for instance in resolved.instances]
        found += [key.partition(":")[2] for key in known_things(resolved)]
    return tuple(dict.fromkeys(map(quoted, found)))


class ShownScenario(NamedTuple):
    """A scenario that shows why a requirement fails: its text, the verdict, and how many other requirements fail."""

    text: str
    verdict: Verdict
    others: int


def scenario_of(
    results: Sequence[Required], clusters: Sequence[ClusterSettings], asked: Asked, path: str
) -> ShownScenario | None:
    """A scenario of the first requirement that fails of which a run of the simulation shows why; None: there is none.

    Args:
        results: what `required` has found, cluster by cluster.
        clusters: the clusters.
        asked: what the command line says.
        path: the file that the scenario goes to.
    """
    from kalint.report.scenario_toml import text_of
    from kalint.simulation.showing import shown

    failing = sum(verdict.outcome == FAILS for each in results for verdict in each.verdicts)
    for each, cluster in zip(results, clusters, strict=True):
        for verdict in each.verdicts:
            found = shown(each.judged.cluster, verdict)
            if found is not None:
                version = {} if asked.version is None else {node.name: str(asked.version) for node in cluster.nodes}
                return ShownScenario(text_of(found, verdict, _command(cluster, path), version), verdict, failing - 1)
    return None


def _command(cluster: ClusterSettings, path: str) -> str:
    """The command that runs a scenario of a cluster."""
    from shlex import join

    nodes = [cluster.name] if cluster.name else [f"{node.name}={node.file}" for node in cluster.nodes]
    return join(["kalint", "simulate", *nodes, "--scenario", path])
