"""`kalint cluster`: who is master of the nodes' virtual routers when what fails."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from kalint.cli.app import asked_of, max_failover, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.completion import complete_cluster
from kalint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.judged import Judged
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


@click.command("cluster")
@click.argument("nodes", nargs=-1, metavar="[NAME | [NAME=]FILE...]", shell_complete=complete_cluster)
@reads
@writes("cluster")
@click.option(
    "--cluster-name",
    "name",
    metavar="NAME",
    shell_complete=complete_cluster,
    help="Cluster in the settings (default: all clusters).",
)
@click.option("--pairs", is_flag=True, help="Include every pair of failures.")
@click.option("--suggest", "suggested", is_flag=True, help="Print a patch that repairs the files where kalint can.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="NODE:KIND:NAME=STATE",
    help="Show the cluster with this failure: lb1:script:chk=ko, lb2:daemon=stopped. Repeatable.",
)
@click.option("--times", is_flag=True, help="Show the parts of the time to each new master.")
@max_failover
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    help="Lowest severity that makes the exit code 1 (default: from the settings, or warning).",
)
def command(
    nodes: tuple[str, ...],
    name: str | None,
    pairs: bool,
    suggested: bool,
    states: tuple[str, ...],
    times: bool,
    max_failover: float | None,
    fail_on: str | None,
    writing: Writing,
    **read: Any,
) -> int:
    """Show which node is master after each failure.

    NAME is the name and the config id of a node (default: the name of the file or of its folder). One file may stand
    for several nodes: low=FILE high=FILE. Without files, the clusters of kalint.toml are shown, or only NAME.
    """
    from kalint.pipeline.checked_clusters import fails
    from kalint.pipeline.clusters import clustered
    from kalint.pipeline.nodes import asked_for

    asked = asked_of(**read)._replace(max_failover=max_failover)
    clusters = asked_for(nodes, asked, name)
    if len(clusters) > 1 and writing.format != "text":
        names = ", ".join(each.name for each in clusters)
        raise UsageError(f"one document is about one cluster: name one of {names} (--cluster-name)")
    results = [clustered(each, asked, pairs)._replace(times=times) for each in clusters]
    if states:
        results = [_in_situation(each, states) for each in results]
    if suggested:
        _suggest(clusters, asked, writing)
    else:
        write("cluster", results if writing.format == "text" else results[0], writing)
    return int(any(fails(each, cluster, asked, fail_on) for each, cluster in zip(results, clusters, strict=True)))


def _in_situation(judged: Judged, states: Sequence[str]) -> Judged:
    """With what these states come to."""
    from kalint.analysis.situation import Situations, parse_thrown

    return judged._replace(situation=Situations(judged.cluster).of(parse_thrown(states, judged.cluster)))


def _suggest(clusters: Sequence[ClusterSettings], asked: Asked, writing: Writing) -> None:
    """Write the patch, byte by byte."""
    from kalint.cli.suggestions import suggest

    if writing.format != "text":
        raise UsageError(f"--suggest prints a patch, not {writing.format}")
    if writing.output is None or writing.output == "-":
        suggest(clusters, asked, sys.stdout.buffer)
        sys.stdout.flush()
        return
    try:
        with open(writing.output, "wb") as stream:
            suggest(clusters, asked, stream)
    except OSError as error:
        raise UsageError(f"cannot write {writing.output}: {error.strerror}") from error
