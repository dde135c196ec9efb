"""A run with all that it comes to, as the formats show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.simulation.run import Simulation
from kalint.simulation.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Node
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.simulation.event import Event
    from kalint.simulation.scenario import Scenario
    from kalint.simulation.summary import Record, RouterKey


class Timeline(NamedTuple):
    """A cluster and what happens to it. Nothing is worked out before `records` is asked for, and nothing is kept.

    `others` are the configurations that nodes, by name, may read in the course of it.
    """

    nodes: tuple[Node, ...]
    scenario: Scenario
    others: tuple[tuple[str, Resolved], ...] = ()

    @property
    def routers(self) -> tuple[RouterKey, ...]:
        return Summary(self.nodes, self.others).routers

    def records(self) -> Iterator[Event | Record]:
        """Every event in order of time; after those of one moment, what that moment has changed."""
        summary = Summary(self.nodes, self.others)
        simulation = Simulation(self.nodes, self.scenario)
        for event in simulation.run():
            yield from summary.add(event)
            if event.kind == "daemon" and self.others:
                summary.reread(simulation.nodes.values())
            yield event
        yield from summary.finish(self.scenario.duration)

    def members(self) -> dict[tuple[str, str], RouterKey]:
        """The router of each node's instance, in all files that nodes may read."""
        return Summary(self.nodes, self.others).members

    def instances(self) -> dict[tuple[str, str], Instance]:
        """Each node's instances by its name and theirs; where several files have one, the first that is read."""
        files = [*((node.name, node.resolved) for node in self.nodes), *self.others]
        return {
            (name, instance.name): instance for name, resolved in reversed(files) for instance in resolved.instances
        }
