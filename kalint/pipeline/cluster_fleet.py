"""`kalint cluster --all`: each cluster of the settings in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.errors import FailedError, InputError, OutOfTimeError
from kalint.pipeline.clusters import with_files
from kalint.pipeline.failing import one_of_many
from kalint.pipeline.reading import SettingsResolver, settle
from kalint.pipeline.spreading import Running, each, saved, worth
from kalint.report.cluster_summary import badness, document_of, refusal_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.caching import Cache, Key
    from kalint.pipeline.reading import Asked
    from kalint.pipeline.watched import Facts
    from kalint.settings.model import ClusterSettings

EFFORT = 24 << 10
"""A cluster is worth as much of a second process as this many bytes of files."""


class Line(NamedTuple):
    """A cluster's document, and whether its findings are serious enough for the exit code 1."""

    document: dict[str, Any]
    fails: bool = False
    failed: bool = False


def summaries(clusters: Sequence[ClusterSettings], asked: Asked, fail_on: str | None, running: Running) -> list[Line]:
    """A line for each cluster, the worst first; one that cannot be judged has an error in its document.

    Raises:
        SettingsError: something that is said to fail together is not there.
    """
    found: dict[int, Line] = {}
    late = ""
    kept = None if running.cache is None else _Kept(running.cache, asked, fail_on)
    form = json.dumps, _unpacked

    def judged(number: int) -> _Judged:
        return kept.judge(clusters[number]) if kept else (_line(clusters[number], asked, fail_on), None)

    with saved(running):
        try:
            if kept is not None:
                found.update(kept.known(clusters))
            left = [number for number in range(len(clusters)) if number not in found]
            work = each(left, judged, lambda: form, worth([EFFORT] * len(left), running), running, "clusters")
            for number, (line, facts) in work:
                found[number] = line
                if kept is not None:
                    kept.keep(clusters[number], line, facts)
        except OutOfTimeError as error:
            late = str(error)
    for number, cluster in enumerate(clusters):
        found.setdefault(number, Line(refusal_of(cluster.name, late)))
    return sorted((found[number] for number in range(len(clusters))), key=lambda line: badness(line.document))


_Judged = tuple[Line, "Facts | None"]
"""A line, and what it rests on; None: it must not be kept."""


class _Kept:
    """The lines that a cache has, and those that it shall have."""

    def __init__(self, cache: Cache, asked: Asked, fail_on: str | None) -> None:
        from kalint.pipeline.kept_outcomes import Keys

        self._cache = cache
        self._asked = asked
        self._fail_on = fail_on
        self._settler = SettingsResolver(asked)
        self._keys = Keys(cache, self._settler)

    def known(self, clusters: Sequence[ClusterSettings]) -> Iterator[tuple[int, Line]]:
        """What earlier runs have left, each line with the number of its cluster."""
        for number, cluster in enumerate(clusters):
            key = self._key(cluster)
            line = None if key is None else self._cache.known(key, frozenset(), lambda packed: Line(*packed))
            if line is not None:
                yield number, line

    def judge(self, cluster: ClusterSettings) -> _Judged:
        """A cluster's line, and what it rests on."""
        from kalint.pipeline.watched import Watched, watched_request

        if self._key(cluster) is None:
            return _line(cluster, self._asked, self._fail_on), None
        watched = Watched(frozenset(), self._cache.machine)
        own = self._asked._replace(watch=lambda request: watched_request(request, watched))
        try:
            with one_of_many():
                line = _judged(cluster, own, self._fail_on)
        except InputError as error:
            return _refused(cluster, error), None
        return line, watched.facts

    def keep(self, cluster: ClusterSettings, line: Line, facts: Facts | None) -> None:
        """Keep what `judge` gave."""
        key = self._key(cluster)
        if key is not None:
            self._cache.keep(key, facts, line)

    def _key(self, cluster: ClusterSettings) -> Key | None:
        return self._keys.cluster("summary", cluster, self._fail_on)


def _unpacked(text: str) -> _Judged:
    line, facts = json.loads(text)
    return Line(*line), facts


def _line(cluster: ClusterSettings, asked: Asked, fail_on: str | None) -> Line:
    try:
        with one_of_many():
            return _judged(cluster, asked, fail_on)
    except InputError as error:
        return _refused(cluster, error)


def _refused(cluster: ClusterSettings, error: InputError) -> Line:
    return Line(refusal_of(cluster.name, str(error)), failed=isinstance(error, FailedError))


def _judged(cluster: ClusterSettings, asked: Asked, fail_on: str | None) -> Line:
    judged, found, _ = with_files(cluster, asked)
    level = fail_on or settle(asked, cluster.nodes[0].file)[0].fail_on or "warning"
    return Line(document_of(judged, found), _serious(found, level))


def _serious(found: Sequence[Diagnostic], level: str) -> bool:
    from kalint.findings.diagnostic import serious

    return any(one.severity in serious(level) for one in found)
