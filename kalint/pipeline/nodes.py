"""The nodes of a cluster: as a command line names them, and as the settings do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from kalint.errors import SettingsError, UsageError
from kalint.pipeline.reading import Asked, settle
from kalint.settings.model import ClusterSettings, NodeSettings


def named(words: Sequence[str], least: int = 2) -> ClusterSettings:
    """The nodes of a command line: each one's name and file, from `[NAME=]FILE`.

    Without a name it is the file's own without its ending, or, where that is the same for all, its folder's.

    Raises:
        UsageError: fewer than `least` nodes, or two of one name.
    """
    pairs = [_split(word) for word in words]
    paths = [path for name, path in pairs if name is None]
    stems = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    if len(set(stems)) < len(stems):
        stems = [os.path.basename(os.path.dirname(os.path.abspath(path))) for path in paths]
    given = iter(stems)
    nodes = tuple(NodeSettings(name or next(given), path) for name, path in pairs)
    if len(nodes) < least:
        raise UsageError("a cluster has two nodes or more: [NAME=]FILE [NAME=]FILE")
    names = [node.name for node in nodes]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two nodes are called {name}: give them names, as in low=FILE high=FILE")
    return ClusterSettings("", nodes)


def _split(word: str) -> tuple[str | None, str]:
    name, equals, path = word.partition("=")
    if equals and name and "/" not in name and path and not os.path.exists(word):
        return name, path
    return None, word


def of_settings(asked: Asked, name: str | None) -> tuple[ClusterSettings, ...]:
    """The clusters of the settings that are asked for or found above the current directory; only that of a name.

    Raises:
        UsageError: there is none, or none of the name.
        SettingsError: the settings are wrong.
    """
    settings = settle(asked, ".")[1]
    clusters = settings.clusters
    where = settings.path
    if not clusters:
        said = f"{where} has no [clusters.NAME]" if where else "no kalint.toml is in this directory or above it"
        raise UsageError(f"{said}: name the nodes' files, [NAME=]FILE [NAME=]FILE")
    if name is None:
        return tuple(clusters.values())
    if name not in clusters:
        raise UsageError(f"{where} has no cluster '{name}'{like(name, clusters)}")
    return (clusters[name],)


FEW = 5
"""Names that a refusal lists; nobody reads 300."""


def few(names: Iterable[str]) -> str:
    """The first names, and how many more there are."""
    every = list(names)
    return ", ".join(every[:FEW]) + (f" and {len(every) - FEW} more" if len(every) > FEW else "")


def like(name: str, known: Iterable[str]) -> str:
    """What to say after an unknown name: the known one that is like it, or the first of them."""
    every = list(known)
    return close_to(name, every) or (f"; the clusters are {few(every)}" if every else "")


def close_to(name: str, known: Iterable[str]) -> str:
    """What to say after an unknown name that is like a known one, else nothing."""
    import difflib

    close = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def names_of_clusters() -> tuple[str, ...]:
    """The names of the settings' clusters; none where the settings cannot be read."""
    try:
        return tuple(settle(Asked(), ".")[1].clusters)
    except SettingsError:
        return ()


def of_ids(path: str, asked: Asked) -> ClusterSettings | None:
    """The nodes of a file that has `@id` lines for two or more, each read under its id; None for any other file.

    Raises:
        InputError: the file cannot be read.
        SettingsError: the settings are wrong.
    """
    from kalint.pipeline.ids import node_ids

    ids = node_ids(path, settle(asked, path)[0])
    return ClusterSettings("", tuple(NodeSettings(each, path, each) for each in ids)) if len(ids) > 1 else None


def asked_for(
    words: Sequence[str], asked: Asked, name: str | None = None, least: int = 2
) -> tuple[ClusterSettings, ...]:
    """The clusters that a command line means: files, the name of one of the settings' clusters, or all of these.

    One file alone stands for the nodes whose config ids its lines name.

    Raises:
        UsageError: files and a name, fewer than `least` nodes, or no such cluster.
        InputError: the one file cannot be read.
        SettingsError: the settings are wrong.
    """
    if words and name is not None:
        raise UsageError("either the nodes' files or --cluster-name, not both")
    if not words or name is not None:
        return of_settings(asked, name)
    if not any("=" in word for word in words):
        settings = settle(asked, ".")[1]
        if all(word in settings.clusters for word in words):
            return tuple(settings.clusters[word] for word in dict.fromkeys(words))
        unknown = [word for word in words if word not in settings.clusters and not os.path.exists(word)]
        if len(words) > 1 and unknown and len(unknown) < len(words):
            raise UsageError(f"{unknown[0]}: neither a file nor a cluster{like(unknown[0], settings.clusters)}")
    if len(words) == 1 and "=" not in words[0]:
        if not os.path.exists(words[0]):
            where = settings.path or "a kalint.toml, which is not in this directory nor above it"
            has = like(words[0], settings.clusters)
            raise UsageError(f"{words[0]}: neither a file nor a cluster of {where}{has}")
        if os.path.isfile(words[0]) and (found := of_ids(words[0], asked)) is not None:
            return (found,)
    return (named(words, least),)


def observed(configs: Sequence[str], name: str | None, asked: Asked) -> ClusterSettings | None:
    """The nodes to observe: those of the files, with what the settings say of them, or those of a named cluster.

    Raises:
        UsageError: files and a name, or no such cluster.
        SettingsError: the settings are wrong.
    """
    if configs and name is not None:
        raise UsageError("either --config or --cluster-name, not both")
    if name is not None:
        return of_settings(asked, name)[0]
    if not configs:
        return None
    given = named(configs, least=1)
    known = {
        node.name: node
        for node in given.nodes
        for cluster in settle(asked, node.file)[1].clusters.values()
        for node in cluster.nodes
    }
    nodes = [node if node.name not in known else known[node.name]._replace(file=node.file) for node in given.nodes]
    return given._replace(nodes=tuple(nodes))
