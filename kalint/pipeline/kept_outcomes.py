"""Outcomes and their cache: under which key one is kept, and which one must not be."""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from kalint.pipeline.caching import Key, told, told_of_files
from kalint.pipeline.outcome import Judged, judge_file
from kalint.pipeline.packing import outcome_of, packed, without_secrets
from kalint.pipeline.watched import Watched, watched_request
from kalint.settings.model import required_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kalint.pipeline.caching import Cache
    from kalint.pipeline.outcome import Outcome
    from kalint.pipeline.reading import Asked, Request, SettingsResolver
    from kalint.pipeline.watched import Facts
    from kalint.settings.model import ClusterSettings, Written

_LOOKS = "KA013"
"""A rule that looks for folders of its own accord, to say how an include may be meant."""


class Keys:
    """The keys of results: all that decides of a file or a cluster, besides the machine."""

    def __init__(self, cache: Cache, settler: SettingsResolver) -> None:
        self._cache = cache
        self._settler = settler
        self._questions: dict[int, tuple[Request, str]] = {}
        self._together: dict[tuple[object, ...], str] = {}
        self._lines: dict[int, tuple[tuple[str, ...], str]] = {}

    def file(self, name: str) -> Key | None:
        """That of a file; None where a rendering reads more files than the text."""
        question = self._question(name)
        return Key(question, name) if question else None

    def cluster(self, kind: str, cluster: ClusterSettings, *more: object) -> Key | None:
        """That of a cluster; `more` is what else decides, besides what is asked.

        Raises:
            SettingsError: the settings or a file of requirements cannot be read.
        """
        questions = tuple(dict.fromkeys(self._question(node.file) for node in cluster.nodes))
        if "" in questions:
            return None
        asked = self._settler.asked
        whole = (kind, questions, asked.config_id, asked.version, asked.max_failover, *more)
        if whole not in self._together:
            self._together[whole] = self._cache.question([*whole, os.getcwd()])
        required = self._written(required_of(cluster))
        own = json.dumps([cluster._replace(require=()), required])
        return Key(self._together[whole], f"{cluster.name} {cluster.nodes[0].file}", _digest(own))

    def _question(self, path: str) -> str:
        """What decides of a file besides its name; "" where a rendering does."""
        request, settings = self._settler(path)
        known = self._questions.get(id(request))
        if known is None:
            files = (told_of_files(settings), os.getcwd()) if request.included is not None else None
            question = "" if request.variables else self._cache.question(["file", told(request), files])
            known = self._questions[id(request)] = request, question
        return known[1]

    def _written(self, some: Iterable[Written]) -> list[object]:
        """Requirements, with a digest of all lines around them, which reports show."""
        return [[*each._replace(lines=()), self._digest_of(each.lines)] for each in some]

    def _digest_of(self, lines: tuple[str, ...]) -> str:
        if id(lines) not in self._lines:
            self._lines[id(lines)] = lines, _digest("\n".join(lines))
        return self._lines[id(lines)][1]


class KeptOutcomes:
    """The outcomes that a cache has, and those that it shall have.

    Args:
        cache: where they are.
        settler: knows the settings of each file.
        named: the files that were asked for, by their real paths; none for clusters.
    """

    def __init__(self, cache: Cache, settler: SettingsResolver, named: frozenset[str] = frozenset()) -> None:
        self._cache = cache
        self._settler = settler
        self._named = named
        self._keys = Keys(cache, settler)

    def of_file(self, name: str) -> Outcome | None:
        """The outcome of a file as it is kept; None where all is not as it was."""
        return self._known(self._keys.file(name))

    def of_cluster(self, cluster: ClusterSettings) -> Outcome | None:
        """The outcome of a cluster as it is kept; None where all is not as it was.

        Raises:
            SettingsError: the settings or a file of requirements cannot be read.
        """
        return self._known(self._keys.cluster("cluster", cluster))

    def judge_file(self, name: str) -> Judged:
        """The outcome of a file, and what it rests on.

        Raises:
            OutOfTimeError: the time of --timeout ran out.
        """
        request, _ = self._settler(name)
        if self._keys.file(name) is None:
            return Judged(judge_file(name, None, request, self._named))
        watched = Watched(self._named, self._cache.machine)
        outcome = judge_file(name, None, watched_request(request, watched), self._named)
        if outcome.files:
            watched.outside(list(outcome.files), request.text.include_root)
        return Judged(outcome, _facts(outcome, watched))

    def judge_cluster(
        self, cluster: ClusterSettings, asked: Asked, judge_cluster: Callable[[ClusterSettings, Asked], Outcome]
    ) -> Judged:
        """The outcome of a cluster as `judge_cluster` finds it, and what it rests on.

        Raises:
            OutOfTimeError: the time of --timeout ran out.
            SettingsError: something that is said to fail together is not there.
        """
        if self._keys.cluster("cluster", cluster) is None:
            return Judged(judge_cluster(cluster, asked))
        watched = Watched(self._named, self._cache.machine)
        outcome = judge_cluster(cluster, asked._replace(watch=lambda request: watched_request(request, watched)))
        if outcome.files:
            watch_nodes(cluster, outcome.files, watched, self._settler)
        return Judged(outcome, _facts(outcome, watched))

    def keep_file(self, name: str, found: Judged) -> None:
        """Keep what `judge_file` gave."""
        self._keep(self._keys.file(name), found)

    def keep_cluster(self, cluster: ClusterSettings, found: Judged) -> None:
        """Keep what `judge_cluster` gave."""
        self._keep(self._keys.cluster("cluster", cluster), found)

    def _known(self, key: Key | None) -> Outcome | None:
        return None if key is None else self._cache.known(key, self._named, outcome_of)

    def _keep(self, key: Key | None, found: Judged) -> None:
        if key is not None:
            whole = found.packed if found.packed is not None or found.facts is None else packed(found.outcome)
            self._cache.keep(key, found.facts, None if whole is None else without_secrets(whole))


def watch_nodes(cluster: ClusterSettings, files: Iterable[str], watched: Watched, settler: SettingsResolver) -> None:
    """Note which of the files of a cluster are shown, as its nodes' readings decide that."""
    every = list(files)
    for node in cluster.nodes:
        first = os.path.realpath(node.file)
        rest = [file for file in every if os.path.realpath(file) != first]
        watched.outside([node.file, *rest], settler(node.file)[0].text.include_root)


def _facts(outcome: Outcome, watched: Watched) -> Facts | None:
    """What an outcome rests on; None where kalint failed, or secrets or more than the files are part of it."""
    found = [*outcome.diagnostics]
    if outcome.suppressions is not None:
        found += [each.diagnostic for each in outcome.suppressions.every()]
    if not outcome.files or any(each.code == _LOOKS or (each.fix and not each.fix.shown) for each in found):
        return None
    return watched.facts


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
