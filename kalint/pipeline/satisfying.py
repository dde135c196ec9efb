"""`kalint require --suggest`: the smallest single edit with which every requirement of a cluster holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.verdict import FAILS, HOLDS
from kalint.fixing.candidates import candidates
from kalint.fixing.edits import edited
from kalint.pipeline.clusters import clustered
from kalint.pipeline.suggesting import numberless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.verdict import Verdict
    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.fix import Edit
    from kalint.fixing.candidates import Candidate
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings, Written

MOST_TRIED = 500
"""At most this many edits are tried."""
REQUIRED = ("KA819", "KA820")


class Satisfied(NamedTuple):
    """What was found.

    Args:
        candidate: the edit, None: none was found.
        original: the bytes of the files that it changes, by path.
        contents: their bytes with the edit.
        tried: how many edits were tried.
        left: how many edits were not tried, since there were too many.
        failing: how many requirements fail now.
        names: the files' names as they were given, by their real paths.
        hidden: secret words of the files.
    """

    candidate: Candidate | None
    original: Mapping[str, bytes]
    contents: Mapping[str, bytes]
    tried: int
    left: int
    failing: int
    names: Mapping[str, str]
    hidden: frozenset[str]


def satisfied(
    cluster: ClusterSettings, asked: Asked, written: Sequence[Written] | None, judged: CheckedCluster
) -> Satisfied:
    """The smallest edit with which all requirements hold, and which causes no new finding.

    Each is made on a copy in memory, and the whole cluster is judged again. What is undecided, or tests nothing, may
    stay so. An edit that leaves the masters while nothing is down as they are is preferred to any that does not: else a
    failover would be mended by making the other node master for good.

    Args:
        cluster: its nodes.
        asked: what the command line says.
        written: the requirements, None: those of the settings.
        judged: what is found of the cluster as it is.

    Raises:
        InputError: one of the files cannot be read.
    """
    verdicts = judged.cluster.verdicts
    failing = sum(verdict.outcome == FAILS for verdict in verdicts)
    names = {os.path.realpath(file): file for file in judged.sources}
    nothing = Satisfied(None, {}, {}, 0, 0, failing, names, judged.hidden)
    if not failing:
        return nothing
    known = _kinds(judged.diagnostics)
    usual = _usual(judged)
    every = candidates(judged.cluster)
    second: Satisfied | None = None
    for number, candidate in enumerate(every[:MOST_TRIED], 1):
        original, contents = _with(candidate.fix.edits, asked.overlay)
        found = clustered(cluster, asked._replace(overlay={**asked.overlay, **contents}), requirements=written)
        if _all_hold(verdicts, found.cluster.verdicts) and _kinds(found.diagnostics) <= known:
            made = nothing._replace(candidate=candidate, original=original, contents=contents, tried=number)
            if _usual(found) == usual:
                return made
            second = second or made
    return second or nothing._replace(tried=min(len(every), MOST_TRIED), left=max(0, len(every) - MOST_TRIED))


def _all_hold(before: Sequence[Verdict], after: Sequence[Verdict]) -> bool:
    return all(
        now.outcome == HOLDS or (was.outcome != FAILS and now.outcome == was.outcome)
        for was, now in zip(before, after, strict=True)
    )


def _usual(judged: CheckedCluster) -> list[object]:
    """Who may be master of each router while nothing is down."""
    return [answer.possible for answer in judged.cluster.answers]


def _kinds(found: Iterable[Diagnostic]) -> set[tuple[str, str]]:
    return {(each.code, numberless(each).message) for each in found if each.code not in REQUIRED}


def _with(edits: Iterable[Edit], overlay: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The bytes of the files that the edits change, before and after."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(os.path.realpath(edit.span.file), []).append(edit)
    original: dict[str, bytes] = {}
    for path in by_file:
        if path in overlay:
            original[path] = overlay[path]
            continue
        with open(path, "rb") as stream:
            original[path] = stream.read()
    return original, {path: edited(original[path], some) for path, some in by_file.items()}
