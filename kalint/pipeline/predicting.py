"""What the nodes' files say of the wire: each read under its node's release, with what is known of its things."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.members import Node
from kalint.analysis.given_states import known_things, parse_states
from kalint.errors import UsageError
from kalint.pipeline.clusters import of_node
from kalint.pipeline.confining import shown
from kalint.pipeline.reading import load, settle
from kalint.probe.compare import Prediction
from kalint.probe.expected import Expected, Release, expect
from kalint.probe.explain import settle as settled_states
from kalint.probe.running import departures, owner_of, priorities_of, read_dump, states_of
from kalint.report.cleaned import cleaned

if TYPE_CHECKING:
    from kalint.analysis.requirements.promises import TakeoverLimit
    from kalint.pipeline.reading import Asked, Request
    from kalint.probe.running import Departure
    from kalint.settings.model import ClusterSettings, NodeSettings
    from kalint.version import Version

KINDS = ("script", "process", "interface", "bfd", "file")
LEAST = 5.0
"""Seconds that a live observation takes at least, unless it is told how long."""


class Predicted(NamedTuple):
    """The prediction, the lines of all files that it comes from, and each file's text with the request for it."""

    prediction: Prediction
    sources: Mapping[str, list[str]]
    readings: Sequence[tuple[tuple[str, ...], Request]] = ()


def predict(
    cluster: ClusterSettings | None, asked: Asked, states: Sequence[str], dumps: Sequence[str], live: bool
) -> Predicted:
    """What the nodes' files say of the wire, in the states that are known.

    Args:
        cluster: the nodes; None for none.
        asked: what the command line says of reading.
        states: `KIND:NAME=STATE`, or `NODE:KIND:NAME=STATE` for one node only.
        dumps: keepalived's own JSON, `[NODE=]FILE`.
        live: whether this host's addresses tell which node it is.

    Raises:
        InputError: a file cannot be read.
        UsageError: a state or a dump of something that is not there.
        RequirementError: a requirement of the cluster says nothing, or names what is not there.
    """
    local: frozenset[str] = frozenset()
    if live:
        from kalint.host import addresses

        local = addresses()
    files = [_read(of_node(asked, node), node) for node in cluster.nodes] if cluster is not None else []
    expected = expect([each.node for each in files], local)
    here: frozenset[str] = frozenset()
    found_here: Version | None = None
    if live and not asked.untrusted and not all(each.given for each in files):
        here, found_here = _asked_here(expected, local)
    if found_here is not None:
        again = asked._replace(version=found_here)
        files = [each if each.given else _read(of_node(again, each.settings), each.settings, False) for each in files]
        expected = expect([each.node for each in files], local)
    releases = {each.node.name: _release(each, here, found_here) for each in files}
    expected = tuple(each._replace(release_known=releases[each.node].known) for each in expected)
    nodes = [each.node for each in files]
    sources = {path: lines for each in files for path, lines in each.lines.items()}
    if (states or dumps) and not nodes:
        raise UsageError("--state and --state-from need the file of a node: add --config")
    known = _states(states, nodes)
    found: list[Departure] = []
    for word in dumps:
        node_name, path = _named(word)
        dump = read_dump(path)
        owner = owner_of(dump, node_name, expected)
        mine = tuple(each for each in expected if each.node == owner)
        found += departures(dump, mine)
        told = {**states_of(dump, mine), **known.get(owner, {})}
        known[owner] = settled_states(mine, priorities_of(dump), told)
    promised, lines = _promised(cluster, nodes)
    sources.update(lines)
    prediction = Prediction(expected, known, tuple(found), local, releases=releases, promises=promised)
    return Predicted(prediction, sources, [each.reading for each in files])


def _promised(
    cluster: ClusterSettings | None, nodes: Sequence[Node]
) -> tuple[tuple[TakeoverLimit, ...], dict[str, list[str]]]:
    """What the requirements of the cluster say of takeovers, and the lines of the files that they are written in."""
    from kalint.settings.model import required_of

    written = required_of(cluster) if cluster is not None and len(nodes) > 1 else ()
    if not any("within" in each.text.lower() for each in written) or cluster is None:
        return (), {}
    from kalint.analysis.cluster.answers import analyse
    from kalint.analysis.cluster.common_causes import checked
    from kalint.analysis.requirements.promises import promises
    from kalint.analysis.requirements.proving import Prover
    from kalint.pipeline.proving import read

    together = checked(f"{cluster.path}: clusters.{cluster.name}.together", cluster.together, nodes)
    found = promises(Prover(analyse(nodes, together)), read(written))
    return found, {each.file: list(each.lines) for each in written if each.file}


class _File(NamedTuple):
    """A node with its file as it was read; `given`: somebody has said which release it runs."""

    node: Node
    settings: NodeSettings
    given: bool
    reading: tuple[tuple[str, ...], Request]
    lines: Mapping[str, list[str]]


def _read(own: Asked, node: NodeSettings, given: bool | None = None) -> _File:
    request, settings = settle(own, node.file)
    loaded = load(node.file, None, request)
    if given is None:
        given = own.version is not None or settings.keepalived_version is not None
    found = Node(node.name, cleaned(loaded.resolved), node.addresses, request.version)
    return _File(found, node, given, (tuple(loaded.text.files), request), shown(loaded.text, request.text))


def _asked_here(expected: Sequence[Expected], local: frozenset[str]) -> tuple[frozenset[str], Version | None]:
    """The nodes that this machine may be, and the release that is installed on it; no node, no question."""
    from kalint.host import Host
    from kalint.pipeline.installed import installed, nodes_here

    here = nodes_here(expected, local, Host(), os.uname().nodename.split(".")[0])
    return here, installed() if here else None


def _release(file: _File, here: frozenset[str], found: Version | None) -> Release:
    version = file.reading[1].version
    if file.given:
        return Release(version, "given")
    if found is None:
        return Release(version, "newest")
    return Release(version, "installed" if here == {file.node.name} else "taken from here")


def _states(words: Sequence[str], nodes: Sequence[Node]) -> dict[str, dict[str, str]]:
    """The states that the command line fixes, by node; a state without a node holds for all that have the thing."""
    known: dict[str, dict[str, str]] = {}
    names = [node.name for node in nodes]
    for word in words:
        first, _, rest = word.partition(":")
        if first not in KINDS and first not in names:
            raise UsageError(f"--state {word}: no kind or node is named {first}; write [NODE:]KIND:NAME=STATE")
        of = [node for node in nodes if node.name == first] if first not in KINDS else list(nodes)
        text = rest if first not in KINDS else word
        having = [node for node in of if text.rpartition("=")[0] in known_things(node.resolved)]
        for node in having or of:  # where none has it, the first one's complaint names the nearest
            known.setdefault(node.name, {}).update(parse_states([text], node.resolved))
    return known


def _named(word: str) -> tuple[str | None, str]:
    name, equals, path = word.partition("=")
    if equals and name and "/" not in name and not os.path.exists(word):
        return name, path
    return None, word


def listening(expected: Sequence[Expected]) -> str:
    """How long an observation takes that is not told how long, and why."""
    needed = long_enough(expected)
    longest = max(expected, key=Expected.down_interval, default=None)
    if longest is None or needed == LEAST:
        return f"listening for {needed:g} s; --duration sets another time"
    interval = longest.instance.advert_interval.value
    return (
        f"listening for {needed:.1f} s, which the advert interval of {interval:g} s of {longest.name} needs; "
        "--duration sets another time"
    )


def long_enough(expected: Sequence[Expected]) -> float:
    """Seconds after which a router of which nothing was heard has no master, and some more."""
    return max([LEAST, *(1.2 * each.down_interval() + 1 for each in expected)])
