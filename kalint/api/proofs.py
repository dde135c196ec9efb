"""Requirements in `kalint.api`: from the arguments of `assert_always` to the text of a requirement, and its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.api.results import Verdict
from kalint.errors import UsageError
from kalint.settings.model import Written

if TYPE_CHECKING:
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.cluster.verdict import Verdict as Found

_SAID = {
    "fails": "the requirement fails",
    "undecided": "the requirement is undecided",
    "empty": "the requirement tests nothing",
}


def verdicts_on(cluster: Cluster, texts: Sequence[str]) -> tuple[Verdict, ...]:
    """A verdict on each requirement.

    Raises:
        RequirementError: a text is no requirement, or names what is not there.
    """
    from kalint.pipeline.proving import proved

    return tuple(map(verdict_of, proved(cluster, [Written(text, "") for text in texts])))


def verdict_of(found: Found) -> Verdict:
    """A verdict as the API has it."""
    from kalint.report.require_json import document_of
    from kalint.report.require_text import explanation

    document = document_of(found)
    return Verdict(
        name=found.requirement.name,
        text=str(document["normal"]),
        outcome=found.outcome,
        situations=found.situations,
        explanation=tuple(explanation(found)),
        document=document,
    )


def failure(verdicts: Sequence[Verdict]) -> str:
    """What an assertion says of the verdicts that are not `holds`; empty where all are."""
    lines = []
    for verdict in verdicts:
        if verdict.outcome != "holds":
            lines += [f"{_SAID[verdict.outcome]}: {verdict.text}", *(f"  {line}" for line in verdict.explanation)]
    return "\n".join(lines)


def requirement_of(
    master: str | Sequence[str], of: str | int | None, conditions: Mapping[str, str | None], within: float | None
) -> str:
    """The text of a requirement on the master.

    Args:
        master: the node, or those of which one must be the only master.
        of: an instance's name, a virtual address or a VRID; None: every router of the node.
        conditions: the word and the text of each condition, None where it is not given.
        within: seconds.

    Raises:
        UsageError: no node, or more than one condition.
    """
    from kalint.requirements.normal import quoted, seconds

    nodes = [master] if isinstance(master, str) else list(master)
    given = [f"{word} {text}" for word, text in conditions.items() if text is not None]
    if not nodes:
        raise UsageError("master names no node")
    if len(given) > 1:
        raise UsageError("give one of when, after, while_, whatever, unless; a requirement's text can say more")
    router = "" if of is None else f" of VRID {of}" if isinstance(of, int) else f" of {quoted(of)}"
    said = f"{' or '.join(map(quoted, nodes))} is master{router} {given[0] if given else 'always'}"
    return said if within is None else f"{said}, within {seconds(within)}"
