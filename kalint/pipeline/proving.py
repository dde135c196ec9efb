"""The requirements of a cluster as they are written, and a verdict on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.requirements.proving import Prover
from kalint.requirements.parser import parse_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.cluster.verdict import Verdict
    from kalint.requirements.model import Requirement
    from kalint.settings.model import Written


def read(written: Sequence[Written]) -> tuple[Requirement, ...]:
    """The requirements of some texts.

    Raises:
        RequirementError: one says nothing.
    """
    return tuple(made for each in written for made in parse_all(each.text, each.file, each.line, each.shift))


def proved(cluster: Cluster, written: Sequence[Written]) -> tuple[Verdict, ...]:
    """A verdict on each requirement, in their order.

    Raises:
        RequirementError: one says nothing, or names what is not there.
    """
    prover = Prover(cluster)
    return tuple(prover.prove(requirement) for requirement in read(written))
