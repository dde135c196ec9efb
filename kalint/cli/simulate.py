"""`kalint simulate`: a timeline of a cluster, from what happens to it."""

from __future__ import annotations

import sys
from typing import Any

import click

from kalint.cli.app import asked_of, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.completion import complete_node
from kalint.cli.overwriting import Command
from kalint.errors import UsageError


@click.command("simulate", cls=Command)
@click.argument("nodes", nargs=-1, metavar="[NAME | [NAME=]FILE...]", shell_complete=complete_node)
@click.option(
    "--scenario", required=True, metavar="FILE.toml", type=click.Path(), help="Scenario: the events and their times."
)
@reads
@writes("simulate")
@click.option("--cluster-name", "name", metavar="NAME", help="Cluster in the settings.")
@click.option("--adverts", is_flag=True, help="Show every advert, not only those with priority 0.")
@click.option(
    "--max-events",
    metavar="N",
    type=click.IntRange(min=1),
    help="Most adverts that the scenario may have (default: 10,000,000).",
)
@click.option(
    "--write-pcap", metavar="FILE", help="Write the predicted adverts to a capture (*.pcapng: pcapng, else pcap)."
)
def command(
    nodes: tuple[str, ...],
    scenario: str,
    name: str | None,
    adverts: bool,
    max_events: int | None,
    write_pcap: str | None,
    writing: Writing,
    **read: Any,
) -> int:
    """Show who is master at each moment of a scenario.

    A scenario lists events: scripts fail, links break, daemons stop (docs/simulate.md). Nodes are named as for 'kalint
    cluster'; one node is enough. kalint runs no program and sends no packet.
    """
    from kalint.pipeline.nodes import asked_for
    from kalint.pipeline.simulating import simulated
    from kalint.simulation.scenario_file import ScenarioError

    asked = asked_of(**read)
    clusters = asked_for(nodes, asked, name, least=1)
    if len(clusters) > 1:
        names = ", ".join(each.name for each in clusters)
        raise UsageError(f"a scenario is about one cluster: name one of {names} (--cluster-name)")
    try:
        timeline = simulated(clusters[0], asked, scenario, adverts, max_events)
    except ScenarioError as error:
        from kalint.report.scenario_errors import render

        render(error, sys.stderr)
        return error.exit_code
    write("simulate", timeline, writing)
    if write_pcap is not None:
        from kalint.pipeline.predicted_capture import write_prediction

        write_prediction(timeline, write_pcap)
    return 0
