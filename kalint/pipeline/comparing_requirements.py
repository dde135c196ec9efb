"""The requirements of the clusters that a file belongs to, with the file as it was and as it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.pipeline.reading import settle
from kalint.settings.model import required_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.difference import Change, Comparison
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


def with_requirements(comparison: Comparison, asked: tuple[Asked, Asked]) -> Comparison:
    """A comparison of two files, or of one under two releases, with the requirements that begin or cease to hold.

    Args:
        comparison: what changes in the file.
        asked: what is asked of the old side and of the new one.

    Raises:
        InputError: the file of another node cannot be read.
        SettingsError: the settings or the requirements are wrong.
    """
    old, new = comparison.old.path, comparison.new.path
    found: list[Change] = []
    for cluster in _clusters_of((old, new), asked[0]):
        found += _changes(cluster, (old, new), asked)
    return comparison._replace(changes=(*found, *comparison.changes))


def _clusters_of(paths: tuple[str, str], asked: Asked) -> Iterator[ClusterSettings]:
    """The clusters with requirements of which a node has one of the files; two nodes are no change of one."""
    held = {os.path.realpath(path) for path in paths}
    known: dict[tuple[str | None, str], ClusterSettings] = {}
    for path in paths:
        for cluster in settle(asked, path)[1].clusters.values():
            mine = held.intersection(os.path.realpath(node.file) for node in cluster.nodes)
            if len(mine) == 1 and required_of(cluster):
                known.setdefault((cluster.path, cluster.name), cluster)
    yield from known.values()


def _changes(cluster: ClusterSettings, paths: tuple[str, str], asked: tuple[Asked, Asked]) -> Iterator[Change]:
    from kalint.pipeline.clusters import clustered
    from kalint.report.requirement_changes import changes

    held = {os.path.realpath(path) for path in paths}
    old, new = (
        clustered(
            cluster._replace(
                nodes=tuple(
                    node._replace(file=path) if os.path.realpath(node.file) in held else node for node in cluster.nodes
                )
            ),
            one,
        ).cluster.verdicts
        for path, one in zip(paths, asked, strict=True)
    )
    return changes(old, new)
