"""A cluster through a scenario: from the files to a timeline of which nothing is worked out yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.errors import InputError
from kalint.pipeline.clusters import of_node
from kalint.pipeline.reading import Asked, confine, load, settle

if TYPE_CHECKING:
    from kalint.semantics.resolved import Resolved
    from kalint.settings.model import ClusterSettings, NodeSettings
    from kalint.simulation.timeline import Timeline
    from kalint.version import Version


def simulated(
    cluster: ClusterSettings, asked: Asked, scenario: str, adverts: bool = False, most: int | None = None
) -> Timeline:
    """A cluster's run through a scenario; nothing of it is worked out yet.

    Args:
        cluster: its nodes; what the scenario says of a node counts more than that.
        asked: what the command line says.
        scenario: the scenario's file.
        adverts: tell of every advert.
        most: adverts that the run may have (None: `kalint.simulation.length.MOST_EVENTS`).

    Raises:
        UsageError: the run can have more adverts than that.
        ScenarioError: the scenario is wrong.
        InputError: a configuration cannot be read, or is none of keepalived.
    """
    from kalint.analysis.cluster.members import Node
    from kalint.report.cleaned import cleaned
    from kalint.simulation.length import MOST_EVENTS, check_length
    from kalint.simulation.scenario_file import ScenarioFile
    from kalint.simulation.timeline import Timeline

    confine(asked, scenario)
    file = ScenarioFile(scenario, [node.name for node in cluster.nodes])
    head = file.head()

    def read(node: NodeSettings, path: str) -> tuple[Resolved, Version]:
        request, _ = settle(of_node(asked, node), path)
        return cleaned(load(path, None, request).resolved), request.version

    settled = {node.name: _as_the_scenario_says(node, head.nodes.get(node.name)) for node in cluster.nodes}
    nodes = []
    for node in settled.values():
        resolved, version = read(node, node.file)
        nodes.append(Node(node.name, resolved, node.addresses, version))
    others: dict[tuple[str, str], Resolved | str] = {}
    for name, path in sorted(head.files):
        if name in settled:
            try:
                others[name, path] = read(settled[name], file.file_of(path))[0]
            except InputError as error:
                others[name, path] = str(error)
    found = file.scenario(head, {node.name: node.resolved for node in nodes}, others)
    read_later = tuple((name, other) for (name, _), other in others.items() if not isinstance(other, str))
    check_length(nodes, read_later, found.duration, MOST_EVENTS if most is None else most)
    return Timeline(tuple(nodes), found._replace(adverts=found.adverts or adverts), read_later)


def _as_the_scenario_says(node: NodeSettings, said: NodeSettings | None) -> NodeSettings:
    if said is None:
        return node
    return node._replace(
        config_id=said.config_id or node.config_id,
        keepalived_version=said.keepalived_version or node.keepalived_version,
        addresses={**node.addresses, **said.addresses},
    )
