"""`kalint diff` of many: files and clusters under two releases, and the clusters of two folders."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.analysis.difference import Change, Comparison, Side
from kalint.errors import FailedError, InputError, OutOfTimeError, UsageError
from kalint.pipeline.clusters import with_files
from kalint.pipeline.comparing import compare, finding_changes
from kalint.pipeline.failing import one_of_many
from kalint.pipeline.nodes import named
from kalint.pipeline.reading import Asked, SettingsResolver, for_one_cluster, settle
from kalint.pipeline.spreading import Running, each, worth
from kalint.text.files import RealPaths, within
from kalint.version import Version

if TYPE_CHECKING:
    from kalint.settings.model import ClusterSettings

EFFORT = 48 << 10
REQUIRED = ("KA819", "KA820")
"""The findings on requirements, which are changes of their own."""


class Pair(NamedTuple):
    """A file, or a cluster on both sides (None on one where it is new or gone), to compare."""

    name: str
    clusters: tuple[ClusterSettings | None, ClusterSettings | None] | None = None


def under_releases(words: Sequence[str], asked: tuple[Asked, Asked], running: Running) -> list[Comparison]:
    """Files, folders and clusters of the settings, each as two releases read it; without any, all clusters.

    Raises:
        UsageError: there is nothing to compare.
    """
    return _compared(_pairs(words, asked[0]), asked, running)


def folders(old: str, new: str, asked: Asked, running: Running) -> list[Comparison]:
    """The clusters of two folders, by their names.

    They are those of a kalint.toml that have files in the folder, or else one of all configurations in it.

    Raises:
        UsageError: a folder is none, or has no cluster.
    """
    before, after = _clusters_in(old, asked), _clusters_in(new, asked)
    if len(before) == len(after) == 1 and before.keys() != after.keys():
        before, after = {"": next(iter(before.values()))}, {"": next(iter(after.values()))}
    names = dict.fromkeys((*before, *after))
    pairs = [Pair(name or f"{old} -> {new}", (before.get(name), after.get(name))) for name in names]
    return _compared(pairs, (asked, asked), running)


def _pairs(words: Sequence[str], asked: Asked) -> list[Pair]:
    clusters = settle(asked, ".")[1].clusters
    if not words:
        if not clusters:
            raise UsageError("nothing to compare: name files, directories or clusters of kalint.toml")
        return [Pair(name, (cluster, cluster)) for name, cluster in clusters.items()]
    pairs: dict[object, Pair] = {}
    for word in words:
        if word in clusters and not os.path.isfile(word):
            pairs["cluster", word] = Pair(word, (clusters[word], clusters[word]))
        elif os.path.isdir(word):
            for pair in _in_folder(word, asked):
                pairs["cluster" if pair.clusters else "file", pair.name] = pair
        elif os.path.exists(word):
            pairs["file", word] = Pair(word)
        else:
            from kalint.pipeline.nodes import like

            raise UsageError(f"{word}: neither a file, a directory nor a cluster{like(word, clusters)}")
    return list(pairs.values())


def _in_folder(folder: str, asked: Asked) -> list[Pair]:
    """The clusters of the settings that a folder holds, and its other files."""
    from kalint.pipeline.checking import main_files

    real = RealPaths()
    held = real(folder)
    clusters = []
    nodes: set[str] = set()
    for name, cluster in SettingsResolver(asked)(folder)[1].clusters.items():
        files = [real(node.file) for node in cluster.nodes]
        if all(within(file, held, str) for file in files):
            clusters.append(Pair(name, (cluster, cluster)))
            nodes.update(files)
    return [*clusters, *(Pair(name) for name in main_files(folder, asked) if real(name) not in nodes)]


def _clusters_in(folder: str, asked: Asked) -> dict[str, ClusterSettings]:
    if not os.path.isdir(folder):
        raise UsageError(f"{folder}: not a directory; --cluster compares two directories")
    held = os.path.realpath(folder)
    found = {
        name: cluster
        for name, cluster in SettingsResolver(asked)(folder)[1].clusters.items()
        if any(os.path.realpath(node.file).startswith(f"{held}/") for node in cluster.nodes)
    }
    if found:
        return found
    from kalint.pipeline.checking import main_files

    files = main_files(folder, asked)
    if len(files) < 2:
        raise UsageError(f"{folder}: has no cluster: neither one of a kalint.toml nor two configurations")
    return {os.path.basename(held): named(files)}


def _compared(pairs: Sequence[Pair], asked: tuple[Asked, Asked], running: Running) -> list[Comparison]:
    done: dict[int, Comparison] = {}
    late = ""
    try:
        done.update(
            each(
                range(len(pairs)),
                lambda number: _one(pairs[number], asked),
                lambda: (json.dumps, lambda text: _unpacked(json.loads(text))),
                worth([EFFORT] * len(pairs), running),
                running,
                "files and clusters",
            )
        )
    except OutOfTimeError as error:
        late = str(error)
    return [done.get(number) or _failed(pair, asked, late) for number, pair in enumerate(pairs)]


def _unpacked(packed: Sequence[Any]) -> Comparison:
    old, new, changes, reload, cluster, error, nodes, failed = packed
    sides = [Side(path, None if version is None else Version(*version)) for path, version in (old, new)]
    every = tuple(Change(*change) for change in changes)
    return Comparison(sides[0], sides[1], every, reload, cluster, error, tuple(nodes), failed)


def _one(pair: Pair, asked: tuple[Asked, Asked]) -> Comparison:
    try:
        with one_of_many():
            if pair.clusters is not None:
                return _cluster(pair, asked)
            before, after = (settle(one, pair.name)[0] for one in asked)
            return compare((pair.name, before), (pair.name, after))
    except InputError as error:
        why = str(error).removeprefix(f"{pair.name}: ")
        return _failed(pair, asked, why)._replace(failed=isinstance(error, FailedError))


def _failed(pair: Pair, asked: tuple[Asked, Asked], why: str) -> Comparison:
    sides = [Side(pair.name, one.version) for one in asked]
    return Comparison(sides[0], sides[1], (), cluster=pair.name if pair.clusters else "", error=why)


def _cluster(pair: Pair, asked: tuple[Asked, Asked]) -> Comparison:
    from kalint.report.cluster_changes import changes

    old, new = pair.clusters or (None, None)
    sides = [Side(pair.name, one.version) for one in asked]
    names = dict.fromkeys(node.name for one in (old, new) if one is not None for node in one.nodes)
    whole = Comparison(sides[0], sides[1], (), cluster=pair.name, nodes=tuple(names))
    if old is None or new is None:
        nodes = [", ".join(node.name for node in one.nodes) if one is not None else "" for one in (old, new)]
        return whole._replace(changes=(Change("nodes", "cluster", *nodes),))
    asked = for_one_cluster(asked[0]), for_one_cluster(asked[1])
    (before, found, _), (after, others, _) = with_files(old, asked[0]), with_files(new, asked[1])
    every = [*changes(before.cluster, after.cluster)]
    if asked[0].version != asked[1].version:
        every += _of_nodes(old, asked)
    every += finding_changes(*([each for each in side if each.code not in REQUIRED] for side in (found, others)))
    return whole._replace(changes=tuple(every))


def _of_nodes(cluster: ClusterSettings, asked: tuple[Asked, Asked]) -> Iterable[Change]:
    """What changes in each node's own file, but its findings: those of the cluster are all of them."""
    from kalint.pipeline.clusters import of_node

    for node in cluster.nodes:
        before, after = (settle(of_node(one, node), node.file)[0] for one in asked)
        for change in compare((node.file, before), (node.file, after), findings=False).changes:
            separator = ": " if change.what == "bug" else " "
            yield change._replace(subject=f"{node.name}{separator}{change.subject}")
