"""A run with all that it comes to, as the formats show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.simulation.run import Simulation
from kalint.simulation.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.results import Node
    from kalint.simulation.event import Event
    from kalint.simulation.scenario import Scenario
    from kalint.simulation.summary import Record, RouterKey


class Timeline(NamedTuple):
    """A cluster and what happens to it. Nothing is worked out before `records` is asked for, and nothing is kept."""

    nodes: tuple[Node, ...]
    scenario: Scenario

    @property
    def routers(self) -> tuple[RouterKey, ...]:
        return Summary(self.nodes).routers

    def records(self) -> Iterator[Event | Record]:
        """Every event in order of time; behind those of one moment, what that moment has changed."""
        summary = Summary(self.nodes)
        for event in Simulation(self.nodes, self.scenario).run():
            yield from summary.add(event)
            yield event
        yield from summary.finish(self.scenario.duration)

    def members(self) -> dict[tuple[str, str], RouterKey]:
        """The router of each node's instance."""
        summary = Summary(self.nodes)
        return {
            (node.name, instance.name): key
            for node in self.nodes
            for instance in node.resolved.instances
            if (key := summary.key_of(node.name, instance.name)) is not None
        }
