"""`kalint report`: a page to look at."""

from __future__ import annotations

from typing import Any

import click

from kalint.cli.app import asked_of, reads
from kalint.cli.completion import complete_node
from kalint.cli.output import opened
from kalint.cli.overwriting import Command


@click.command("report", cls=Command)
@click.argument("nodes", nargs=-1, metavar="[NAME | [NAME=]FILE...]", shell_complete=complete_node)
@reads
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Output file (default: standard output).")
@click.option("--title", metavar="TEXT", help="Heading (default: the names of the nodes).")
def command(nodes: tuple[str, ...], output: str | None, title: str | None, **read: Any) -> int:
    """Write an HTML page about a cluster.

    It shows which node is master after each failure, every reachable priority, and the findings beside their lines. It
    loads nothing from the network. Nodes are named as for 'kalint cluster'; one file is enough. Without files, the page
    shows the cluster NAME of kalint.toml, or its only cluster.
    """
    from kalint.pipeline.clusters import reported
    from kalint.pipeline.nodes import asked_for, few
    from kalint.report.report_html import render

    asked = asked_of(**read)
    clusters = asked_for(nodes, asked, least=1)
    if len(clusters) > 1:
        raise click.UsageError(f"a report is about one cluster: name one of {few(each.name for each in clusters)}")
    report = reported(clusters[0], asked, title)
    with opened(output, "html") as stream:
        render(report, stream)
    return 0
