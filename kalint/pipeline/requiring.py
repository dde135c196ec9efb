"""`kalint require`: a cluster with the verdicts on its requirements, and requirements to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.judged import Required
from kalint.analysis.requirements.proving import Prover
from kalint.pipeline.clusters import clustered
from kalint.requirements.normal import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
