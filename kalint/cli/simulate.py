"""`kalint simulate`: a timeline of a cluster, from what happens to it."""

from __future__ import annotations

import sys
from typing import Any

import click

from kalint.cli.app import asked_of, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.completion import complete_node
from kalint.errors import UsageError


@click.command("simulate")
@click.argument("nodes", nargs=-1, metavar="[NAME | [NAME=]FILE...]", shell_complete=complete_node)
@click.option("--scenario", required=True, metavar="FILE.toml", type=click.Path(), help="What happens, and when.")
@reads
@writes("simulate")
@click.option("--cluster-name", "name", metavar="NAME", help="A cluster of the settings.")
@click.option("--adverts", is_flag=True, help="Tell of every advert, not only of those with priority 0.")
@click.option("--write-pcap", metavar="FILE", help="Write every predicted advert to a capture (pcapng if it ends so).")
def command(
    nodes: tuple[str, ...],
    scenario: str,
    name: str | None,
    adverts: bool,
    write_pcap: str | None,
    writing: Writing,
    **read: Any,
) -> int:
    """Who is master when, while scripts fail, links break and daemons end as a scenario says: docs/simulate.md.

    Nodes are named as for 'kalint cluster'; one alone will do. No program is run, and nothing is sent.
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
        timeline = simulated(clusters[0], asked, scenario, adverts)
    except ScenarioError as error:
        from kalint.report.scenario_errors import render

        render(error, sys.stderr)
        return error.exit_code
    write("simulate", timeline, writing)
    if write_pcap is not None:
        from kalint.pipeline.predicted_capture import write_prediction

        write_prediction(timeline, write_pcap)
    return 0
