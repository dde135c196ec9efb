"""`kalint cluster --all`: each cluster of the settings in one line."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.errors import InputError, OutOfTimeError
from kalint.pipeline.clusters import of_node, with_files
from kalint.pipeline.reading import settle
from kalint.pipeline.spreading import Running, each, worth
from kalint.report.cluster_summary import badness, document_of, refusal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.caching import Watched
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings

EFFORT = 24 << 10
"""A cluster is worth as much of a second process as this many bytes of files."""


class Line(NamedTuple):
    """A cluster's document, and whether its findings are serious enough for the exit code 1."""

    document: dict[str, Any]
    fails: bool = False


def summaries(clusters: Sequence[ClusterSettings], asked: Asked, fail_on: str | None, running: Running) -> list[Line]:
    """A line for each cluster, the worst first; one that cannot be judged has an error in its document.

    Raises:
        SettingsError: something that is said to fail together is not there.
    """
    found: dict[int, Line] = {}
    late = ""
    try:
        found.update(
            each(
                range(len(clusters)),
                lambda number: _line(clusters[number], asked, fail_on, running),
                lambda: (json.dumps, lambda text: Line(*json.loads(text))),
                worth([EFFORT] * len(clusters), running),
                running,
                "clusters",
            )
        )
    except OutOfTimeError as error:
        late = str(error)
    for number, cluster in enumerate(clusters):
        found.setdefault(number, Line(refusal_of(cluster.name, late)))
    return sorted(found.values(), key=lambda line: badness(line.document))


def _line(cluster: ClusterSettings, asked: Asked, fail_on: str | None, running: Running) -> Line:
    try:
        if running.cache is None:
            return _judged(cluster, asked, fail_on)
        from kalint.pipeline.caching import told, told_of_files, watched_request

        def find(watched: Watched) -> Line:
            own = asked._replace(watch=lambda request: watched_request(request, watched))
            return _judged(cluster, own, fail_on)

        requests = [settle(of_node(asked, node), node.file) for node in cluster.nodes]
        if any(request.variables for request, _ in requests):  # a rendering reads more files than the text
            return _judged(cluster, asked, fail_on)
        by_node = [(told(request), told_of_files(one) if request.included else ()) for request, one in requests]
        key = "summary", cluster, by_node, asked.max_failover, fail_on, os.getcwd()
        known = running.cache.known(key, frozenset(), lambda line: Line(*line))
        return known or running.cache.result(key, frozenset(), find, lambda line: line)
    except InputError as error:
        return Line(refusal_of(cluster.name, str(error)))


def _judged(cluster: ClusterSettings, asked: Asked, fail_on: str | None) -> Line:
    judged, found, _ = with_files(cluster, asked)
    level = fail_on or settle(asked, cluster.nodes[0].file)[0].fail_on or "warning"
    return Line(document_of(judged, found), _serious(found, level))


def _serious(found: Sequence[Diagnostic], level: str) -> bool:
    from kalint.findings.diagnostic import serious

    return any(one.severity in serious(level) for one in found)
